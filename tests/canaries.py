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
from typing import Any

from django.core import mail
from django.db import connection
from django.test.client import ClientHandler
from django.utils import timezone

from apps.accounts.models import Guardianship, ReaderLink, Student, User
from apps.ensembles.models import Ensemble, Membership
from apps.lessons.models import Lesson
from apps.practice.models import EntryComment, PracticeEntry, WeekSignOff
from apps.private_teaching.models import Application, ApplicationMessage, Teaching
from apps.repertoire.models import Note
from apps.transfer.models import Import
from tests.relations import (
    has_paused,
    is_family,
    is_invited,
    is_open_to_all,
    one_moment,
    reads_comment,
    reads_entry,
    reads_note,
    shares_a_child,
    stands_by,
    teachings_now,
)

# The one page that somebody without an account reads, when they have opened a link.
READING = "/family/read/"
# (reader or None for nobody in particular, address of the page or "" for a mail) → may they read it?
Readers = Callable[[User | None, str], bool]


class CanaryLeaked(AssertionError):
    """Something reached somebody who may not read it."""


def entry_readers(entry: PracticeEntry, *, by_link: bool = False) -> Readers:
    """``by_link``: a field that whoever opened a link to read along sees without an account."""

    def readers(user: User | None, path: str) -> bool:
        if by_link and path == READING:
            return is_open_to_all(entry)
        return user is not None and (is_office(user, path) or reads_entry(user, entry))

    return readers


def import_readers(batch: Import) -> Readers:
    """The family, and who brought the file as long as they may log. The office is shown how it went, never
    what is in it."""

    def readers(user: User | None, path: str) -> bool:
        if user is None or path.startswith("/staff/"):
            return False
        is_own = batch.uploaded_by_id == user.pk
        return is_family(user, batch.student) or (is_own and stands_by(user, batch.student))

    return readers


def comment_readers(comment: EntryComment) -> Readers:
    def readers(user: User | None, path: str) -> bool:
        if path == READING and comment.author_role == "teacher" and comment.thread is None:
            return is_open_to_all(comment.entry)
        return user is not None and (is_office(user, path) or reads_comment(user, comment))

    return readers


def sign_off_readers(row: WeekSignOff) -> Readers:
    """What was said with a signature is for the family and for the teacher who asked."""
    return lambda user, path: (
        user is not None
        and (
            is_office(user, path)
            or is_family(user, row.student)
            or row.teaching in teachings_now(user, row.student)
        )
    )


def repertoire_readers(student: Student) -> Readers:
    """Pieces, sections, skills, occasions and gear are for all who see the diary."""
    return lambda user, path: user is not None and (is_office(user, path) or stands_by(user, student))


def lesson_readers(lesson: Lesson) -> Readers:
    """The family, as long as it stands there; its own teacher, while the lessons last."""

    def readers(user: User | None, path: str) -> bool:
        if user is None or is_office(user, path):
            return user is not None
        now, teaching = timezone.now(), Teaching.objects.get(pk=lesson.teaching_id)
        lasts = teaching.ended_at is None and (teaching.paused_at is None or teaching.paused_at > now)
        family = is_family(user, teaching.student) and (lasts or lesson.starts_at <= now)
        return lesson.deleted_at is None and (family or (lasts and user.pk == lesson.teacher_id))

    return readers


def own_note_readers(lesson: Lesson) -> Readers:
    """Its writer, while the lessons last: not the family, and not the staff."""
    return lambda user, path: (
        user is not None and user.pk == lesson.teacher_id and lesson_readers(lesson)(user, path)
    )


def snooze_readers(teaching: Teaching) -> Readers:
    """The teacher who put the pupil aside, while the lessons last: not the family, and not the staff."""

    def readers(user: User | None, path: str) -> bool:
        now, row = timezone.now(), Teaching.objects.get(pk=teaching.pk)
        lasts = row.ended_at is None and (row.paused_at is None or row.paused_at > now)
        return user is not None and user.pk == row.teacher_id and lasts

    return readers


def owner_alone(owner: User) -> Readers:
    """Nobody else, and no staff page."""
    return lambda user, path: user is not None and user.pk == owner.pk


def note_readers(note: Note) -> Readers:
    return lambda user, path: user is not None and (is_office(user, path) or reads_note(user, note))


def link_address_readers(link: ReaderLink) -> Readers:
    """Where a link was sent is for the guardians, and for its own mail."""
    guardians = Guardianship.objects.filter(student=link.student_id, ended_at=None, suspended_at=None)
    return lambda user, path: (
        user is not None and (is_office(user, path) or guardians.filter(guardian=user).exists())
    )


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


def plays_in(user: User, ensemble: Ensemble, *, agreed: bool = False) -> bool:
    """A place there is their family's, asked or agreed to."""
    rows = Membership.objects.filter(ensemble=ensemble, ended_at=None).select_related("teaching__student")
    return any(is_family(user, row.teaching.student) for row in rows if row.agreed_at or not agreed)


def ensemble_readers(ensemble: Ensemble) -> Readers:
    """What an ensemble is called is for its teacher and for the families that were asked."""
    return lambda user, path: (
        user is not None
        and (is_office(user, path) or user.pk == ensemble.teacher_id or plays_in(user, ensemble))
    )


def player_readers(membership: Membership) -> Readers:
    """The name for other players is for the own family, the teacher, and the families that agreed, too."""
    ensemble, student = membership.ensemble, membership.teaching.student
    return lambda user, path: (
        user is not None
        and (
            is_office(user, path)
            or user.pk == ensemble.teacher_id
            or is_family(user, student)
            or plays_in(user, ensemble, agreed=True)
        )
    )


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
        near = stands_by(user, student) or has_paused(user, student) or is_invited(user, student)
        return holds_link(path) or is_office(user, path) or near

    return readers


def only(person: User) -> Readers:
    """What is one person's alone; the office may look at it."""
    return lambda user, path: user is not None and (user.pk == person.pk or is_office(user, path))


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
    memo: dict[tuple[str, object, bool, bool, bool], bool] | None = None

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
        kinds = (holds_link(path), path == READING, path.startswith("/staff/"))
        key = (word, user.pk if user else None, *kinds)
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
