"""Whether anything may be written down about a student, and the door to the ledger that says so.

The ledger of consents lives in an app above this one, and yet a guardian's joining and their consent
must be one transaction. So that app registers its writer here, as the outbox's does in core.
"""

from datetime import datetime
from typing import Protocol

from apps.accounts.models import Student, User


class CollectionIsOff(Exception):
    """Nobody who decides has agreed that this diary is kept, or somebody has stopped it."""


class MayNotDecide(Exception):
    """Not a guardian, and not old enough to decide alone; or not any more since the page was opened."""


class NoLedger(Exception):
    """The app that holds the ledger is not installed: a consent would be lost."""


class Ledger(Protocol):
    def __call__(self, *, student: Student, by: User, now: datetime) -> None: ...


_ledgers: list[Ledger] = []


def set_ledger(ledger: Ledger) -> None:
    _ledgers[:] = [ledger]


def agree(*, student: Student, by: User, now: datetime) -> None:
    """Write down, in the caller's transaction, that ``by`` agreed that the diary is kept.

    The page showed the text and ``by`` ticked the box. Raises MayNotDecide, NoLedger.
    """
    if not _ledgers:
        raise NoLedger
    _ledgers[0](student=student, by=by, now=now)


def require_collection(student: Student) -> None:
    """Every write of something about a student asks this, of the row under its lock.

    Raises CollectionIsOff. What may be written all the same: the name, the time zone and how long a
    session may be, who belongs to the diary, and whatever takes something away.
    """
    if not student.collecting:
        raise CollectionIsOff
