"""What a service about people may refuse, and why."""

from apps.accounts.models.invitations import InvitationState


class InvitationIsNotPending(Exception):
    """Already answered, cancelled or out of date."""

    def __init__(self, state: InvitationState) -> None:
        super().__init__(state)
        self.state = state


class InvitationIsForSomebodyElse(Exception):
    """The link was opened by an account with another address."""


class StudentHasALogin(Exception):
    """The student's login is taken, or this account is already another student."""


class AgeNotAllowed(Exception):
    """Under 13, or an adult's claim by somebody who has guardians."""


class StudentIsAdult(Exception):
    """An adult answers for themselves: nobody becomes their guardian."""


class StudentIsTheGuardian(Exception):
    """One account would be a student and their guardian: nobody answers for themselves as a child."""


class TooManyInvitations(Exception):
    """This sender, or this address, has had its share of invitation mails for a day."""


class InvitationIsYourOwn(Exception):
    """Whoever made a code wants to take it up: it is for somebody else to answer."""


class TooManyCodes(Exception):
    """As many codes wait for one student as may; ``limit`` says how many that is."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class NoSuchCode(Exception):
    """No live invitation has this code."""


class TooManyTries(Exception):
    """Codes were typed wrongly too often from one place, or from everywhere together."""


class OfferIsOver(Exception):
    """Whoever invited has no say about the student any more."""
