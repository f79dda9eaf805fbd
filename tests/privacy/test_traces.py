"""After an erasure nothing is left: not in the database, the storage, the waiting mails, the log."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Invitation, Student, StudentGrant, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import accept_invitation, grant_student, invite_by_code
from apps.core import ownership
from apps.core.ownership import Subject
from apps.home.demo.studio import build
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.practice.models import EntryComment, PracticeDay, PracticeEntry
from apps.privacy.models import Erasure, ErasureState, Export
from apps.privacy.services import eraser, work
from apps.private_teaching.models import Application, PublishedPage, TeacherProfile, Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_invitation

from .conftest import make_export
from .dumps import DAY, MOVING, dump, erase, finish, log_staff, plant_diary, sign_in_somewhere, tables_with
from .test_erasures import ask

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

WORD = "Qzvanish"
WRITES = ("INSERT INTO", 'UPDATE "', "DELETE FROM")


class Killed(BaseException):
    """As good as a SIGKILL: nothing of ours catches it."""


def mia(cast: Cast) -> Erasure:
    """Mia's diary with the word wherever it can stand, copies and mails waiting, and asked to be erased."""
    plant_diary(
        cast.student,
        family=cast.user("guardian"),
        teaching=cast.teaching,
        staff=cast.user("staff"),
        word=WORD,
    )
    make_export(cast.user("guardian"), cast.student)
    return ask(cast.user("guardian"), cast.student, now=timezone.now() - DAY * 30)


def assert_nothing_left(student: Student, media: Path) -> None:
    assert tables_with(WORD) == []
    assert not list(media.rglob("*.zip"))
    # Ids alone are left, in what is kept for ever.
    assert set(tables_with(str(student.pk))) <= {
        "consent_consentevent",
        "core_auditevent",
        "django_admin_log",
        "privacy_erasure",
    }


def test_the_word_stands_everywhere_before(cast: Cast) -> None:
    """The test of the test: what is planted is in all these tables, and in a copy."""
    mia(cast)
    assert set(tables_with(WORD)) == {
        "accounts_invitation",
        "accounts_student",
        "django_admin_log",
        "gear_care",
        "gear_gear",
        "evidence_evidence",
        "ensembles_membership",
        "notifications_delivery",
        "practice_entrycomment",
        "practice_entrycommentrevision",
        "practice_entrywords",
        "practice_focusarea",
        "practice_practiceentry",
        "practice_practiceentryrevision",
        "practice_practiceitem",
        "practice_practiceitemrevision",
        "practice_savedfilter",
        "private_teaching_applicationmessage",
        "repertoire_note",
        "repertoire_occasion",
        "repertoire_piece",
        "repertoire_piecesection",
        "repertoire_piecestatuschange",
        "repertoire_skill",
        "scores_score",
    }
    assert Export.objects.get().state == "ready"


def test_nothing_of_a_diary_is_left(cast: Cast, media: Path, caplog: pytest.LogCaptureFixture) -> None:
    mia(cast)
    others = PracticeEntry.objects.exclude(student=cast.student).count()
    finish(timezone.now())
    assert_nothing_left(cast.student, media)
    assert WORD not in caplog.text
    assert PracticeEntry.objects.count() == others
    deliver_due(clock=timezone.now)
    assert tables_with(WORD) == []
    # Accounts are their owners'; the staff's log still says that something was done.
    assert User.objects.filter(pk=cast.user("guardian").pk, is_active=True).exists()
    assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {("", "")}


def test_nothing_of_a_child_of_the_demo_is_left(db: None, media: Path) -> None:
    build(now=timezone.now())
    teaching = Teaching.objects.current().filter(student__guardianships__isnull=False).first()
    assert teaching is not None
    student = teaching.student
    guardian = student.guardianships.filter(ended_at=None).latest("started_at").guardian
    staff = User.objects.filter(is_staff=True).get()
    plant_diary(student, family=guardian, teaching=teaching, staff=staff, word=WORD)
    make_export(guardian, student)
    others = Student.objects.exclude(pk=student.pk).count()
    rest = PracticeEntry.objects.exclude(student=student).count()
    ask(guardian, student, at_once=False, now=timezone.now() - DAY * 31)
    finish(timezone.now())
    assert_nothing_left(student, media)
    assert (Student.objects.count(), PracticeEntry.objects.count()) == (others, rest)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def killed_at(statement: int) -> Iterator[list[int]]:
    """Every write goes through until the given one; yields each one's number of finished transactions."""
    finished, writes = 0, []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal finished
        finished += sql.startswith("RELEASE SAVEPOINT")
        if any(word in sql for word in ("INSERT INTO", "UPDATE ", "DELETE FROM")) and "FOR " not in sql:
            writes.append(finished)
            if len(writes) == statement:
                raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield writes


def last_of_each(transactions: list[int]) -> list[int]:
    """The numbers, from 1, of the writes after which a transaction would have ended: most is lost there."""
    return list({finished: number for number, finished in enumerate(transactions, start=1)}.values())


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eraser, "BATCH", 9)


@pytest.mark.parametrize("who", ["diary", "account"])
def test_killed_in_every_transaction_it_ends_the_same(
    cast: Cast, media: Path, small_batches: None, who: str
) -> None:
    """Each transaction is broken off once; the next worker goes on, and the end is always the same."""
    ContentType.objects.clear_cache()  # as in a worker that has just begun
    mia(cast)
    if who == "account":
        Erasure.objects.all().delete()
        teacher(cast)
    now = timezone.now()
    with undone():
        with killed_at(0) as writes:
            erase(now)
        finish(now)
        expected = dump(without=MOVING)
    places = last_of_each(writes)
    assert len(places) > 10
    for statement in places:
        with undone():
            with killed_at(statement), pytest.raises(Killed):
                erase(now)
            finish(now + work.LEASE * 2)
            assert not Erasure.objects.exclude(state=ErasureState.DONE).exists()
            assert dump(without=MOVING) == expected, statement


def test_restored_from_a_backup_they_are_erased_again(cast: Cast, media: Path) -> None:
    erasure = mia(cast)
    with undone():
        finish(timezone.now())
        assert tables_with(WORD) == []
    assert tables_with(WORD) != []
    Erasure.objects.filter(pk=erasure.pk).delete()
    teacher(cast)
    with undone():
        finish(timezone.now())
    Erasure.objects.all().delete()
    out = io.StringIO()
    call_command("reapply_erasures", stdout=out)
    assert out.getvalue() == "2 erased again\n"
    assert (
        tables_with(WORD, "Qzteacher", "teacher@people.example", cast.user("teacher").email)
        == [
            # Its own name is another person's.
            "accounts_user",
            "account_emailaddress",
        ]
        or not Student.objects.filter(pk=cast.student.pk).exists()
    )
    again = io.StringIO()
    call_command("reapply_erasures", stdout=again)
    assert again.getvalue() == "0 erased again\n"


def test_the_command_says_when_something_is_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mia(cast)
    with undone():
        finish(timezone.now())
    monkeypatch.setattr(eraser, "steps", lambda *args: 1 / 0)
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("reapply_erasures")


# A person


def teacher(cast: Cast) -> Erasure:
    """Mia's teacher, with traces everywhere, who asked a month ago."""
    person = cast.user("teacher")
    User.objects.filter(pk=person.pk).update(display_name="Zquill Zquill", email="zquill@people.example")
    person.refresh_from_db()
    EmailAddress.objects.filter(user=person).update(email="zquill@people.example")
    for page in (TeacherProfile, PublishedPage):
        page.objects.update(display_name="Zquill")
    sign_in_somewhere(person)
    log_staff(person, cast.user("staff"))
    make_invitation(cast.student, cast.user("guardian"), "zquill@people.example")
    grant_student(
        student=cast.other_student,
        to=person,
        level=GrantLevel.VIEW,
        until=timezone.now() + DAY,
        by=cast.user("other_guardian"),
        now=timezone.now(),
    )
    make_export(person)
    return ask(person, person, now=timezone.now() - DAY * 30)


def test_who_took_up_a_code_leaves(cast: Cast) -> None:
    """The row of a code has no address, and keeps none."""
    teacher(cast)
    code = invite_by_code(
        student=cast.student,
        role=InvitationRole.GUARDIAN,
        by=cast.user("guardian"),
        now=timezone.now(),
    )
    accept_invitation(invitation=code, by=cast.user("teacher"), now=timezone.now())
    Invitation.objects.filter(pk=code.pk).update(opened_by=cast.user("teacher"))
    finish(timezone.now())
    code.refresh_from_db()
    assert (code.accepted_by, code.opened_by, code.email) == (None, None, "")
    assert code.accepted_at is not None


def test_a_teacher_leaves_and_the_diary_keeps_what_was_said(cast: Cast, media: Path) -> None:
    mia(cast)
    Erasure.objects.all().delete()
    Export.objects.all().delete()
    for file in media.rglob("*.zip"):
        file.unlink()
    teacher(cast)
    person, entries = cast.user("teacher"), PracticeEntry.objects.count()
    versions = len(dump()["practice_practiceentryrevision"])
    assert set(tables_with("zquill")) == {
        "account_emailaddress",
        "accounts_invitation",
        "accounts_user",
        "django_admin_log",
        "notifications_delivery",
        "private_teaching_publishedpage",
        "private_teaching_teacherprofile",
    }
    finish(timezone.now())
    assert tables_with("zquill") == []
    assert not list(media.rglob("*.zip"))
    assert not Session.objects.exists()
    assert not Delivery.objects.filter(recipient=person).exists()
    # What was said stays, without a name, and no version of it pretends that somebody changed it.
    said = EntryComment.objects.get(author_role="teacher")
    assert (said.body, said.author_id) == (f"{WORD} said", None)
    assert PracticeEntry.objects.count() == entries
    assert len(dump()["practice_practiceentryrevision"]) == versions
    # The lessons have ended and name nobody.
    cast.teaching.refresh_from_db()
    assert cast.teaching.ended_at is not None
    assert str(cast.teaching.teacher) == "Somebody who left"
    assert not StudentGrant.objects.filter(user=person).exists()
    # Nobody finds them, what they were asked is closed, and the family keeps what was said.
    assert not TeacherProfile.objects.exists()
    request = Application.objects.get()
    assert (request.state, request.ended_at is None) == ("expired", False)
    assert dict(request.messages.values_list("body", "author")) == {
        f"{WORD} asked": cast.user("guardian").pk,
        f"{WORD} answered": None,
    }
    assert Invitation.objects.get(email__endswith="erased.invalid").student == cast.student
    # Rows that only prove by ids who did what, and the emptied row itself.
    assert set(tables_with(str(person.pk))) == {
        "accounts_user",
        "core_auditevent",
        "django_admin_log",
        "private_teaching_application",
        "private_teaching_teaching",
        "privacy_erasure",
    }
    kept = User.objects.get(pk=person.pk)
    assert (kept.is_active, kept.has_usable_password(), kept.get_short_name()) == (
        False,
        False,
        "Somebody who left",
    )


def test_the_familys_pages_go_on(cast: Cast) -> None:
    teacher(cast)
    finish(timezone.now())
    client = Client()
    client.force_login(cast.user("guardian"))
    for page in ("diary/", "people/", "data/"):
        assert client.get(f"/students/{cast.student.pk}/{page}").status_code == 200
    assert client.get(f"/entries/{cast.entry.pk}/").status_code == 200
    assert client.get(f"/entries/{cast.entry.pk}/history/").status_code == 200


def test_whoever_logged_for_a_child_leaves_no_name(cast: Cast) -> None:
    guardian = cast.user("guardian")
    minutes = PracticeDay.objects.filter(student=cast.student).values_list("minutes", flat=True)
    before = sorted(minutes)
    ask(guardian, guardian, now=timezone.now() - DAY * 30)
    finish(timezone.now())
    assert tables_with("Qzguardian", "guardian@people.example") == tables_with(
        "second.guardian@people.example", "other.guardian@people.example", "former.guardian@people.example"
    )
    cast.entry.refresh_from_db()
    assert cast.entry.logged_by_id is None
    assert sorted(minutes.all()) == before


def test_a_child_with_guardians_does_not_leave_alone(cast: Cast) -> None:
    """A guardian joined after the child had asked: now these look after it."""
    child = cast.user("student")
    erasure = ask(child, child, now=timezone.now() - DAY * 30)
    finish(timezone.now())
    erasure.refresh_from_db()
    cast.student.refresh_from_db()
    assert (erasure.state, cast.student.user_id) == (ErasureState.UNDONE, child.pk)
    assert Delivery.objects.get(kind="privacy.erasure-refused").email == child.email


def test_a_password_opens_nothing_any_more(cast: Cast) -> None:
    person = cast.user("stranger")
    ask(person, person, now=timezone.now() - DAY * 30)
    finish(timezone.now())
    client = Client()
    answer = client.post("/account/login/", {"login": "stranger@people.example", "password": "woodshed-demo"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_steps_are_named(cast: Cast) -> None:
    names = list(eraser.steps(Subject.STUDENT, cast.other_student.pk))
    assert names == [table.name for table in ownership.in_order()]
