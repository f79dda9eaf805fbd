"""All evidence of a skill: its own, and that of the sessions in which a line was about it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.evidence import queries
from apps.practice.content import About, Line
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill
from tests.conftest import Cast
from tests.factories.evidence import make_evidence
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_skill

SignIn = Callable[[User], Client]


@pytest.fixture
def vibrato(cast: Cast) -> Skill:
    return make_skill(cast.student, cast.user("guardian"))


def session(cast: Cast, skill: Skill, days_ago: int, *words: str, **more: Any) -> PracticeEntry:
    """A session of so many days ago with a line about the skill, and with this evidence."""
    entry = make_entry(
        cast.student,
        cast.user("student"),
        practised_on=cast.student.today(timezone.now()) - timedelta(days=days_ago),
        lines=[Line("Vibrato", about=About(skill=skill.pk)), Line("Minuet")],
        **more,
    )
    for word in words:
        make_evidence(entry, cast.user("student"), word)
    return entry


def page(client: Client, skill: Skill, name: str = "repertoire:skill-detail", query: str = "") -> str:
    answer = client.get(reverse(name, args=[skill.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(html: str) -> list[str]:
    return re.findall(r">((?:Word|Own) \d+)<", html)


def test_sessions_stand_in_their_order_with_their_evidence(
    cast: Cast, as_user: SignIn, vibrato: Skill
) -> None:
    session(cast, vibrato, 1, "Word 4", "Word 5")
    session(cast, vibrato, 9, "Word 1")
    session(cast, vibrato, 5, "Word 2", "Word 3")
    session(cast, vibrato, 3)
    make_evidence(vibrato, cast.user("guardian"), "Own 1")
    other = make_skill(cast.student, cast.user("guardian"), "Trills")
    make_evidence(session(cast, other, 2), cast.user("student"), "Word 99")
    for name in ("repertoire:skill-detail", "evidence:skill-list"):
        html = page(as_user(cast.user("viewer")), vibrato, name)
        assert shown(html) == ["Own 1", "Word 1", "Word 2", "Word 3", "Word 4", "Word 5"]
    assert len(re.findall(r"/entries/[0-9a-f-]{36}/\"", html)) == 3, "each session leads to its page"


def test_what_is_private_makes_no_difference_to_others(cast: Cast, as_user: SignIn, vibrato: Skill) -> None:
    session(cast, vibrato, 9, "Word 1")

    def seen(who: str) -> list[str]:
        made_anew = r'name="(key|csrfmiddlewaretoken)"[^>]*|value="[^"]{30,}"[^>]*|X-CSRFToken": "[^"]*'
        client = as_user(cast.user(who))
        return [
            re.sub(made_anew, "", page(client, vibrato, name))
            for name in ("repertoire:skill-detail", "evidence:skill-list")
        ]

    others = ("teacher", "viewer", "logger")
    before = {who: seen(who) for who in (*others, "second_teacher", "student")}
    session(cast, vibrato, 7, "Word 2", is_private=True)
    assert {who: seen(who) for who in others} == {who: before[who] for who in others}
    assert "Word 2" in seen("student")[0]
    session(cast, vibrato, 8, "Word 3", addressed_to=cast.second_teaching)
    for index in range(2):
        assert "Word 3" in seen("second_teacher")[index]
        assert "Word 3" not in seen("teacher")[index]


def test_many_sessions_are_read_back_and_forth(cast: Cast, as_user: SignIn, vibrato: Skill) -> None:
    for number in range(25):
        session(cast, vibrato, 30 - number, f"Word {number + 1}")
    client = as_user(cast.user("guardian"))
    html = page(client, vibrato)
    assert shown(html) == [f"Word {number}" for number in range(16, 26)]
    found = re.search(r'href="(/skills/[^"]+/evidence/\?page=[^"]+)"', html)
    assert found is not None
    back = client.get(found[1]).content.decode()
    assert shown(back) == [f"Word {number}" for number in range(6, 16)]
    earlier, later = re.findall(r'href="(\?page=[^"]+)"', back)
    first = page(client, vibrato, "evidence:skill-list", earlier)
    assert shown(first) == [f"Word {number}" for number in range(1, 6)]
    assert "Earlier sessions" not in first
    assert shown(page(client, vibrato, "evidence:skill-list", later)) == shown(html)


@pytest.mark.parametrize("cursor", ["", "nonsense", "\0", "WyJvbGRlciIsIjEiXQ"])
def test_a_place_that_is_none_is_the_latest(cast: Cast, as_user: SignIn, vibrato: Skill, cursor: str) -> None:
    session(cast, vibrato, 9, "Word 1")
    make_evidence(vibrato, cast.user("guardian"), "Own 1")
    html = page(as_user(cast.user("guardian")), vibrato, "evidence:skill-list", f"?page={cursor}")
    assert shown(html) == ["Own 1", "Word 1"]


def test_an_empty_one_teaches_the_first_step(cast: Cast, as_user: SignIn, vibrato: Skill) -> None:
    assert "Add something" in page(as_user(cast.user("student")), vibrato, "evidence:skill-list")
    html = page(as_user(cast.user("teacher")), vibrato, "evidence:skill-list")
    assert "Nothing to show yet" in html
    assert "Add something" not in html
    assert "Nothing to show yet" in page(as_user(cast.user("teacher")), vibrato)


def test_a_full_skill_says_so(cast: Cast, as_user: SignIn, vibrato: Skill, settings: Any) -> None:
    settings.EVIDENCE_PER_SKILL = 1
    make_evidence(vibrato, cast.user("guardian"), "Own 1")
    html = page(as_user(cast.user("student")), vibrato)
    assert "1 is the most that a skill itself can have" in html
    assert "Add a link" not in html


def test_a_line_that_names_the_skill_no_more_takes_its_evidence_along(cast: Cast, vibrato: Skill) -> None:
    entry = session(cast, vibrato, 2, "Word 1")
    user = cast.user("guardian")
    assert [row.entry for row in queries.sessions_of_skill(user, vibrato).rows] == [entry]
    entry.items.update(skill=None)
    assert queries.sessions_of_skill(user, vibrato).rows == []
