"""What the search reads: the words of one diary, however many others are written beside it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from apps.accounts.models import User
from apps.home.demo import scale
from apps.home.demo.scale import Scale
from apps.practice import words
from apps.practice.queries import find_head
from apps.practice.queries import words as search
from apps.practice.queries.filters import Filters, filtered
from apps.practice.queries.history import chosen_entries, readable_entries

NOW = datetime(2026, 5, 20, 19, 0, tzinfo=UTC)
OWN = 60


@pytest.fixture
def school(db: None) -> Scale:
    """Sixty diaries that all say the same few words; with keys of their own each time, for the rows that
    another test took back lie in the index until it is tidied up, and would be counted."""
    return Scale(students=60, teachers=2, entries_per_student=OWN, seed=uuid4().time_low)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def rows_read(school: Scale, sought: str) -> dict[str, int]:
    """Of the table of words and its index, by the page of a diary and by the figures above it. A look through
    the whole table would read the words of all."""
    user = User.objects.get(email=scale.email("student", 3))
    head = find_head(user, school.key("pupil", 3), "view", with_filters=True)
    assert head is not None
    filters = Filters(q=sought)
    asked = {
        "page": chosen_entries(user, head, filters)[:21],
        "figures": filtered(readable_entries(head), filters, head.student.pk),
    }
    read = {}
    for name, rows in asked.items():
        (explained,) = json.loads(rows.explain(format="json", analyze=True, timing=False))
        touched = [node for node in nodes(explained["Plan"]) if of_words(node)]
        assert touched
        read[name] = max(int(_read(node)) for node in touched)
    return read


def of_words(node: dict[str, Any]) -> bool:
    return node.get("Relation Name") == "practice_entrywords" or node.get("Index Name") == "entry_words"


def _read(node: dict[str, Any]) -> float:
    lost = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return float((node["Actual Rows"] + lost) * node["Actual Loops"])


@pytest.mark.parametrize("sought", ["sl", "the", "scale", "slow metronome", "nowhere"])
def test_it_reads_nothing_of_other_diaries(school: Scale, sought: str) -> None:
    scale.seed(school, now=NOW)
    scale.settle()
    assert max(rows_read(school, sought).values()) <= OWN


def test_without_the_key_of_the_diary_it_reads_all(school: Scale, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the words of all diaries lie together."""
    for module in (words, search):
        monkeypatch.setattr(module, "diary_key", lambda student: "")
    scale.seed(school, now=NOW)
    scale.settle()
    assert max(rows_read(school, "scale").values()) > OWN
