"""Who stands where, asked of the database as plainly as can be: never by the product's own rules."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.practice.models import EntryComment, PracticeEntry
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Note

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")

# What was found out while one answer is looked at: nobody's rights change in the meantime.
_moments: list[dict[tuple[str, object, object], Any]] = []


@contextmanager
def one_moment() -> Iterator[None]:
    """In here each question about one person and one row is asked of the database once."""
    _moments.append({})
    try:
        yield
    finally:
        _moments.pop()


def once(question: Callable[[User, Row], Found]) -> Callable[[User, Row], Found]:
    def ask(user: User, row: Row) -> Found:
        if not _moments:
            return question(user, row)
        key = (question.__name__, user.pk, row.pk)
        if key not in _moments[-1]:
            _moments[-1][key] = question(user, row)
        found: Found = _moments[-1][key]
        return found

    return ask


@once
def is_family(user: User, student: Student) -> bool:
    """The student's own login or a guardian of today."""
    student = Student.objects.filter(pk=student.pk).first() or Student()
    rows = Guardianship.objects.filter(student=student)
    guardians = [g.guardian_id for g in rows if g.ended_at is None and g.suspended_at is None]
    return user.pk == student.user_id or user.pk in guardians


@once
def teachings_now(user: User, student: Student) -> list[Teaching]:
    found = Teaching.objects.filter(student=student)
    running = [t for t in found if t.paused_at is None or t.paused_at > timezone.now()]
    return [t for t in running if t.ended_at is None and t.teacher_id == user.pk]


@once
def has_paused(user: User, student: Student) -> bool:
    """The teacher of lessons that pause still reads the name in their list."""
    found = Teaching.objects.filter(student=student, teacher=user, ended_at__isnull=True)
    return found.filter(paused_at__isnull=False).exists()


@once
def is_guest(user: User, student: Student) -> bool:
    now = timezone.now()
    grants = StudentGrant.objects.filter(content_object=student).select_related("permission")
    return any(
        g.user_id == user.pk and g.expires_at > now and g.permission.codename == "view_student"
        for g in grants
    )


def stands_by(user: User, student: Student) -> bool:
    return is_family(user, student) or bool(teachings_now(user, student)) or is_guest(user, student)


@once
def shares_a_child(user: User, person: User) -> bool:
    """Whether this person is the family of somebody by whom the user stands."""
    own = Student.objects.filter(user=person)
    guarded = Student.objects.filter(guardianships__guardian=person)
    return any(is_family(person, each) and stands_by(user, each) for each in [*own, *guarded])


@once
def reads_entry(user: User, entry: PracticeEntry) -> bool:
    entry = PracticeEntry.objects.get(pk=entry.pk)
    if entry.deleted_at is not None:
        return False
    if is_family(user, entry.student):
        return True
    if entry.is_private:
        return False
    if entry.addressed_to_id is not None:
        return entry.addressed_to_id in [t.pk for t in teachings_now(user, entry.student)]
    return stands_by(user, entry.student)


def reads_comment(user: User, comment: EntryComment) -> bool:
    if not reads_entry(user, comment.entry):
        return False
    if is_family(user, comment.entry.student) or comment.thread is None:
        return True
    return user.pk == comment.author_id or comment.thread in teachings_now(user, comment.entry.student)


@once
def reads_note(user: User, note: Note) -> bool:
    note = Note.objects.get(pk=note.pk)
    thing = note.piece or note.skill
    if note.deleted_at is not None or thing is None or thing.deleted_at is not None:
        return False
    if is_family(user, note.student):
        return True
    if note.is_private:
        return False
    if note.addressed_to_id is not None:
        return note.addressed_to_id in [t.pk for t in teachings_now(user, note.student)]
    return stands_by(user, note.student)


def is_open_to_all(entry: PracticeEntry) -> bool:
    """What anybody reads whom the family lets in, by a link too."""
    entry = PracticeEntry.objects.get(pk=entry.pk)
    return entry.deleted_at is None and not entry.is_private and entry.addressed_to_id is None


def is_invited(user: User, student: Student) -> bool:
    """An invitation to their own address waits: it names the student, and is found without the mail too."""
    waiting = Invitation.objects.filter(student=student, email=user.email, expires_at__gt=timezone.now())
    return waiting.filter(accepted_at=None, declined_at=None, cancelled_at=None).exists()
