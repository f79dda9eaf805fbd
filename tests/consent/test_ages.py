"""How old is old enough: the row and the filter say the same; nobody is asked twice in a day."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Student, User
from apps.accounts.models.students import ADULT_AGE, AgeBand, BornBefore, born_before
from apps.consent.models import ConsentEvent
from tests.conftest import Cast
from tests.factories.accounts import birth_month, born, make_student, make_user
from tests.factories.consent import AGREED

START = "/start/"
TOO_YOUNG = "Ask a grown-up to make your diary"


@pytest.mark.parametrize(
    ("age", "band"), [(0, "child"), (12, "child"), (13, "teen"), (17, "teen"), (18, "adult")]
)
def test_a_band_of_an_age(age: int, band: str) -> None:
    assert AgeBand.of(age) == band


def test_the_month_says_more_than_what_was_said_once(db: None) -> None:
    today = timezone.now().date()
    student = make_student(age_band=AgeBand.CHILD, birth_month=birth_month(14))
    assert student.band_on(today) == AgeBand.TEEN
    assert make_student(age_band=AgeBand.CHILD).band_on(today) == AgeBand.CHILD


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2026, 2, 28), date(2026, 12, 1)])
def test_row_and_filter_agree_on_every_age_and_country(db: None, day: date) -> None:
    """Every month around each age of the table, and every band where no month is known."""
    months = [
        date(day.year - age - 1 + (day.month + shift - 1) // 12, (day.month + shift - 1) % 12 + 1, 1)
        for age in range(12, 19)
        for shift in (-1, 0, 1)
        if day.month + shift > 0
    ]
    ages: list[dict[str, Any]] = [{"birth_month": month} for month in months]
    ages += [{"age_band": band} for band in AgeBand]
    Student.objects.bulk_create(
        Student(name="S", country=country, created_at=timezone.now(), **age)
        for country in ("DE", "GB", "AT", "FR", "IN", "XX", "")
        for age in ages
    )
    found = set(Student.objects.old_enough(day))
    assert found == {student for student in Student.objects.all() if student.is_old_enough(day)}
    assert 0 < len(found) < Student.objects.count()


def test_without_a_day_it_is_today_by_the_databases_clock(db: None) -> None:
    """A month here, a month there: who is 16 or 18 since this month is not yet, as for ``age_on``."""
    today = timezone.now().date()
    months = [date(today.year - age, today.month, 1) for age in (13, 14, 15, 16, 18)]
    months += [date(each.year - (each.month == 1), (each.month - 2) % 12 + 1, 1) for each in months]
    for country in ("DE", "GB", "XX", ""):
        for month in months:
            make_student(f"{country} {month}", birth_month=month, country=country)
    assert set(Student.objects.old_enough()) == set(Student.objects.old_enough(today))
    born = Student.objects.filter(birth_month__lt=BornBefore(ADULT_AGE))
    assert set(born) == set(Student.objects.filter(birth_month__lt=born_before(ADULT_AGE, today)))
    assert born.exists()


def own(**more: str) -> dict[str, str]:
    return {"name": "Kim", "country": "DE", "agreed": AGREED, **more}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("age", "country", "is_welcome"),
    [
        (15, "DE", False),
        (16, "DE", True),
        (12, "GB", False),
        (13, "GB", True),
        (15, "", False),
        (16, "", True),
    ],
)
def test_who_is_old_enough_starts_a_diary(db: None, age: int, country: str, is_welcome: bool) -> None:
    answer = signed_in(make_user("Kim")).post(START, own(country=country, **born(age)))
    assert (answer.status_code == 302) is is_welcome
    assert Student.objects.exists() is ConsentEvent.objects.exists() is is_welcome


def test_the_question_is_neutral(db: None) -> None:
    page = signed_in(make_user("Kim", time_zone="Europe/Berlin")).get(START).content.decode()
    assert '<option value="DE" selected>' in page
    assert '<option value="" selected>---</option>' in page
    assert 'name="birth_year"' in page
    assert "checked" not in page[page.index('name="agreed"') - 200 : page.index('name="agreed"') + 200]
    for hint in ("13", "16", "too young", "old enough", "under"):
        assert hint not in page[page.index('id="practise"') : page.index("May your diary be kept")]


def test_another_answer_is_heard_after_a_day(db: None) -> None:
    """Not from the same account, and not from another account in the same browser."""
    kid, other = make_user("Kim"), make_user("Other")
    client = signed_in(kid)
    assert TOO_YOUNG in client.post(START, own(**born(12))).content.decode()
    assert TOO_YOUNG in client.post(START, own(**born(30))).content.decode()
    assert TOO_YOUNG in signed_in(kid).post(START, own(**born(30))).content.decode()
    client.force_login(other)
    assert TOO_YOUNG in client.post(START, own(**born(30))).content.decode()
    assert not Student.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        again = signed_in(kid)
        assert again.post(START, own(**born(30))).status_code == 302


def test_of_a_refused_answer_only_the_moment_is_kept_and_not_for_long(db: None) -> None:
    kid = make_user("Kim")
    before = {field.name: getattr(kid, field.name) for field in User._meta.concrete_fields}
    answer = signed_in(kid).post(START, own(**born(12)))
    kid.refresh_from_db()
    changed = {name for name, value in before.items() if getattr(kid, name) != value}
    assert changed == {"age_refused_at", "last_login"}
    assert answer.cookies["answered"]["httponly"]
    assert answer.cookies["answered"].value.startswith("1:")
    first = kid.age_refused_at
    services.note_refusal(user=kid, now=timezone.now())
    kid.refresh_from_db()
    assert kid.age_refused_at == first
    services.forget_refusals(now=timezone.now())
    assert User.objects.get(pk=kid.pk).age_refused_at is not None
    services.forget_refusals(now=timezone.now() + timedelta(days=1, minutes=1))
    assert User.objects.get(pk=kid.pk).age_refused_at is None


def test_a_cookie_of_ones_own_making_is_no_answer(db: None) -> None:
    client = signed_in(make_user("Kim"))
    client.cookies["answered"] = "1:forged"
    assert client.post(START, own(**born(30))).status_code == 302


def test_the_service_hears_no_second_answer_either(db: None) -> None:
    """Two forms at the same moment: the account's row is the lock, and what it says counts."""
    kid, now = make_user("Kim"), timezone.now()
    services.note_refusal(user=kid, now=now)
    ask: dict[str, Any] = {
        "name": "Kim",
        "birth_month": birth_month(30),
        "country": "DE",
        "agreed": True,
        "now": now,
    }
    with pytest.raises(services.AgeNotAllowed):
        services.create_own_student(user=kid, **ask)
    with pytest.raises(services.NotAgreed):
        services.create_own_student(user=make_user("Ada"), **ask | {"agreed": False})
    assert not Student.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"birth_month": "", "birth_year": "2001"}, "birth_month", "Choose the month."),
        ({"birth_month": "2", "birth_year": "01"}, "birth_year", "four digits"),
        ({"birth_month": "2", "birth_year": "1899"}, "birth_year", "four digits"),
        ({"birth_month": "2", "birth_year": "x"}, "birth_year", "four digits"),
        ({"birth_month": "2", "birth_year": "9999"}, "birth_year", "four digits"),
        ({**born(30), "agreed": ""}, "agreed", "cannot be kept"),
        ({**born(30), "country": "ZZ"}, "country", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    db: None, sent: dict[str, str], field: str, words: str
) -> None:
    answer = signed_in(make_user("Kim")).post(START, own(**sent))
    assert list(answer.context["form"].errors) == [field]
    assert words in str(answer.context["form"].errors[field])
    assert 'value="Kim"' in answer.content.decode()


def test_a_month_to_come_is_nobodys(db: None) -> None:
    with time_machine.travel("2026-03-15T12:00:00Z"):
        answer = signed_in(make_user("Kim")).post(START, own(birth_month="4", birth_year="2026"))
    assert "still to come" in str(answer.context["form"].errors["birth_month"])


def test_the_country_is_guessed_for_whom_a_teacher_adds(cast: Cast) -> None:
    by = cast.user("teacher")
    student = services.create_student(name="Leo", by=by, time_zone="Europe/Paris", now=timezone.now())
    assert (student.country, student.collecting) == ("FR", False)
