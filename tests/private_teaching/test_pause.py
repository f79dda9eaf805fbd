"""Pausing lessons: for the teacher like an end, and given back when somebody resumes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Invitation, User
from apps.core.days import calendar_day
from apps.core.models import AuditEvent
from apps.private_teaching import services
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)


def url(name: str, teaching: Teaching) -> str:
    return reverse(f"private_teaching:teaching-{name}", args=[teaching.pk])


def sent(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {"since": today(cast).isoformat(), "reason": ""} | fields


def today(cast: Cast) -> date:
    """By the calendar: at one at night a session is still yesterday's, a pause is not."""
    return calendar_day(timezone.now(), cast.student.time_zone)


def diary(cast: Cast) -> str:
    return reverse("practice:entry-list", args=[cast.student.pk])


def pause(cast: Cast, by: str) -> Teaching:
    now = timezone.now()
    services.pause_teaching(teaching=cast.teaching, by=cast.user(by), since=now, reason="Holidays", now=now)
    cast.teaching.refresh_from_db()
    return cast.teaching


def test_a_teacher_pauses_and_goes_on(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("teacher"))
    assert "you do not see the diary" in client.get(url("pause", cast.teaching)).content.decode()
    answer = client.post(
        url("pause", cast.teaching), {"since": today(cast), "reason": "A semester abroad"}, follow=True
    )
    roster = answer.content.decode()
    assert answer.request["PATH_INFO"] == reverse("home:roster")
    assert "1 paused student" in roster
    assert "Mia Qzmia" in roster
    assert client.get(diary(cast)).status_code == 404
    assert client.post(url("resume", cast.teaching)).status_code == 302
    assert client.get(diary(cast)).status_code == 200
    cast.teaching.refresh_from_db()
    assert (cast.teaching.paused_at, cast.teaching.paused_by, cast.teaching.pause_reason) == (None, None, "")
    actions = AuditEvent.objects.filter(target_id=cast.teaching.pk).order_by("pk")
    assert [event.action for event in actions] == ["teaching.paused", "teaching.resumed"]


def test_what_the_family_paused_the_teacher_does_not_resume(cast: Cast, as_user: SignIn) -> None:
    guardian, teacher = as_user(cast.user("guardian")), as_user(cast.user("teacher"))
    answer = guardian.post(
        url("pause", cast.teaching), {"since": today(cast), "reason": "Exams"}, follow=True
    )
    assert "paused" in answer.content.decode()
    assert "Exams" in answer.content.decode()
    assert teacher.post(url("resume", cast.teaching)).status_code == 403
    roster = teacher.get(reverse("home:roster")).content.decode()
    assert "The family has paused" in roster
    assert url("resume", cast.teaching) not in roster
    assert guardian.post(url("resume", cast.teaching)).status_code == 302
    assert teacher.get(diary(cast)).status_code == 200


def test_the_roster_shows_a_name_and_nothing_else(cast: Cast, as_user: SignIn) -> None:
    pause(cast, "teacher")
    page = as_user(cast.user("teacher")).get(reverse("home:roster")).content.decode()
    assert cast.canaries.found_in(page) <= {"Qzmia", "Qzteacher", cast.user("teacher").email}


def test_a_later_day_takes_nothing_away_yet(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("guardian"))
    day = today(cast) + 9 * DAY
    people = client.post(url("pause", cast.teaching), {"since": day}, follow=True).content.decode()
    assert "pauses from" in people
    assert as_user(cast.user("teacher")).get(diary(cast)).status_code == 200
    cast.teaching.refresh_from_db()
    assert cast.teaching.paused_at is not None
    Teaching.objects.filter(pk=cast.teaching.pk).update(paused_at=cast.teaching.paused_at - 10 * DAY)
    assert as_user(cast.user("teacher")).get(diary(cast)).status_code == 404


@pytest.mark.parametrize("days", [-1, 366])
def test_a_day_that_is_over_or_far(cast: Cast, as_user: SignIn, days: int) -> None:
    day = today(cast) + days * DAY
    answer = as_user(cast.user("teacher")).post(
        url("pause", cast.teaching), {"since": day, "reason": "Kept words"}
    )
    assert "Kept words" in answer.content.decode()
    assert answer.context["form"].errors["since"]


def test_the_other_instrument_goes_on(cast: Cast, as_user: SignIn) -> None:
    make_teaching(cast.user("teacher"), cast.student, "Voice")
    pause(cast, "teacher")
    client = as_user(cast.user("teacher"))
    assert client.get(diary(cast)).status_code == 200
    people = client.get(reverse("private_teaching:student-people", args=[cast.student.pk]))
    assert url("resume", cast.teaching) in people.content.decode()
    answer = client.post(
        reverse("private_teaching:teaching-create", args=[cast.student.pk]), {"instrument": "PIANO"}
    )
    assert "or its lessons are paused" in answer.content.decode()


def test_guests_and_other_teachers_do_not_see_a_paused_teacher(cast: Cast, as_user: SignIn) -> None:
    pause(cast, "guardian")
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    for name, sees in [("viewer", False), ("second_teacher", False), ("guardian", True)]:
        answer = as_user(cast.user(name)).get(people)
        assert ("Qzteacher" in answer.content.decode()) == sees
        assert not any("Qzteacher" in text for text in answer.context["who_sees"])


@pytest.mark.parametrize("who", ["teacher", "second_guardian"])
def test_what_the_family_paused_nobody_pauses_again(cast: Cast, who: str) -> None:
    pause(cast, "guardian")
    with pytest.raises(services.CannotBePaused):
        pause(cast, who)
    assert cast.teaching.paused_by == cast.user("guardian")


@pytest.mark.parametrize("days", [-1, 365])
def test_a_teachers_pause_takes_none_from_the_family(cast: Cast, as_user: SignIn, days: int) -> None:
    """Set for next year it would keep the family from pausing now; one that runs must not begin later."""
    now = timezone.now()
    Teaching.objects.filter(pk=cast.teaching.pk).update(
        paused_at=now + days * DAY, paused_by=cast.user("teacher")
    )
    client = as_user(cast.user("guardian"))
    people = client.get(reverse("private_teaching:student-people", args=[cast.student.pk]))
    assert url("pause", cast.teaching) in people.content.decode()
    client.post(url("pause", cast.teaching), sent(cast))
    cast.teaching.refresh_from_db()
    assert cast.teaching.paused_at is not None
    assert cast.teaching.paused_at <= (now + days * DAY if days < 0 else timezone.now())
    teacher = as_user(cast.user("teacher"))
    assert teacher.get(diary(cast)).status_code == 404
    assert teacher.post(url("resume", cast.teaching)).status_code == 403


def test_the_page_says_that_somebody_was_quicker(
    cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**kwargs: object) -> None:
        raise services.CannotBePaused

    monkeypatch.setattr(services, "pause_teaching", too_late)
    answer = as_user(cast.user("teacher")).post(
        url("pause", cast.teaching), {"since": today(cast), "reason": "Kept words"}
    )
    assert "in the meantime" in answer.content.decode()
    assert "Kept words" in answer.content.decode()


def test_resuming_twice_changes_nothing(cast: Cast) -> None:
    row = pause(cast, "teacher")
    for _turn in range(2):
        services.resume_teaching(teaching=row, by=cast.user("teacher"), now=timezone.now())
    assert AuditEvent.objects.filter(action="teaching.resumed").count() == 1


def test_a_paused_teaching_can_end(cast: Cast, as_user: SignIn) -> None:
    pause(cast, "guardian")
    client = as_user(cast.user("teacher"))
    assert client.post(url("end", cast.teaching)).status_code == 302
    cast.teaching.refresh_from_db()
    assert cast.teaching.ended_at is not None
    assert "paused student" not in client.get(reverse("home:roster")).content.decode()


@pytest.mark.parametrize("has_another", [False, True])
def test_an_end_kills_the_codes_in_the_teachers_drawer(cast: Cast, has_another: bool) -> None:
    leo = make_student("Leo")
    teaching = make_teaching(cast.user("teacher"), leo)
    if has_another:
        make_teaching(cast.user("teacher"), leo, "Voice")
    row = make_invitation(leo, cast.user("teacher"))
    services.end_teaching(teaching=teaching, by=cast.user("teacher"), now=timezone.now())
    assert Invitation.objects.pending(timezone.now()).filter(pk=row.pk).exists() == has_another
    services.end_teaching(teaching=teaching, by=cast.user("teacher"), now=timezone.now())
    assert AuditEvent.objects.filter(action="teaching.ended").count() == 1


def test_an_entry_cannot_be_addressed_to_a_paused_teaching(cast: Cast, as_user: SignIn) -> None:
    third = make_teaching(make_user("Third"), cast.student, "Harp")
    pause(cast, "guardian")
    page = as_user(cast.user("guardian")).get(reverse("practice:entry-log", args=[cast.student.pk]))
    assert str(cast.teaching.pk) not in page.content.decode()
    for teaching in (cast.second_teaching, third):
        assert str(teaching.pk) in page.content.decode()
