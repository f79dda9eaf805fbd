"""The guardian's page: every child, one thing to praise, what the teacher said."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.accounts.models import User
from apps.parent_portal.queries import Child, family_page
from apps.practice import services
from apps.practice.models.comments import AuthorRole
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.practice import make_entry


def page_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("parent_portal:overview")).content.decode()


def children(user: User) -> list[Child]:
    return family_page(user, now=timezone.now()).children


def test_only_own_children_are_there(cast: Cast) -> None:
    assert [child.student for child in children(cast.user("guardian"))] == [cast.student]
    for name in ("teacher", "former_guardian", "stranger", "viewer"):
        assert children(cast.user(name)) == []
        assert "No child is here yet" in page_of(cast.user(name))


def test_a_guardian_logs_for_the_child_and_sees_private_minutes_too(cast: Cast) -> None:
    page = page_of(cast.user("guardian"))
    assert reverse("practice:entry-quick-log", args=[cast.student.pk]) in page
    assert f"You are writing for <strong><bdi>{escape(cast.student.name)}</bdi></strong>" in page
    assert children(cast.user("guardian"))[0].minutes == 90


def test_praise_is_the_childs_own_words_else_a_fact_else_nothing(db: None) -> None:
    guardian, child = make_user("Parent"), make_student("Mia")
    make_guardianship(child, guardian)
    [empty] = children(guardian)
    assert (empty.fact, empty.achieved, empty.last_words) == ("", None, "Nothing logged yet.")
    make_entry(child, guardian)
    [fact] = children(guardian)
    assert (fact.fact, fact.achieved) == ("Mia practised on 1 day this week.", None)
    assert fact.last_words == "Practised today."
    entry = make_entry(child, guardian, achievements="No stops!")
    assert children(guardian)[0].achieved == entry
    assert "No stops!" in page_of(guardian)


@pytest.mark.parametrize(
    ("days", "words"), [(1, "Practised last yesterday."), (4, "Practised last 4 days ago.")]
)
def test_it_says_when_the_child_practised_last(db: None, days: int, words: str) -> None:
    guardian, child = make_user("Parent"), make_student("Mia")
    make_guardianship(child, guardian)
    make_entry(child, guardian, practised_on=child.today(timezone.now()) - timedelta(days=days))
    assert children(guardian)[0].last_words == words


@pytest.mark.parametrize(("first_day", "starts"), [(0, "2026-03-02"), (6, "2026-03-08")])
def test_each_childs_week_is_in_its_own_zone(db: None, first_day: int, starts: str) -> None:
    now = datetime(2026, 3, 8, 22, 0, tzinfo=ZoneInfo("America/New_York"))
    guardian = make_user("Parent", week_starts_on=first_day, time_zone="Europe/Berlin")
    child = make_student("Ben", time_zone="America/New_York")
    make_guardianship(child, guardian)
    [card] = family_page(guardian, now=now).children
    assert str(card.week[0].date) == starts
    assert [str(day.date) for day in card.week if day.is_today] == ["2026-03-08"]


def test_the_first_steps_follow_the_rows(cast: Cast) -> None:
    now, guardian = timezone.now(), make_user("Parent")
    child = make_student("Noa")
    make_guardianship(child, guardian)

    def done() -> list[bool] | None:
        found = family_page(guardian, now=now).checklist
        return [step.done for step in found.steps] if found else None

    assert done() == [False, False, False]
    entry = make_entry(child, guardian)
    assert done() == [True, False, False]
    services.add_comment(
        key=uuid4(), entry=entry, by=guardian, role=AuthorRole.GUARDIAN, body="Well done", now=now
    )
    assert done() == [True, True, False]
    make_guardianship(child, cast.user("guardian"))
    assert done() is None


def test_first_steps_that_were_put_away_stay_away(db: None) -> None:
    guardian = make_user("Parent", checklist_hidden_at=timezone.now())
    make_guardianship(make_student("Noa"), guardian)
    assert family_page(guardian, now=timezone.now()).checklist is None


def test_what_the_teacher_said_stands_on_the_card(cast: Cast) -> None:
    services.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Lovely legato",
        thread=cast.teaching,
        now=timezone.now(),
    )
    assert "Lovely legato" in page_of(cast.user("guardian"))
