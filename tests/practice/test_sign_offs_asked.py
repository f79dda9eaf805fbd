"""A teacher asks the family to sign the week: who asks, from when on, and what ends it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.accounts.services.majority import end_all_guardianships
from apps.core.access import allowed
from apps.core.models import AuditEvent
from apps.practice import queries
from apps.practice.queries.sign_offs import finished_weeks
from apps.private_teaching import services as lessons
from apps.private_teaching.models import Teaching
from apps.private_teaching.services.asking_to_sign import counted_on, first_weekday
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_teaching
from tests.practice.weeks import DAY, WEEK, SignIn, ask_url, diary, monday, sign, today, week_of


def test_the_teacher_switches_it_on_and_off(cast: Cast, as_user: SignIn) -> None:
    client, people = (
        as_user(cast.user("teacher")),
        reverse("private_teaching:student-people", args=[cast.student.pk]),
    )
    assert "Ask the family to sign the week" in client.get(people).content.decode()
    for _turn in range(2):
        assert client.post(ask_url(cast.teaching), {"asks": "1"})["Location"] == people
    cast.teaching.refresh_from_db()
    assert cast.teaching.sign_off_since == monday(cast) + WEEK
    assert "Ask no more" in client.get(people).content.decode()
    assert "Asks a guardian to sign each week." in as_user(cast.user("guardian")).get(people).content.decode()
    for _turn in range(2):
        client.post(ask_url(cast.teaching), {"asks": "0"})
    assert not Teaching.objects.asking().exists()
    cast.teaching.refresh_from_db()
    assert cast.teaching.sign_off_until == today(cast)
    actions = AuditEvent.objects.filter(target_id=cast.teaching.pk).values_list("action", flat=True)
    assert sorted(actions) == ["teaching.asks-no-more", "teaching.asks-to-sign"]


def test_who_asks_and_who_signs(cast: Cast, asked: Teaching) -> None:
    def who(action: str, row: Teaching) -> set[str]:
        rows = Teaching.objects.filter(pk=row.pk)
        return {name for name, user in vars(cast.people).items() if allowed(rows, action, user).exists()}

    assert who("ask_sign_off", asked) == {"teacher"}
    assert who("sign_off", asked) == {"guardian", "second_guardian"}
    assert who("sign_off", cast.second_teaching) == set(), "nobody asks there"
    Student.objects.filter(pk=cast.student.pk).update(age_band=AgeBand.ADULT)
    assert who("ask_sign_off", asked) == set()
    Teaching.objects.filter(pk=asked.pk).update(paused_at=timezone.now())
    assert who("sign_off", asked) == set()


@pytest.mark.parametrize("name", ["guardian", "student", "viewer", "second_teacher"])
def test_nobody_else_asks(cast: Cast, as_user: SignIn, name: str) -> None:
    answer = as_user(cast.user(name)).post(ask_url(cast.teaching), {"asks": "1"})
    assert answer.status_code == (404 if name in ("viewer", "second_teacher") else 403)
    other = reverse("private_teaching:sign-off-ask", args=[cast.other_student.pk, cast.teaching.pk])
    assert as_user(cast.user("teacher")).post(other, {"asks": "1"}).status_code == 404
    cast.teaching.refresh_from_db()
    assert cast.teaching.sign_off_since is None


def test_weeks_begin_as_the_students_do(cast: Cast) -> None:
    User.objects.filter(pk=cast.user("student").pk).update(week_starts_on=6)
    assert first_weekday(Student.objects.get(pk=cast.student.pk)) == 6
    child, teacher = make_student("Ben", time_zone="Pacific/Auckland"), cast.user("teacher")
    teaching = make_teaching(teacher, child)
    assert first_weekday(child) == 0
    make_guardianship(child, make_user("Sunday Parent", week_starts_on=6))
    now = datetime.fromisoformat("2026-03-07T20:00:00+00:00")
    lessons.ask_to_sign(teaching=teaching, asks=True, by=teacher, now=now)
    teaching.refresh_from_db()
    assert str(teaching.sign_off_since) == "2026-03-08", "in Auckland it is Sunday already"


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ("2026-02-20", []),
        ("2026-03-01", []),
        ("2026-03-07", []),
        ("2026-03-08", ["2026-03-01"]),
        ("2026-03-15", ["2026-03-08", "2026-03-01"]),
        ("2026-03-22", ["2026-03-15", "2026-03-08"]),
    ],
)
def test_the_last_finished_weeks(day: str, weeks: list[str]) -> None:
    found = finished_weeks(date(2026, 3, 1), date.fromisoformat(day))
    assert [str(week) for week in found] == weeks


@pytest.mark.parametrize(("days", "since"), [(0, 0), (6, 0), (7, 7), (12, 7), (13, 14), (20, 21)])
def test_who_asks_again_goes_on_with_the_weeks_from_before(cast: Cast, days: int, since: int) -> None:
    """Soon, with the same ones; later, from the week that runs. They begin with the same day of the week."""
    before, stopped = date(2026, 3, 2), date(2026, 3, 3)
    found = counted_on(before, stopped=stopped, today=stopped + days * DAY)
    assert (found - before).days == since


def test_off_and_on_again_loses_no_week(cast: Cast, asked: Teaching) -> None:
    User.objects.filter(pk=cast.user("student").pk).update(week_starts_on=6)
    for asks in (False, True):
        by, now = cast.user("teacher"), timezone.now()
        lessons.ask_to_sign(teaching=asked, asks=asks, by=by, now=now)
        assert Teaching.objects.asking().filter(pk=asked.pk).exists() == asks
    assert week_of(asked).first == monday(cast)


@pytest.mark.parametrize("days", [2, 30])
def test_nobody_signs_the_weeks_of_a_long_pause(cast: Cast, asked: Teaching, days: int) -> None:
    paused = timezone.now() - timedelta(days=days)
    Teaching.objects.filter(pk=asked.pk).update(paused_at=paused, sign_off_since=monday(cast) - 4 * WEEK)
    lessons.resume_teaching(teaching=asked, by=cast.user("guardian"), now=timezone.now())
    asked.refresh_from_db()
    assert asked.sign_off_since == (monday(cast) + WEEK if days == 30 else monday(cast) - 4 * WEEK)
    assert bool(queries.asked_weeks_of(asked, now=timezone.now())) == (days == 2)


def test_an_adult_is_asked_nowhere(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    """The rule, the diary and the roster say the same: an adult, and who has no guardian, signs nothing."""
    teacher, roster = as_user(cast.user("teacher")), reverse("home:roster")
    assert "week not signed" in teacher.get(roster).content.decode()
    end_all_guardianships(student=cast.student, now=timezone.now())
    assert not Teaching.objects.asking().exists()
    assert "week not signed" not in teacher.get(roster).content.decode()
    assert "Not signed yet." not in diary(cast, teacher)
    Student.objects.filter(pk=cast.student.pk).update(age_band=AgeBand.TEEN)
    assert not Teaching.objects.asking().exists(), "no guardian"
    make_guardianship(cast.student, make_user("New Parent"))
    assert Teaching.objects.asking().exists()


def test_the_page_of_the_people_says_who_is_asked_today(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    """An adult, whose guardians are none any more, is told of no guardian."""
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    client, words = as_user(cast.user("student")), "Asks a guardian to sign each week."
    assert words in client.get(people).content.decode()
    end_all_guardianships(student=cast.student, now=timezone.now())
    assert words not in client.get(people).content.decode()


def test_only_the_diary_asks_for_weeks(cast: Cast, asked: Teaching) -> None:
    """Every page of a diary has such a head; one of them shows weeks."""

    def weeks(*, with_weeks: bool = False) -> int:
        head = queries.find_head(cast.user("guardian"), cast.student.pk, "view", with_weeks=with_weeks)
        return -1 if head is None else len(head.asked_weeks(timezone.now()))

    assert (weeks(with_weeks=True), weeks()) == (1, 0)


def test_only_a_signed_week_is_ticked(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    client = as_user(cast.user("guardian"))
    assert ".svg#done" not in diary(cast, client)
    sign(cast, asked)
    assert diary(cast, client).count(".svg#done") == 1


def test_the_database_refuses_an_end_of_asking_without_a_beginning(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_until=today(cast))
