"""The first pages: where each person lands, what they see, and what it costs."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.consent.models import ConsentEvent
from apps.home.context_processors import badge
from apps.home.queries.roster import roster_page
from apps.home.queries.student import student_home
from apps.home.roles import roles_of
from apps.home.views import errors
from apps.practice import services
from apps.practice.models.comments import AuthorRole
from tests.conftest import Cast
from tests.factories.accounts import birth_month, born, make_guardianship, make_student, make_user
from tests.factories.consent import AGREED
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(user: User, name: str) -> str:
    return signed_in(user).get(reverse(name)).content.decode()


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("teacher", "home:roster"),
        ("guardian", "parent_portal:overview"),
        ("student", "home:student"),
        ("viewer", "home:start"),
        ("former_teacher", "home:start"),
        ("stranger", "home:start"),
    ],
)
def test_everybody_lands_on_their_own_first_page(cast: Cast, who: str, page: str) -> None:
    response = signed_in(cast.user(who)).get(reverse("home:index"))
    assert response["Location"] == reverse(page)


@pytest.mark.parametrize("name", ["inactive", "reset_password_done", "reset_password_from_key_done"])
def test_a_page_without_a_form_leads_back_to_the_door(client: Client, name: str) -> None:
    main = client.get(reverse(f"account_{name}")).content.decode().partition("<main")[2]
    assert f'href="{reverse("account_login")}"' in main


def test_staff_land_where_they_work_unless_they_have_a_page_of_their_own(cast: Cast) -> None:
    User.objects.filter(pk__in=[cast.user("stranger").pk, cast.user("teacher").pk]).update(is_staff=True)
    for who, page in (("stranger", "admin:index"), ("teacher", "home:roster")):
        response = signed_in(cast.user(who)).get(reverse("home:index"))
        assert response["Location"] == reverse(page)


def test_the_navigation_holds_every_role(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    teacher = cast.user("teacher")
    make_guardianship(cast.student, teacher)
    Student.objects.create(name="Own", user=teacher, created_at=timezone.now())
    with django_assert_num_queries(1):
        roles = roles_of(teacher)
    assert (roles.is_teacher, roles.is_guardian, roles.own_student_id is not None) == (True, True, True)
    page = body(teacher, "home:roster")
    for name in ("home:roster", "parent_portal:overview", "home:student"):
        assert f'href="{reverse(name)}"' in page


@pytest.mark.parametrize(("count", "text"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_a_badge_counts_to_99(count: int, text: str) -> None:
    assert badge(count) == text


def test_who_has_no_diary_is_asked_what_to_do(cast: Cast) -> None:
    response = signed_in(cast.user("teacher")).get(reverse("home:student"))
    assert response["Location"] == reverse("home:start")


def test_an_adult_starts_a_diary_of_their_own(db: None) -> None:
    user = make_user("Ada", time_zone="America/New_York")
    client = signed_in(user)
    for _ in range(2):  # a second click changes nothing
        response = client.post(
            reverse("home:start"), {"name": "Ada L.", "country": "US", "agreed": AGREED, **born(18)}
        )
        assert response["Location"] == reverse("home:student")
    student = Student.objects.get(user=user)
    assert (student.name, student.age_band, student.country, student.time_zone) == (
        "Ada L.",
        AgeBand.ADULT,
        "US",
        "America/New_York",
    )
    assert student.birth_month == birth_month(18)
    event = ConsentEvent.objects.get()
    assert (event.student_id, event.by, event.purpose, event.method) == (student.pk, user, "core", "self")
    assert student.collecting


def test_a_child_is_told_whom_to_ask_and_nothing_is_stored(db: None) -> None:
    user = make_user("Kid")
    response = signed_in(user).post(reverse("home:start"), {"name": "Kid", "agreed": AGREED, **born(12)})
    assert "Ask a grown-up to make your diary" in response.content.decode()
    assert not Student.objects.exists()
    assert not ConsentEvent.objects.exists()


def test_the_start_says_what_is_missing_and_keeps_what_was_typed(db: None) -> None:
    page = signed_in(make_user("Ada")).post(reverse("home:start"), {"name": "Zoë"}).content.decode()
    assert "Choose the month." in page
    assert 'value="Zoë"' in page


def test_a_guest_finds_the_diary_on_the_start(cast: Cast) -> None:
    assert reverse("practice:entry-list", args=[cast.student.pk]) in body(cast.user("viewer"), "home:start")


def test_private_rows_make_no_difference_to_the_roster(cast: Cast) -> None:
    client = signed_in(cast.user("teacher"))

    def shown() -> str:
        page = client.get(reverse("home:roster")).content.decode()
        return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)

    before = shown()
    make_entry(cast.student, cast.user("student"), is_private=True, minutes=77)
    make_entry(cast.student, cast.user("student"), addressed_to=cast.second_teaching, minutes=88)
    assert shown() == before


def test_the_roster_puts_the_longest_silence_first_with_its_reason(db: None) -> None:
    now = timezone.now()
    teacher, family = make_user("Teacher"), make_user("Family")
    for name, days in [("Busy", 0), ("Quiet", 6), ("Lost", 12)]:
        student = make_student(name)
        make_guardianship(student, family)
        make_teaching(teacher, student, started_at=now - timedelta(days=13))
        make_entry(student, family, practised_on=student.today(now) - timedelta(days=days))
    make_teaching(teacher, make_student("Alone"))
    rows = roster_page(teacher, now=now).rows
    assert [(row.student.name, " ".join(row.flags), row.flag_tone) for row in rows] == [
        ("Lost", "silent for 12 days", "danger"),
        ("Quiet", "silent for 6 days", "warning"),
        ("Busy", "", "warning"),
        ("Alone", "nobody has joined", "info"),
    ]


def test_two_instruments_are_one_row_and_one_new_entry(db: None) -> None:
    teacher, family, student = make_user("Teacher"), make_user("Family"), make_student("Mia")
    make_guardianship(student, family)
    make_teaching(teacher, student, "Piano")
    make_teaching(teacher, student, "Violin")
    make_entry(student, family)
    page = roster_page(teacher, now=timezone.now())
    assert [(row.instruments, row.pupil.new_count) for row in page.rows] == [("Piano, Violin", 1)]
    assert page.new_total == 1


@pytest.mark.parametrize(("first_day", "starts"), [(0, "2026-03-02"), (6, "2026-03-08")])
def test_weeks_start_on_the_readers_day_and_days_are_the_students(
    db: None, first_day: int, starts: str
) -> None:
    # Sunday evening in New York, Monday morning in Berlin.
    now = datetime(2026, 3, 8, 22, 0, tzinfo=ZoneInfo("America/New_York"))
    teacher = make_user("Teacher", week_starts_on=first_day, time_zone="Europe/Berlin")
    make_teaching(teacher, make_student("Ben", time_zone="America/New_York"))
    [row] = roster_page(teacher, now=now).rows
    assert str(row.week[0].date) == starts
    assert [str(day.date) for day in row.week if day.is_today] == ["2026-03-08"]


def test_the_teachers_first_steps_follow_the_rows(db: None) -> None:
    now = timezone.now()
    teacher, family = make_user("Teacher"), make_user("Family")

    def done() -> list[bool] | None:
        found = roster_page(teacher, now=now).checklist
        return [step.done for step in found.steps] if found else None

    assert done() == [False, False, False, False]
    student = make_student("Mia")
    teaching = make_teaching(teacher, student)
    assert done() == [True, False, False, False]
    make_guardianship(student, family)
    assert done() == [True, True, False, False]
    entry = make_entry(student, family)
    assert done() == [True, True, True, False]
    services.add_comment(
        key=uuid4(), entry=entry, by=teacher, role=AuthorRole.TEACHER, body="Good", thread=teaching, now=now
    )
    assert done() is None


def test_the_students_first_steps_follow_the_rows(cast: Cast) -> None:
    now, user = timezone.now(), cast.user("student")

    def done() -> list[bool] | None:
        found = student_home(user, cast.student, now=now).checklist
        return [step.done for step in found.steps] if found else None

    assert done() == [True, False, False]
    make_entry(cast.student, user, practised_on=cast.student.today(now) - timedelta(days=1))
    assert done() == [True, True, False]
    services.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Good",
        thread=cast.teaching,
        now=now,
    )
    assert done() is None


def test_the_first_steps_can_be_put_away(cast: Cast) -> None:
    user = cast.user("student")
    client = signed_in(user)
    url = reverse("home:checklist-hide")
    assert client.post(f"{url}?next=/practice/")["Location"] == "/practice/"
    user.refresh_from_db()
    hidden_at = user.checklist_hidden_at
    assert hidden_at is not None
    assert student_home(user, cast.student, now=timezone.now()).checklist is None
    assert client.post(f"{url}?next=https://evil.example/")["Location"] == reverse("home:index")
    user.refresh_from_db()
    assert user.checklist_hidden_at == hidden_at


def test_a_teachers_first_steps_stay_away(cast: Cast) -> None:
    teacher = cast.user("teacher")
    assert roster_page(teacher, now=timezone.now()).checklist is not None
    signed_in(teacher).post(reverse("home:checklist-hide"))
    teacher.refresh_from_db()
    assert roster_page(teacher, now=timezone.now()).checklist is None


def test_the_students_page_shows_year_words_and_lines(cast: Cast) -> None:
    page = body(cast.user("student"), "home:student")
    assert "You practised on 1 day of the last year." in page
    assert '<svg class="heatmap"' in page
    assert 'value="piece:Minuet in G"' in page
    assert "Who can see this diary:" in page


def test_an_empty_diary_teaches_its_first_step(db: None) -> None:
    user = make_user("Ada")
    make_student("Ada", user=user, age_band=AgeBand.ADULT)
    page = body(user, "home:student")
    assert "The first page is still empty" in page
    assert "gets its colour" in page


def test_errors_are_kind_pages(rf: RequestFactory, db: None) -> None:
    assert "There is nothing here" in Client().get("/nothing/").content.decode()
    request = rf.get("/")
    answers = [
        errors.bad_request(request, Exception()),
        errors.permission_denied(request, Exception()),
        errors.server_error(request),
    ]
    assert [answer.status_code for answer in answers] == [400, 403, 500]
    assert all("<h1>" in answer.content.decode() for answer in answers)
