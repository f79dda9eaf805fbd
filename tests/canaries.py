"""Canaries: unique words in every sensitive field, and a tap on whatever leaves the application.

An answer, a mail or a log line may carry a canary only if its reader may read that field. Who may is
said here a second time, naively, row by row, and on purpose not with the rules of ``apps``.
"""

import gzip
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core import mail
from django.db import connection
from django.db.models import Model
from django.test.client import ClientHandler
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, StudentGrant, User
from apps.practice.models import EntryComment, PracticeEntry
from apps.private_teaching.models import Application, ApplicationMessage, Teaching

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")
# (reader or None for nobody in particular, address of the page or "" for a mail) → may they read it?
Readers = Callable[[User | None, str], bool]


class CanaryLeaked(AssertionError):
    """Something reached somebody who may not read it."""


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


def entry_readers(entry: PracticeEntry) -> Readers:
    return lambda user, path: user is not None and (is_office(user, path) or reads_entry(user, entry))


def comment_readers(comment: EntryComment) -> Readers:
    return lambda user, path: user is not None and (is_office(user, path) or reads_comment(user, comment))


def reads_request(user: User, message: ApplicationMessage) -> bool:
    """The family; the teacher who was asked, while nobody has answered."""
    row = Application.objects.get(pk=message.application_id)
    waits = row.state in ("pending", "waitlisted") and row.expires_at > timezone.now()
    return is_family(user, row.student) or (waits and row.teacher_id == user.pk)


def request_readers(message: ApplicationMessage) -> Readers:
    return lambda user, path: user is not None and (is_office(user, path) or reads_request(user, message))


def own_words_readers(teacher: User) -> Readers:
    """What nobody has approved is its writer's, and the staff's who read it."""
    return lambda user, path: user is not None and (is_office(user, path) or user.pk == teacher.pk)


def is_office(user: User, path: str) -> bool:
    """Staff see pupils' data in the admin and nowhere else."""
    return user.is_staff and path.startswith("/staff/")


def holds_link(path: str) -> bool:
    """Whoever holds an invitation's secret link reads who invites them to whom."""
    return path.startswith("/join/")


def student_name_readers(student: Student) -> Readers:
    def readers(user: User | None, path: str) -> bool:
        if user is None:
            return holds_link(path)
        near = stands_by(user, student) or has_paused(user, student)
        return holds_link(path) or is_office(user, path) or near

    return readers


def profile_readers(student: Student) -> Readers:
    """What a student says of themselves is for those who stand by them, and on no invitation."""
    return lambda user, path: user is not None and (is_office(user, path) or stands_by(user, student))


def person_name_readers(person: User, student: Student | None) -> Readers:
    """A name is known to its bearer and to those who now stand by the same student, or a child of theirs."""

    def readers(user: User | None, path: str) -> bool:
        if user is None:
            return holds_link(path)
        if holds_link(path) or is_office(user, path) or user.pk == person.pk:
            return True
        return (student is not None and stands_by(user, student)) or shares_a_child(user, person)

    return readers


def address_readers(person: User, student: Student | None) -> Readers:
    """An address is known to its bearer and the family; a guardian's to the child's teachers as well."""

    def readers(user: User | None, path: str) -> bool:
        if user is None:
            return False
        if user.pk == person.pk or is_office(user, path):
            return True
        if student is None:
            return False
        teaches = bool(teachings_now(user, student)) and is_family(person, student)
        return is_family(user, student) or teaches

    return readers


@dataclass
class Canaries:
    """The words of one cast, each with the field it sits in and who may read it."""

    words: dict[str, tuple[str, Readers]] = field(default_factory=dict)
    # Never in a log, whoever reads it: names and addresses may stand there as little as contents.
    logged: list[str] = field(default_factory=list)
    # A reader's rights do not change while this is on: ask once per word, reader and kind of page.
    memo: dict[tuple[str, object, bool, bool], bool] | None = None

    def plant(self, where: str, word: str, readers: Readers) -> str:
        assert word not in self.words, f"{word} sits in two fields"
        self.words[word] = (where, readers)
        return word

    def pattern(self) -> re.Pattern[str]:
        """Longest first, so that one address inside another is not taken for it."""
        words = sorted(self.words, key=len, reverse=True)
        return re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, words)) + r")(?!\w)")

    def found_in(self, text: str) -> set[str]:
        return set(self.pattern().findall(text)) if self.words else set()

    def may_read(self, word: str, user: User | None, path: str) -> bool:
        readers = self.words[word][1]
        if self.memo is None:
            return readers(user, path)
        key = (word, user.pk if user else None, holds_link(path), path.startswith("/staff/"))
        if key not in self.memo:
            self.memo[key] = readers(user, path)
        return self.memo[key]

    def foreign(self, text: str, user: User | None, path: str) -> list[str]:
        """The fields whose words stand in the text although this reader may not read them."""
        found = self.found_in(text)
        return sorted(self.words[word][0] for word in found if not self.may_read(word, user, path))


_active: list[Canaries] = []
scanned = {"answers": 0, "mails": 0, "log lines": 0, "sweep cells": 0, "invitation cells": 0}


@contextmanager
def silent_queries() -> Iterator[None]:
    """The tap's own questions count in nobody's query count."""
    forced, connection.force_debug_cursor = connection.force_debug_cursor, False
    try:
        yield
    finally:
        connection.force_debug_cursor = forced


def body_of(response: Any) -> str:
    if response.streaming:
        return ""
    content = response.content
    if response.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    return f"{response.headers}\n{content.decode(errors='replace')}"


def check_answer(response: Any) -> None:
    """Raise CanaryLeaked for a word that the signed-in person may not read, unless they sent it."""
    scanned["answers"] += 1
    if not _active:
        return
    canaries = _active[-1]
    request = response.wsgi_request
    text = body_of(response)
    words = canaries.found_in(text)
    if not words or connection.needs_rollback:
        return
    with silent_queries(), one_moment():
        user = request.user if getattr(request, "user", None) and request.user.is_authenticated else None
        typed = " ".join([request.get_full_path(), *map(str, request.POST.lists())])
        foreign = [
            word for word in words if word not in typed and not canaries.may_read(word, user, request.path)
        ]
    if foreign:
        fields = sorted(canaries.words[word][0] for word in foreign)
        raise CanaryLeaked(f"{request.method} {request.path} showed {user or 'nobody'}: {fields}")


def check_subject(subject: str) -> None:
    """A subject stands on lock screens: of all our words it may carry a teacher's name only."""
    for canaries in _active:
        told = {canaries.words[word][0] for word in canaries.found_in(subject)}
        if loud := sorted(where for where in told if not where.endswith("teacher")):
            raise CanaryLeaked(f"a mail's subject told: {loud}")


def check_mails() -> None:
    for message in getattr(mail, "outbox", []):
        scanned["mails"] += 1
        check_subject(message.subject)
        parts = [
            message.subject,
            message.body,
            *(str(part[0]) for part in getattr(message, "alternatives", [])),
        ]
        for address in message.to:
            user = User.objects.filter(email__iexact=address.rpartition("<")[2].rstrip(">")).first()
            # A mail to somebody invited says what the page behind its link says.
            path = "" if user else "/join/"
            for canaries in _active:
                if foreign := canaries.foreign("\n".join(parts), user, path):
                    raise CanaryLeaked(f"a mail told {address}: {foreign}")


class LogTap(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        scanned["log lines"] += 1
        for canaries in _active:
            canaries.logged += [canaries.words[word][0] for word in canaries.found_in(record.getMessage())]


@contextmanager
def listening(canaries: Canaries) -> Iterator[None]:
    """While this is on, every answer is held against these canaries; mails and logs at the end."""
    taps = [logging.getLogger(name) for name in ("", "django")]
    handler = LogTap()
    _active.append(canaries)
    for logger in taps:
        logger.addHandler(handler)
    try:
        yield
        if not connection.needs_rollback:
            with silent_queries(), one_moment():
                check_mails()
        if canaries.logged:
            raise CanaryLeaked(f"a log told: {sorted(set(canaries.logged))}")
    finally:
        for logger in taps:
            logger.removeHandler(handler)
        _active.remove(canaries)


def install_tap(patch: Callable[[object, str, Callable[..., Any]], None]) -> None:
    """Hold every answer of the test client against the active canaries from now on."""
    original = ClientHandler.__call__

    def answer(self: ClientHandler, environ: dict[str, Any]) -> Any:
        response = original(self, environ)
        check_answer(response)
        return response

    patch(ClientHandler, "__call__", answer)
