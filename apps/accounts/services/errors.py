"""What a service about people may refuse, and why."""

from apps.accounts.models.invitations import InvitationState
from apps.core.kept_files import FileIsNotKept


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
    """Too young to agree where they live, or another answer was refused within a day."""


class AgeIsAnAdults(AgeNotAllowed):
    """Somebody who has guardians says that they are an adult: first a guardian writes the month of birth."""


class MonthIsForTheStaff(Exception):
    """A guardian's new month of birth would take away a coming of age, or make an adult of a child."""

    def __init__(self, *, is_younger: bool) -> None:
        super().__init__(is_younger)
        self.is_younger = is_younger


class NotAgreed(Exception):
    """A diary of one's own, and no consent to keep it."""


class StudentIsAdult(Exception):
    """An adult answers for themselves: nobody becomes their guardian."""


class StudentIsTheGuardian(Exception):
    """One account would be a student and their guardian: nobody answers for themselves as a child."""


class AnswersForOthers(Exception):
    """A guardian's or a teacher's account would be the login of somebody for whom others answer."""


class NotGrownUp(Exception):
    """A child's account, or somebody under 18, would answer for a child or teach one."""


class NotYourChild(Exception):
    """The person does not look after this child, or no longer."""


class DiaryIsInUse(Exception):
    """Somebody has joined or written there already: two diaries are not made one."""


class OfferIsOver(Exception):
    """Whoever invited can no longer offer it: their account is closed, or it is not theirs to say now."""


class TooManyInvitations(Exception):
    """This sender, or this address, has had its share of invitation mails for a day."""


class InvitationIsYourOwn(Exception):
    """Whoever made a code wants to take it up: it is for somebody else to answer."""


class TooManyCodes(Exception):
    """As many codes wait for one student, or for a teacher's new pupils, as may; ``limit`` says how many."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TooManyReaderLinks(Exception):
    """As many links to read along are open for one child as may; ``limit`` says how many."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class AddressHasLink(Exception):
    """This address reads this diary by a link already."""


class LinkIsOver(Exception):
    """A link to read along that opens nothing any more."""


class NoSuchCode(Exception):
    """No live invitation has this code."""


class TooManyTries(Exception):
    """Codes were typed wrongly too often from one place, or from everywhere together."""


class FamilyIsLocked(Exception):
    """The staff hold the family still: nobody joins or leaves."""


class GuardianIsSuspended(Exception):
    """Somebody objected to this guardian; the staff decide before they can join in another way."""


class LastGuardian(Exception):
    """A child would be left without anybody who answers for them."""


class TooLateToObject(Exception):
    """The days to object are over, the guardianship is, or the staff have decided already."""


class ObjectionIsDecided(Exception):
    """Somebody of the staff was quicker."""


class AccountIsOver(Exception):
    """The account was closed while its owner was still sending something."""


class NoPhotoOfMinors(Exception):
    """The account's owner is not known to be an adult: of children there are no photos."""


# The storage did not take the file; nothing was changed.
PhotoIsNotKept = FileIsNotKept
