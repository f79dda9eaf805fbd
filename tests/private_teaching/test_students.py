"""Adding a student, a second instrument, and ending lessons."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import MINORS, AgeBand
from apps.core import audit
from apps.core.access import is_allowed
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from apps.private_teaching import services
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
CREATE = "/students/new/"
SENT = {"name": "Leo", "instrument": "Piano"}


@pytest.fixture
def anna(db: None) -> User:
    return make_user("Anna", time_zone="Europe/Berlin")


def test_anybody_becomes_a_teacher_by_adding_a_student(anna: User, as_user: SignIn) -> None:
    client = as_user(anna)
    assert client.get(CREATE).status_code == 200
    answer = client.post(CREATE, SENT, follow=True)
    teaching = Teaching.objects.get()
    student = teaching.student
    assert (teaching.teacher, teaching.instrument, student.name) == (anna, "Piano", "Leo")
    assert (student.time_zone, student.created_by, student.user) == ("Europe/Berlin", anna, None)
    assert answer.redirect_chain == [(reverse("private_teaching:student-people", args=[student.pk]), 302)]
    html = answer.content.decode()
    assert "Leo is on your roster." in html
    for role in ("guardian", "student"):
        assert reverse("accounts:invitation-create", args=[student.pk]) + f"?role={role}" in html
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"student.created", "teaching.started"}


def test_later_leads_to_the_roster_whatever_else_the_teacher_is(anna: User, as_user: SignIn) -> None:
    client = as_user(anna)
    added = client.post(CREATE, SENT, follow=True).content.decode()
    (later,) = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>Later</a>', added)
    assert later == reverse("home:roster")
    assert "Leo" in client.get(later).content.decode()


@pytest.mark.parametrize(
    ("sent", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("", "Europe/Berlin"), ("Mars/Olympus", "Europe/Berlin")]
)
def test_the_browsers_zone_is_taken_if_it_is_one(anna: User, as_user: SignIn, sent: str, kept: str) -> None:
    as_user(anna).post(CREATE, SENT | {"time_zone": sent})
    assert Student.objects.get().time_zone == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 10_000),
        ("name", "\u200b\u200b"),
        ("instrument", ""),
        ("instrument", "x" * 61),
        ("key", "1; drop table"),
    ],
)
def test_bad_input_is_said_beside_its_field(anna: User, as_user: SignIn, field: str, value: str) -> None:
    answer = as_user(anna).post(CREATE, SENT | {field: value})
    assert list(answer.context["form"].errors) == [field]
    assert not Student.objects.exists()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "עדה", "🎻🎻", "Zoë\r\nBcc: x"])
def test_any_name_is_shown_as_text(anna: User, as_user: SignIn, name: str) -> None:
    answer = as_user(anna).post(CREATE, SENT | {"name": name}, follow=True)
    assert Student.objects.get().name == " ".join(name.split())
    assert "<script>alert" not in answer.content.decode()


def test_extra_fields_change_nothing(anna: User, as_user: SignIn) -> None:
    other = make_user("Other")
    as_user(anna).post(
        CREATE,
        SENT
        | {"user": other.pk, "teacher": other.pk, "created_by": other.pk, "age_band": "adult", "id": uuid4()},
    )
    teaching = Teaching.objects.select_related("student").get()
    assert (teaching.teacher, teaching.student.created_by, teaching.student.user) == (anna, anna, None)
    assert teaching.student.age_band == "unknown"


def test_a_double_click_adds_one(anna: User, as_user: SignIn) -> None:
    sent = SENT | {"key": str(uuid4())}
    first, second = (as_user(anna).post(CREATE, sent)["Location"] for _ in range(2))
    assert first == second
    assert Student.objects.count() == 1


def test_somebody_elses_key_tells_nothing(cast: Cast, as_user: SignIn) -> None:
    sent = SENT | {"key": str(cast.student.pk)}
    answer = as_user(cast.user("stranger")).post(CREATE, sent)
    assert answer["Location"] == CREATE
    assert not Teaching.objects.filter(teacher=cast.user("stranger")).exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_add_one() -> None:
    anna, key, barrier, errors = make_user("Anna"), uuid4(), Barrier(2), list[Exception]()

    def add() -> None:
        barrier.wait(timeout=10)
        try:
            services.add_student(
                teacher=anna, name="Leo", instrument="Piano", time_zone="UTC", now=timezone.now(), key=key
            )
        except services.StudentAlreadyAdded as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(errors) == 1
    assert Teaching.objects.count() == 1


@pytest.mark.parametrize("age_band", MINORS)
def test_nobody_under_18_adds_students(anna: User, as_user: SignIn, age_band: AgeBand) -> None:
    """They would then invite the guardians of other children."""
    make_student("Anna", user=anna, age_band=age_band)
    for url in (CREATE, reverse("private_teaching:pupil-invite")):
        for answer in (as_user(anna).get(url), as_user(anna).post(url, SENT)):
            assert answer.status_code == 403
            assert "Whoever teaches here is 18 or older" in answer.content.decode()
    assert Student.objects.count() == 1


def test_signed_out_may_not(db: None) -> None:
    assert Client().get(CREATE)["Location"].startswith(reverse("account_login"))


# A second instrument


def more(student: Student) -> str:
    return reverse("private_teaching:teaching-create", args=[student.pk])


def test_a_second_instrument(cast: Cast, as_user: SignIn) -> None:
    sent = {"instrument": "Organ", "teacher": cast.user("stranger").pk, "ended_at": "2026-01-01"}
    assert as_user(cast.user("teacher")).post(more(cast.student), sent).status_code == 302
    mine = Teaching.objects.current().by(cast.user("teacher"))
    assert set(mine.values_list("instrument", flat=True)) == {"Piano", "Organ"}


def test_the_family_hears_of_a_second_instrument(cast: Cast, as_user: SignIn) -> None:
    as_user(cast.user("teacher")).post(more(cast.student), {"instrument": "Organ"})
    deliver_due(clock=timezone.now)
    told = {message.to[0].partition("@")[0]: message for message in mail.outbox}
    assert set(told) == {"guardian", "second.guardian", "student"}
    assert told["guardian"].subject == "New lessons for Mia"
    assert "Teacher Qzteacher now also teaches Mia Organ." in told["guardian"].body
    assert reverse("private_teaching:student-people", args=[cast.student.pk]) in told["student"].body


@pytest.mark.parametrize("what", ["ended", "left", "closed"])
def test_that_mail_goes_only_while_it_is_true_and_theirs(cast: Cast, what: str) -> None:
    now, guardian = timezone.now(), cast.user("guardian")
    teaching = services.add_instrument(
        student=cast.student, teacher=cast.user("teacher"), instrument="Organ", now=now
    )
    if what == "ended":
        services.end_teaching(teaching=teaching, by=guardian, now=now)
    elif what == "left":
        Guardianship.objects.filter(guardian=guardian).update(ended_at=now)
    else:
        User.objects.filter(pk=guardian.pk).update(is_active=False)
    deliver_due(clock=timezone.now)
    assert guardian.email not in {message.to[0] for message in mail.outbox}


def test_who_stands_in_adds_no_instrument(cast: Cast, as_user: SignIn) -> None:
    """It would have no last day."""
    client = as_user(cast.user("teacher"))
    Teaching.objects.filter(pk=cast.teaching.pk).update(cover_until=timezone.now() + timedelta(days=3))
    people = client.get(reverse("private_teaching:student-people", args=[cast.student.pk])).content.decode()
    assert "stands in until" in people
    assert more(cast.student) not in people
    assert client.post(more(cast.student), {"instrument": "Organ"}).status_code == 403
    assert Teaching.objects.by(cast.user("teacher")).count() == 1


@pytest.mark.parametrize("instrument", ["", "piano", "x" * 61])
def test_an_instrument_is_refused_beside_its_field(cast: Cast, as_user: SignIn, instrument: str) -> None:
    answer = as_user(cast.user("teacher")).post(more(cast.student), {"instrument": instrument})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["instrument"]
    assert Teaching.objects.by(cast.user("teacher")).count() == 1


def test_who_adds_an_instrument(cast: Cast, as_user: SignIn) -> None:
    codes = {"guardian": 403, "student": 403, "viewer": 403, "former_teacher": 404, "stranger": 404}
    sent = {"instrument": "Organ"}
    found = {name: as_user(cast.user(name)).post(more(cast.student), sent).status_code for name in codes}
    assert found == codes
    assert as_user(cast.user("teacher")).get(more(cast.student)).status_code == 405


# The end


def end(teaching: Teaching) -> str:
    return reverse("private_teaching:teaching-end", args=[teaching.pk])


def test_a_teacher_ends_it_and_sees_nothing_from_that_commit(cast: Cast, as_user: SignIn) -> None:
    teacher = cast.user("teacher")
    client = as_user(teacher)
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert "no longer see this diary" in client.get(end(cast.teaching)).content.decode()
    cast.teaching.refresh_from_db()
    assert cast.teaching.ended_at is None
    assert client.post(end(cast.teaching))["Location"] == reverse("home:index")
    assert Teaching.objects.get(pk=cast.teaching.pk).ended_at is not None
    assert client.get(people).status_code == 404
    assert client.get(end(cast.teaching)).status_code == 404
    for action in ("view", "comment", "teach"):
        assert not is_allowed(action, teacher, cast.student)
    assert AuditEvent.objects.filter(action="teaching.ended").count() == 1
    services.end_teaching(teaching=cast.teaching, by=teacher, now=timezone.now())
    assert AuditEvent.objects.filter(action="teaching.ended").count() == 1


def test_a_guardian_ends_it_and_stays(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("guardian"))
    assert cast.user("teacher").get_full_name() in client.get(end(cast.teaching)).content.decode()
    answer = client.post(end(cast.teaching), follow=True)
    assert answer.redirect_chain[0][0] == reverse("private_teaching:student-people", args=[cast.student.pk])
    assert not is_allowed("view", cast.user("teacher"), cast.student)


def test_one_of_two_instruments(cast: Cast, as_user: SignIn) -> None:
    make_teaching(cast.user("teacher"), cast.student, "Organ")
    answer = as_user(cast.user("teacher")).post(end(cast.teaching))
    assert answer["Location"] == reverse("private_teaching:student-people", args=[cast.student.pk])


def test_who_ends(cast: Cast, as_user: SignIn) -> None:
    codes = {
        "second_guardian": 200,
        "student": 403,
        "second_teacher": 404,
        "viewer": 404,
        "former_teacher": 404,
        "stranger": 404,
        "superuser": 404,
    }
    assert {name: as_user(cast.user(name)).get(end(cast.teaching)).status_code for name in codes} == codes
    found = {name: as_user(cast.user(name)).post(end(cast.teaching)).status_code for name in codes}
    assert found["student"] == 403
    assert Teaching.objects.filter(teacher=cast.user("former_teacher")).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_lessons_that_end_at_once_take_the_codes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would see the other's lessons go on, were it not for the student's lock."""
    thea, leo = make_user("Thea"), make_student("Leo")
    rows = [make_teaching(thea, leo, name) for name in ("Piano", "Voice")]
    invitation, both = make_invitation(leo, thea), Barrier(2)

    def meet(**fields: Any) -> None:
        with suppress(BrokenBarrierError):
            both.wait(timeout=1)

    monkeypatch.setattr(audit, "record", meet)

    def stop(teaching: Teaching) -> None:
        try:
            services.end_teaching(teaching=teaching, by=thea, now=timezone.now())
        finally:
            connection.close()

    threads = [Thread(target=stop, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not Teaching.objects.unended().exists()
    invitation.refresh_from_db()
    assert invitation.cancelled_at is not None


def test_a_teaching_says_who_teaches_whom_what() -> None:
    teaching = Teaching(teacher=User(display_name="Anna"), student=Student(name="Leo"), instrument="Piano")
    assert str(teaching) == "Anna: Leo (Piano)"


def test_starting_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(services.InstrumentAlreadyTaught):
        services.start_teaching(
            student=cast.student,
            teacher=cast.user("teacher"),
            instrument="PIANO",
            by=cast.user("teacher"),
            now=timezone.now(),
        )
    assert make_student("Leo").name == "Leo"
