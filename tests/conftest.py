"""What every test may ask for: a database that runs, and the cast of one small studio."""

import gc
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.transaction import Atomic
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from apps.accounts.models import Student, StudentGrant, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.students import AgeBand
from apps.core.prepared import Prepared
from apps.practice.models import PracticeEntry
from apps.private_teaching.models import Teaching
from config import embedded
from tests import canaries as tap
from tests.canaries import Canaries
from tests.database import bring_rows_back, end_other_sessions, keep_rows
from tests.factories.accounts import LONG_AGO, make_guardianship, make_profile, make_student, make_users
from tests.factories.consent import make_consent
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching
from tests.frames import roomy
from tests.limits import forget_tries
from tests.moments import a_year_later


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before the test database is made (one for each of several test processes), its server must run."""
    if embedded.wanted():
        embedded.start()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's database, in which a test that commits leaves the rows of the migrations alone."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        keep_rows()
        patch.setattr(TransactionTestCase, "_fixture_teardown", bring_rows_back)
        yield
        end_other_sessions()


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    """Throttles count by people, and these come again."""
    forget_tries()


@pytest.fixture(autouse=True)
def _language_of_the_installation() -> Iterator[None]:
    """A German page leaves German on; the next test begins as every process does."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def tapped_answers() -> Iterator[None]:
    """Every answer of the whole run is searched for words that its reader may not read."""
    with pytest.MonkeyPatch.context() as patch:
        tap.install_tap(patch.setattr)
        yield


@pytest.fixture(scope="session", autouse=True)
def _prepared_under_two_clocks() -> Iterator[None]:
    """What is prepared once must not know the day: whatever the run prepares is built again a year later."""
    prepare = Prepared._prepare

    def checked(self: Prepared[Any]) -> Any:
        statement = prepare(self)
        # The clock is everybody's: where threads race, it is left alone.
        if threading.current_thread() is not threading.main_thread():
            return statement
        with a_year_later():
            later = prepare(self)
        assert (later.sql, later.values) == (statement.sql, statement.values), "it keeps the day"
        return statement

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prepared, "_prepare", checked)
        yield


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: no use in looking through it for garbage time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the rows of a cast come one after the other; those that drive a browser, the longest,
    come first, so that no process is left with one of them when the others have ended.

    Of the many examples of one test the first and the last are measured for coverage: measuring costs half
    of what it looks at, and what the others are for is their outcome. Nor is what a browser asks of a server.
    """
    items.sort(key=lambda item: (not item.nodeid.startswith("tests/e2e/"), not Stage.serves(item)))
    examples: dict[str, list[str]] = {}
    for item in items:
        examples.setdefault(item.nodeid.partition("[")[0], []).append(item.nodeid)
    measured = {end for ids in examples.values() for end in (min(ids), max(ids))}
    for item in items:
        if item.nodeid not in measured or item.nodeid.startswith("tests/e2e/"):
            item.add_marker(pytest.mark.no_cover)
        if isinstance(item, pytest.Function):
            item.obj = roomy(item.obj)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    stage.prepare(wanted=Stage.serves(item))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Not measured is not traced. In a process of several pytest-cov has started twice and pauses the second.

    Tracing costs half of what it looks at, and most of all in the tests that walk through everything.
    """
    if not item.get_closest_marker("no_cover"):
        return (yield)
    own, threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(own)
        threading.settrace(threads)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of several hands its counts to the first one."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["scanned"] = tap.scanned


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    for kind, count in getattr(node, "workeroutput", {}).get("scanned", {}).items():
        tap.scanned[kind] += count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = ", ".join(f"{count:,} {kind}" for kind, count in tap.scanned.items())
    terminalreporter.write_line(f"Watched for canaries: {counts}.")


@dataclass
class Cast:
    """One child, Mia, and everybody who stands near her or far from her.

    ``people`` holds one user per role, by the name that the matrices use. Every sensitive field holds
    a word of its own, a canary: who may not read it and gets to see it fails the test.
    """

    people: SimpleNamespace
    student: Student
    other_student: Student
    teaching: Teaching
    second_teaching: Teaching
    entry: PracticeEntry
    private_entry: PracticeEntry
    addressed_entry: PracticeEntry
    canaries: Canaries

    def user(self, name: str) -> User:
        found: User = getattr(self.people, name)
        return found


ROLES = [
    "student",
    "guardian",
    "second_guardian",
    "former_guardian",
    "other_guardian",
    "teacher",
    "second_teacher",
    "former_teacher",
    "other_teacher",
    "viewer",
    "commenter",
    "logger",
    "expired_guest",
    "stranger",
    "staff",
    "superuser",
]
TEXTS = ("description", "struggles", "achievements", "notes")


def make_people() -> SimpleNamespace:
    """One account per role; its name carries a canary: "Second Guardian Qzsecondguardian"."""
    addresses = {role: f"{role.replace('_', '.')}@people.example" for role in ROLES}
    users = make_users(
        {
            address: f"{role.replace('_', ' ').title()} Qz{role.replace('_', '')}"
            for role, address in addresses.items()
        }
    )
    people = SimpleNamespace(**{role: users[address] for role, address in addresses.items()})
    people.staff.is_staff = True
    people.staff.save(update_fields=["is_staff"])
    User.objects.filter(pk=people.superuser.pk).update(is_staff=True, is_superuser=True)
    people.superuser.refresh_from_db()
    return people


def make_guests(people: SimpleNamespace, student: Student) -> None:
    """Rows like those of ``grant_student``, in one statement."""
    now = timezone.now()
    of_students = {"content_type__app_label": "accounts", "content_type__model": "student"}
    permissions = {each.codename: each for each in Permission.objects.filter(**of_students)}
    StudentGrant.objects.bulk_create(
        StudentGrant(
            content_object=student,
            user=getattr(people, role),
            permission=permissions[codename],
            granted_by=people.guardian,
            granted_at=now - timedelta(days=9),
            expires_at=now + timedelta(days=days),
        )
        for role, level, days in [
            ("viewer", GrantLevel.VIEW, 7),
            ("commenter", GrantLevel.COMMENT, 7),
            ("logger", GrantLevel.LOG, 7),
            ("expired_guest", GrantLevel.LOG, -1),
        ]
        for codename in level.codenames
    )


def make_telling_entry(name: str, student: Student, by: User, **content: Any) -> PracticeEntry:
    """An entry whose every text says which field of which entry it is: "Qzprivatenotes"."""
    texts: dict[str, Any] = {text: f"{text.title()} Qz{name}{text}" for text in TEXTS}
    return make_entry(student, by, **texts, **content)


def plant(canaries: Canaries, cast: Cast) -> None:
    """Declare each canary of the cast with who may read it."""
    students = {"mia": cast.student, "noah": cast.other_student}
    for name, student in students.items():
        canaries.plant(f"name of {name}", f"Qz{name}", tap.student_name_readers(student))
        for text in ("instrument", "goal"):
            canaries.plant(f"{text} of {name}", f"Qz{name}{text}", tap.profile_readers(student))
    for role, person in vars(cast.people).items():
        near: Student | None = cast.student
        if role in ("other_guardian", "other_teacher"):
            near = cast.other_student
        elif role in ("stranger", "staff", "superuser"):
            near = None
        name = f"Qz{role.replace('_', '')}"
        canaries.plant(f"name of {role}", name, tap.person_name_readers(person, near))
        canaries.plant(f"address of {role}", person.email, tap.address_readers(person, near))
    for name, entry in [
        ("shared", cast.entry),
        ("private", cast.private_entry),
        ("addressed", cast.addressed_entry),
    ]:
        for text in TEXTS:
            readers = tap.entry_readers(entry, by_link=text in ("description", "achievements"))
            canaries.plant(f"{text} of the {name} entry", f"Qz{name}{text}", readers)


def make_cast() -> Cast:
    """Mia (a teenager with a login) has two guardians, two teachers, a former of each and three guests."""
    people = make_people()
    student = make_student("Mia Qzmia", user=people.student, age_band=AgeBand.TEEN, created_by=people.teacher)
    ended = {"ended_at": LONG_AGO + timedelta(days=30)}
    make_guardianship(student, people.guardian)
    make_guardianship(student, people.second_guardian)
    make_guardianship(student, people.former_guardian, **ended)
    teaching = make_teaching(people.teacher, student)
    second = make_teaching(people.second_teacher, student, "Violin")
    make_teaching(people.former_teacher, student, "Flute", **ended)
    other = make_student("Noah Qznoah")
    make_teaching(people.other_teacher, other)
    make_guardianship(other, people.other_guardian)
    make_guests(people, student)
    make_consent(student, people.guardian)
    make_consent(other, people.other_guardian)
    for name, pupil in [("mia", student), ("noah", other)]:
        make_profile(pupil, instruments=[f"Cello Qz{name}instrument"], goal=f"A concert Qz{name}goal")
    found = Cast(
        people=people,
        student=student,
        other_student=other,
        teaching=teaching,
        second_teaching=second,
        entry=make_telling_entry("shared", student, people.guardian),
        private_entry=make_telling_entry("private", student, people.student, is_private=True),
        addressed_entry=make_telling_entry("addressed", student, people.student, addressed_to=second),
        canaries=Canaries(),
    )
    plant(found.canaries, found)
    return found


class Stage:
    """One cast for many tests: its rows stand in an open transaction, each test works in a savepoint of it.

    A test that commits gets a cast of its own, and one that asks for no cast never sees this one.
    """

    FRESH = timedelta(seconds=30)

    def __init__(self) -> None:
        self.blocker: DjangoDbBlocker | None = None
        self.wanted = False
        self.transaction: Atomic | None = None
        self.cast: Cast | None = None
        self.made_at = timezone.now()

    @staticmethod
    def serves(item: pytest.Item) -> bool:
        names = getattr(item, "fixturenames", ())
        marker = item.get_closest_marker("django_db")
        commits = marker and marker.kwargs.get("transaction")
        return "cast" in names and not commits and not {"transactional_db", "live_server"} & set(names)

    def prepare(self, *, wanted: bool) -> None:
        """Before the test's own savepoint. The first test of all comes back once there is a database."""
        self.wanted = wanted
        if self.blocker is None:
            return
        with self.blocker.unblock():
            if not wanted or timezone.now() - self.made_at > self.FRESH:
                self.clear()
            if wanted and self.cast is None:
                self.made_at = timezone.now()
                self.transaction = transaction.atomic()
                self.transaction.__enter__()
                self.cast = make_cast()

    def clear(self) -> None:
        if self.transaction:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
        self.transaction = self.cast = None

    def copy(self) -> Cast:
        """The same rows as objects of the test's own, with canaries that ask these."""
        assert self.cast
        found = deepcopy(self.cast)
        found.canaries = Canaries()
        plant(found.canaries, found)
        return found


stage = Stage()


@pytest.fixture(scope="session")
def stage_stands(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    stage.blocker = django_db_blocker
    stage.prepare(wanted=stage.wanted)
    yield
    stage.prepare(wanted=False)


@pytest.fixture
def cast(stage_stands: None, db: None) -> Iterator[Cast]:
    """The cast, with its canaries on watch for as long as the test runs."""
    found = stage.copy() if stage.cast else make_cast()
    with tap.listening(found.canaries):
        yield found


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
