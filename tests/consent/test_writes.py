"""Where nobody agreed, nothing about a student is written; what was typed is kept, and the page is kind."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import StudentProfile, User
from apps.accounts.services import CollectionIsOff, change_student
from apps.practice import services
from apps.practice.content import EntryContent
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.services import LockedStudent
from tests.conftest import Cast
from tests.factories.consent import make_consent
from tests.forms.gear_posts import write_things
from tests.forms.posts import entry_fields

SignIn = Callable[[User], Client]
FAMILY = ["student", "guardian", "second_guardian"]


@pytest.fixture
def stopped(cast: Cast) -> Cast:
    """One of Mia's guardians has stopped her diary."""
    write_things(cast)
    make_consent(cast.student, cast.user("guardian"), given=False)
    return cast


def diary(cast: Cast) -> list[object]:
    """All that stands in it."""
    return [
        *PracticeEntry.objects.order_by("pk").values(),
        *EntryComment.objects.order_by("pk").values(),
        *StudentProfile.objects.order_by("pk").values(),
    ]


def writes(cast: Cast) -> dict[str, Callable[[], object]]:
    content = EntryContent(
        practised_on=cast.student.today(timezone.now()), minutes=10, description="Slowly, both hands"
    )
    by, now = cast.user("guardian"), timezone.now()
    return {
        "entry": lambda: services.log_entry(
            key=uuid4(), student=cast.student, by=by, content=content, now=now
        ),
        "change": lambda: services.change_entry(entry=cast.entry, by=by, content=content, now=now),
        "comment": lambda: services.add_comment(
            key=uuid4(), entry=cast.entry, by=by, role=AuthorRole.GUARDIAN, body="Bravo", now=now
        ),
        "teacher's comment": lambda: services.add_comment(
            key=uuid4(),
            entry=cast.entry,
            by=cast.user("teacher"),
            role=AuthorRole.TEACHER,
            body="Bravo",
            now=now,
        ),
        **{
            f"profile: {name}": lambda name=name, value=value: change_student(  # type: ignore[misc]
                student=cast.student, name="Mia", time_zone="UTC", by=by, now=now, **{name: value}
            )
            for name, value in [
                ("instruments", ["Oboe"]),
                ("level", "basics"),
                ("goal", "A waltz"),
                ("picture", "fox"),
            ]
        },
    }


WRITES = [
    "entry",
    "change",
    "comment",
    "teacher's comment",
    "profile: instruments",
    "profile: level",
    "profile: picture",
    "profile: goal",
]


@pytest.mark.parametrize("write", WRITES)
def test_every_write_is_refused_and_nothing_is_stored(stopped: Cast, write: str) -> None:
    before = diary(stopped)
    assert set(writes(stopped)) == set(WRITES)
    with pytest.raises(CollectionIsOff):
        writes(stopped)[write]()
    assert diary(stopped) == before


@pytest.mark.parametrize("write", WRITES)
def test_and_goes_on_when_somebody_agrees_again(stopped: Cast, write: str) -> None:
    before = diary(stopped)
    make_consent(stopped.student, stopped.user("second_guardian"))
    writes(stopped)[write]()
    assert diary(stopped) != before


def test_what_takes_something_away_is_always_possible(stopped: Cast) -> None:
    by, now = stopped.user("guardian"), timezone.now()
    services.delete_entry(entry=stopped.entry, by=by, now=now)
    assert PracticeEntry.objects.get(pk=stopped.entry.pk).deleted_at == now
    change_student(student=stopped.student, name="Mia K.", time_zone="UTC", by=by, now=now)
    stopped.student.refresh_from_db()
    assert (stopped.student.name, stopped.student.profile.goal) == ("Mia K.", "")


def test_the_switch_costs_no_query(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in the row that is locked anyway."""
    locked = LockedStudent(cast.student, [cast.teaching.pk], is_guarded=True)
    monkeypatch.setattr(services, "_lock", lambda student_id: locked)
    cast.student.collecting = False
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        pytest.raises(CollectionIsOff),
    ):
        writes(cast)["entry"]()
    assert [query["sql"] for query in queries if "SELECT" in query["sql"]] == []


# The pages


@pytest.mark.parametrize("who", [*FAMILY, "logger"])
def test_the_page_to_log_says_why_and_who_can_change_it(stopped: Cast, as_user: SignIn, who: str) -> None:
    answer = as_user(stopped.user(who)).get(f"/students/{stopped.student.pk}/diary/log/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing new can be written here" in page
    assert ("You did nothing wrong" in page) is (who == "student")
    assert (f"/students/{stopped.student.pk}/consents/" in page) is (who in FAMILY)


def sent(cast: Cast, **more: str) -> dict[str, Any]:
    return entry_fields(cast) | {"description": "A lot of typed words"} | more


def test_a_form_that_was_open_keeps_what_was_typed(stopped: Cast, as_user: SignIn) -> None:
    before, client = diary(stopped), as_user(stopped.user("guardian"))
    for url, words in [
        (f"/students/{stopped.student.pk}/diary/log/", sent(stopped)),
        (f"/entries/{stopped.entry.pk}/edit/", sent(stopped, version=stopped.entry.version)),
        (f"/entries/{stopped.entry.pk}/comments/", {"key": str(uuid4()), "body": "A lot of typed words"}),
        (
            f"/students/{stopped.student.pk}/edit/",
            {"name": "Mia", "time_zone": "UTC", "goal": "A lot of typed words"},
        ),
    ]:
        page = client.post(url, words).content.decode()
        assert "A lot of typed words" in page, url
        assert "on the page Permissions" in page, url
    assert diary(stopped) == before


def test_the_form_to_change_an_entry_is_not_offered(stopped: Cast, as_user: SignIn) -> None:
    answer = as_user(stopped.user("guardian")).get(f"/entries/{stopped.entry.pk}/edit/")
    assert answer.status_code == 403
    assert "Nothing new can be written here" in answer.content.decode()


def test_the_two_taps_lead_to_the_page_that_says_why(stopped: Cast, as_user: SignIn) -> None:
    client = as_user(stopped.user("student"))
    answer = client.post(f"/students/{stopped.student.pk}/diary/quick/", {"minutes": "20"}, follow=True)
    assert "Nothing new can be written here" in answer.content.decode()


@pytest.mark.parametrize("who", [*FAMILY, "teacher", "viewer"])
def test_reading_goes_on(stopped: Cast, as_user: SignIn, who: str) -> None:
    client = as_user(stopped.user(who))
    for url in (f"/students/{stopped.student.pk}/diary/", f"/entries/{stopped.entry.pk}/"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "Qzshareddescription" in answer.content.decode()


def test_whoever_stands_by_is_told_that_it_waits(stopped: Cast, as_user: SignIn) -> None:
    people = as_user(stopped.user("teacher")).get(f"/students/{stopped.student.pk}/people/")
    assert "has to agree first" in people.content.decode()
    overview = as_user(stopped.user("guardian")).get("/family/").content.decode()
    assert "before you have agreed" in overview
