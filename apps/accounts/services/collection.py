"""Whether anything may be written down about a student, and the door to the ledger that says so.

The ledger of consents lives in an app above this one, and yet a guardian's joining and their consent
must be one transaction. So that app registers itself here, as the outbox's writer does in core.
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
    """What the app of the ledger does for this one; see the functions below."""

    def version_on_joining(self) -> int: ...

    def agree_on_joining(self, *, student: Student, by: User, now: datetime) -> None: ...

    def was_decided(self, *, student: Student) -> bool: ...

    def take_back_all(self, *, student: Student, given_by: User, by: User, now: datetime) -> None: ...


_ledgers: list[Ledger] = []


def set_ledger(ledger: Ledger) -> None:
    _ledgers[:] = [ledger]


def _ledger() -> Ledger:
    if not _ledgers:
        raise NoLedger
    return _ledgers[0]


def version_of_words() -> int:
    """Of the words about keeping a diary: those that pages show today and ``agree`` writes down.

    Raises NoLedger.
    """
    return _ledger().version_on_joining()


def agree(*, student: Student, by: User, now: datetime) -> None:
    """Write down, in the caller's transaction, that ``by`` agreed that the diary is kept.

    The page showed the text and ``by`` ticked the box. Counts only where nothing was ever said: what
    somebody took back is given again on the page of consents, with a password. Raises MayNotDecide, NoLedger.
    """
    _ledger().agree_on_joining(student=student, by=by, now=now)


def is_asked_on_joining(student: Student) -> bool:
    """Whether the page of an invitation has the box: only where nobody has said yes or no yet."""
    return not student.collecting and not _ledger().was_decided(student=student)


def take_back(*, student: Student, given_by: User, by: User, now: datetime) -> None:
    """``given_by`` was never to decide, say the staff: what stands only by their word stands no more."""
    _ledger().take_back_all(student=student, given_by=given_by, by=by, now=now)


def require_collection(student: Student) -> None:
    """Every write of something about a student asks this, of the row under its lock.

    Raises CollectionIsOff. What may be written all the same: the name, the time zone and how long a
    session may be, the month of birth and the country (who may agree follows from them, so they must be
    right before anybody agrees), who belongs to the diary, and whatever takes something away.
    """
    if not student.collecting:
        raise CollectionIsOff
