"""What the pages of a long diary read: a part of it, however long it is."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model, QuerySet

from apps.accounts.models import User
from apps.home.demo import scale
from apps.home.demo.scale import Scale
from apps.practice import thing_days
from apps.practice.models import PracticeEntry, PracticeItem
from apps.practice.queries import find_head, practised
from apps.practice.queries import reach as reaching
from apps.practice.queries.filters import Filters, filtered
from apps.practice.queries.history import chosen_entries, readable_entries
from apps.practice.queries.people import DiaryHead
from apps.practice.queries.practised import MOST_LINES, figures_and_lines
from apps.practice.queries.reach import reach_of
from apps.repertoire.models import Piece, Skill

from .test_search_plan import nodes

NOW = datetime(2026, 5, 20, 19, 0, tzinfo=UTC)
HEAVY, MOST, A_DAY = 4000, 60, 8


@pytest.fixture
def school(db: None) -> Scale:
    """One diary of four thousand sessions, four on most days, and two of a few."""
    found = Scale(students=3, teachers=1, entries_per_student=30, heavy_entries=HEAVY, seed=uuid4().time_low)
    scale.seed(found, now=NOW)
    mark_all(found, "scales")
    scale.settle()
    with connection.cursor() as cursor:
        # So few rows are read the quickest one after the other; what is asked is which index serves many.
        cursor.execute("SET LOCAL enable_seqscan = off")
    return found


def mark_all(school: Scale, slug: str) -> None:
    """Every session of the long diary: what few have, an index of its own may find."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO practice_practiceentry_focus_areas (practiceentry_id, focusarea_id)
            SELECT entry.id, area.id FROM practice_practiceentry AS entry, practice_focusarea AS area
            WHERE entry.student_id = %s AND area.slug = %s
            ON CONFLICT DO NOTHING
            """,
            [school.key("pupil", 1), slug],
        )


def reader(school: Scale) -> tuple[User, DiaryHead]:
    user = User.objects.get(email=scale.email("student", 1))
    head = find_head(user, school.key("pupil", 1), "view", with_filters=True)
    assert head is not None
    return user, head


def rows_read(explained: str, model: type[Model]) -> int:
    """By the part of the plan that reads the most rows of the table."""
    (plan,) = json.loads(explained)
    return max(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in nodes(plan["Plan"])
        if node.get("Relation Name") == model._meta.db_table
    )


def explain(rows: QuerySet[Any]) -> str:
    return rows.explain(format="json", analyze=True, timing=False)


def asked(school: Scale) -> list[Filters]:
    """Not by exam or teacher: few sessions have one, and an index of its own may be read instead."""
    piece, skill = (school.key(name, 1) for name in ("piece1", "skill1"))
    return [
        Filters(q="metronome"),
        Filters(q="nowhere"),
        Filters(q="slow", piece=piece),
        Filters(piece=piece),
        Filters(skill=skill),
        Filters(private=True),
        Filters(focus="scales"),
    ]


def looked_at(school: Scale) -> list[int]:
    """Sessions that are read for the figures above a list and for its first page, of each kind of list."""
    user, head = reader(school)
    found = []
    for filters in asked(school):
        reach = reach_of(head, filters)
        counted = reach.of(filtered(readable_entries(head), filters, head.student.pk)).order_by()
        found += [
            rows_read(explain(rows), PracticeEntry)
            for rows in (counted, reach.of(chosen_entries(user, head, filters))[:21])
        ]
    return found


def test_a_list_looks_at_no_more_than_it_may(school: Scale, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", MOST)
    assert max(looked_at(school)) <= MOST + A_DAY


def test_without_a_bound_it_looks_at_what_there_is(school: Scale, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(reaching, "MOST_LOOKED_AT", 10**9)
    assert max(looked_at(school)) > 10 * (MOST + A_DAY)


@pytest.mark.parametrize("kind", [Piece, Skill])
def test_the_page_of_a_thing_reads_the_lines_it_shows(school: Scale, kind: type[Piece | Skill]) -> None:
    """Here every line is about it. The sums are of days."""
    user, head = reader(school)
    name = kind.__name__.lower()
    thing = kind._default_manager.get(pk=school.key(f"{name}1", 1))
    lines = PracticeItem.objects.filter(entry__student=head.student)
    lines.update(**{"piece": None, "section": None, "skill": None} | {name: thing})
    thing_days.count_all(connection)
    scale.settle()
    found = practised(user, thing)
    assert (found.sessions, len(found.lines)) == (HEAVY, MOST_LINES)
    explained = explain(figures_and_lines(kind, head.role, [], thing=thing.pk, student=head.student.pk))
    assert rows_read(explained, PracticeItem) <= 3 * MOST_LINES
    assert rows_read(explained, PracticeEntry) <= 2 * MOST_LINES
