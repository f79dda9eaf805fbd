"""What a service about pages and requests may refuse, and why."""

from apps.private_teaching.models import Application


class PageIsSuspended(Exception):
    """The staff took the page down; nothing of it is sent in or published."""


class PageIsNotWaiting(Exception):
    """The page has changed, or somebody has decided, since these words were read."""


class NothingToSendIn(Exception):
    """There is no new text: it waits already, it is public as it is, or it was declined and not changed."""


class PageTakesNobody(Exception):
    """Not public, or the teacher takes no new pupils just now."""


class OwnPage(Exception):
    """A teacher asks themselves."""


class MayNotAsk(Exception):
    """Not a guardian of this student, or not old enough to ask alone, or not any more."""


class AskedAlready(Exception):
    """This teacher was asked for this student, and it is open."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application


class AskedLately(Exception):
    """This teacher said no to this student a short time ago."""


class TooManyApplications(Exception):
    """As many requests of one student, or of one person in a day, as may be open."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ApplicationIsOver(Exception):
    """Somebody answered it or took it back, or it ended by its date, since the page was opened."""


class NotAgreedYet(Exception):
    """Nobody who decides for the student stands behind the request."""


class NoPlaceLeft(Exception):
    """All places of the teacher are taken."""


class MessageKeyIsTaken(Exception):
    """The client-made key belongs to something else."""
