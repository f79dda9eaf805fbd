"""What the safeguarding team keeps is not erased, and the page does not say why."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.practice.models import PracticeEntry
from apps.privacy import ledger
from apps.privacy.models import Erasure
from apps.privacy.services import erasures
from apps.safeguarding import services
from apps.safeguarding.models import Impersonation, LegalHold, ReadingCase, Report, ReportNote
from apps.safeguarding.queries import is_held
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.practice import make_entry
from tests.factories.safeguarding import make_case, make_hold, make_look, make_member, make_report

SignIn = Callable[[User], Client]
KEPT = "This is kept for a reason we must not explain."


ADD = "/staff/safeguarding/legalhold/add/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """The ledger of erasures lies here."""
    disk = "django.core.files.storage.FileSystemStorage"
    options = {"BACKEND": disk, "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = settings.STORAGES | {"default": options}


@pytest.fixture
def alone(cast: Cast) -> Student:
    """A child whose only guardian may erase at once."""
    child = make_student("Ben")
    make_guardianship(child, cast.user("stranger"))
    return child


def erase(subject: Subject, key: Any, by: User) -> Erasure:
    """Ask for it at once, and let the worker come by."""
    erasure = erasures.ask_erasure(subject=subject, key=key, by=by, at_once=True, now=timezone.now())
    erasures.run_due(clock=timezone.now)
    erasure.refresh_from_db()
    return erasure


def later() -> Any:
    return timezone.now() + timedelta(hours=7)


def test_without_a_hold_it_goes(cast: Cast, alone: Student) -> None:
    assert erase(Subject.STUDENT, alone.pk, cast.user("stranger")).state == "done"
    assert not Student.objects.filter(pk=alone.pk).exists()


def test_a_held_diary_waits_and_goes_when_the_hold_is_lifted(cast: Cast, alone: Student) -> None:
    hold = make_hold(alone, cast.user("staff"))
    erasure = erase(Subject.STUDENT, alone.pk, cast.user("stranger"))
    assert (erasure.state, erasure.is_held) == ("waiting", True)
    erasures.run_due(clock=later)
    assert Student.objects.filter(pk=alone.pk).exists()
    services.lift_hold(hold=hold, by=cast.user("staff"), now=timezone.now())
    erasures.run_due(clock=lambda: later() + timedelta(hours=7))
    erasure.refresh_from_db()
    assert (erasure.state, erasure.is_held) == ("done", False)
    assert not Student.objects.filter(pk=alone.pk).exists()


def test_an_open_report_keeps_the_diary_too(cast: Cast, alone: Student) -> None:
    report = make_report(alone, cast.user("guardian"))
    assert erase(Subject.STUDENT, alone.pk, cast.user("stranger")).state == "waiting"
    services.close_report(report=report, by=cast.user("staff"), now=timezone.now())
    erasures.run_due(clock=later)
    assert Erasure.objects.get().state == "done"


def test_an_account_waits_for_the_diary_that_would_go_along(cast: Cast, alone: Student) -> None:
    make_hold(alone, cast.user("staff"))
    erasure = erase(Subject.PERSON, cast.user("stranger").pk, cast.user("stranger"))
    assert (erasure.state, erasure.is_held) == ("waiting", True)
    assert User.objects.get(pk=cast.user("stranger").pk).is_active


def test_a_hold_reaches_a_diary_whose_guardian_is_just_being_erased(cast: Cast) -> None:
    """It stands in line behind the account: nothing of it has gone yet, so nothing goes."""
    guardian, now = cast.user("other_guardian"), timezone.now()
    erasures.ask_erasure(subject=Subject.PERSON, key=guardian.pk, by=guardian, at_once=True, now=now)
    account = erasures.claim(now=now)
    assert account is not None
    erasures.begin(account, now=now)
    make_entry(cast.other_student, guardian)
    hold = make_hold(cast.other_student, cast.user("staff"))
    assert erasures.run_due(clock=later) == 1
    diary = Erasure.objects.get(subject=Subject.STUDENT)
    assert (diary.state, diary.last_error) == ("running", Erasure.HELD)
    assert PracticeEntry.objects.filter(student=cast.other_student).exists()
    assert not ledger.knows(Subject.STUDENT, cast.other_student.pk)
    services.lift_hold(hold=hold, by=cast.user("staff"), now=now)
    assert erasures.run_due(clock=lambda: later() + erasures.HELD) == 1
    assert not Student.objects.filter(pk=cast.other_student.pk).exists()


def test_whoever_is_reported_or_held_cannot_leave_meanwhile(cast: Cast) -> None:
    teacher = cast.user("other_teacher")
    report = make_report(cast.other_student, cast.user("other_guardian"), author=teacher)
    assert erase(Subject.PERSON, teacher.pk, teacher).state == "waiting"
    services.close_report(report=report, by=cast.user("staff"), now=timezone.now())
    hold = make_hold(None, cast.user("staff"), person=teacher)
    erasures.run_due(clock=later)
    assert Erasure.objects.get().state == "waiting"
    services.lift_hold(hold=hold, by=cast.user("staff"), now=timezone.now())
    erasures.run_due(clock=lambda: later() + timedelta(hours=7))
    assert Erasure.objects.get().state == "done"


def test_a_hold_holds_one_alone(cast: Cast, alone: Student) -> None:
    make_hold(cast.student, cast.user("staff"))
    assert is_held(Subject.STUDENT, cast.student.pk)
    assert not is_held(Subject.STUDENT, alone.pk)
    assert not is_held(Subject.PERSON, cast.user("student").pk)


def test_the_page_says_it_when_the_day_has_come(cast: Cast, alone: Student, as_user: SignIn) -> None:
    make_hold(alone, cast.user("staff"))
    client = as_user(cast.user("stranger"))
    address = reverse("privacy:student-data", args=[alone.pk])
    by = cast.user("stranger")
    erasures.ask_erasure(subject=Subject.STUDENT, key=alone.pk, by=by, at_once=True, now=timezone.now())
    assert KEPT not in client.get(address).content.decode()
    erasures.run_due(clock=timezone.now)
    html = client.get(address).content.decode()
    assert KEPT in html
    assert "will be erased" not in html


@pytest.mark.parametrize("is_held", [True, False])
def test_who_leaves_at_once_is_not_told_that_it_is_done(cast: Cast, as_user: SignIn, is_held: bool) -> None:
    client, person = as_user(cast.user("stranger")), cast.user("stranger")
    if is_held:
        make_hold(None, cast.user("staff"), person=person)
    client.post("/account/reauthenticate/", {"password": "woodshed-demo"})
    answer = client.post(reverse("privacy:person-erase"), {"understood": "on", "at_once": "on"})
    assert answer["Location"] == reverse("privacy:person-data" if is_held else "home:landing")


def test_erased_names_and_words_leave_these_tables_too(cast: Cast, alone: Student) -> None:
    staff, author = cast.user("staff"), cast.user("stranger")
    case = make_case(staff, alone)
    report = make_report(alone, cast.user("guardian"), words="Help", author=author)
    services.add_note(report=report, by=staff, body="I called Ben's mother.", now=timezone.now())
    services.close_report(report=report, by=staff, now=timezone.now())
    hold = make_hold(alone, staff)
    services.lift_hold(hold=hold, by=staff, now=timezone.now())
    assert erase(Subject.STUDENT, alone.pk, author).state == "done"
    assert ReadingCase.objects.filter(pk=case.pk, student=None, reason="", staff=staff).exists()
    assert Report.objects.filter(pk=report.pk, student=None, words="", evidence="", state="closed").exists()
    assert ReportNote.objects.filter(report=report, body="", author=staff).exists()
    assert LegalHold.objects.filter(pk=hold.pk, student=None, reason="", placed_by=staff).exists()


def test_an_erased_account_leaves_no_words_about_it(cast: Cast) -> None:
    staff, person = cast.user("staff"), cast.user("stranger")
    look = make_look(staff, person)
    report = make_report(cast.student, person, words="I am worried")
    services.close_report(report=report, by=staff, now=timezone.now())
    assert erase(Subject.PERSON, person.pk, person).state == "done"
    assert Impersonation.objects.filter(pk=look.pk, reason="", staff=staff).exists()
    assert Report.objects.filter(pk=report.pk, reporter=None, words="").exists()


def test_what_nobody_has_read_yet_outlives_the_account(cast: Cast) -> None:
    """Only the name goes; the words when the report is closed."""
    person = cast.user("stranger")
    report = make_report(cast.student, person, words="He waits for her at school")
    assert erase(Subject.PERSON, person.pk, person).state == "done"
    report.refresh_from_db()
    assert (report.reporter, report.words) == (None, "He waits for her at school")
    services.close_report(report=report, by=cast.user("staff"), now=timezone.now())
    report.refresh_from_db()
    assert (report.words, report.evidence) == ("", "Meet me behind the school")


def test_a_hold_that_comes_late_says_so(cast: Cast, alone: Student, as_user: SignIn) -> None:
    staff = make_member(cast.user("staff"), "safeguarding")
    report = make_report(cast.other_student, cast.user("guardian"), author=cast.user("stranger"))
    services.close_report(report=report, by=staff, now=timezone.now())
    late = "The erasure had begun before"
    client = as_user(staff)

    def place(**about: str) -> str:
        sent = {"student": "", "person": "", "reason": "The police asked for it."} | about
        return client.post(ADD, sent, follow=True).content.decode()

    assert late not in place(student=str(alone.pk))
    assert AuditEvent.objects.filter(action="hold.placed").latest("pk").details["erasure_has_begun"] is False
    LegalHold.objects.update(lifted_at=timezone.now(), lifted_by=staff)
    person = cast.user("stranger")
    erasures.ask_erasure(subject=Subject.PERSON, key=person.pk, by=person, at_once=True, now=timezone.now())
    assert erasures.claim(now=timezone.now())
    assert late in place(person=str(person.pk))
    assert AuditEvent.objects.filter(action="hold.placed").latest("pk").details["erasure_has_begun"] is True
    sent = {"action": "hold", "_selected_action": [str(report.pk)]}
    page = client.post(reverse("admin:safeguarding_report_changelist"), sent, follow=True)
    assert late in page.content.decode()
    Erasure.objects.create(
        subject=Subject.STUDENT,
        subject_id=alone.pk,
        state="running",
        asked_at=timezone.now(),
        due_at=timezone.now(),
    )
    assert late in place(student=str(alone.pk))
