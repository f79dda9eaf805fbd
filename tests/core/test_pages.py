"""Keyset pages cut what a naive slice cuts, forwards and backwards, with ties; garbage is page one."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.pages import Page, keyset_page
from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.factories.accounts import make_student

FIELDS = ("practised_on", "created_at", "id")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
# Few days and few moments, so that most rows tie on one or both.
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.uuids(version=4)), max_size=14)


def fill(rows: list[tuple[int, int, UUID]]) -> list[UUID]:
    """Insert entries; return their keys in the order that the product shows, newest first."""
    student = make_student(f"Reader {uuid4()}")
    entries = [
        PracticeEntry(
            pk=key,
            student=student,
            practised_on=START.date() + timedelta(days=day),
            created_at=START + timedelta(microseconds=moment),
            minutes=10,
            time_zone="UTC",
        )
        for day, moment, key in rows
    ]
    PracticeEntry.objects.bulk_create(entries)
    ordered = sorted(entries, key=lambda e: (e.practised_on, e.created_at, e.pk.int), reverse=True)
    return [entry.pk for entry in ordered]


def page(cursor: str | None = None, size: int = 3) -> Page[PracticeEntry]:
    return keyset_page(PracticeEntry.objects.all(), fields=FIELDS, cursor=cursor, size=size)


def keys(found: Page[PracticeEntry]) -> list[UUID]:
    return [row.pk for row in found.rows]


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS.filter(lambda rows: len({r[2] for r in rows}) == len(rows)), size=st.integers(1, 5))
def test_pages_are_the_slices_of_the_list(rows: list[tuple[int, int, UUID]], size: int) -> None:
    with transaction.atomic():
        expected = fill(rows)
        slices = [expected[at : at + size] for at in range(0, len(expected), size)] or [[]]
        pages = [page(size=size)]
        while pages[-1].older:
            pages.append(page(pages[-1].older, size))
        assert [keys(found) for found in pages] == slices
        assert pages[0].newer is None
        for number in range(len(pages) - 1, 0, -1):
            back = page(pages[number].newer, size)
            assert keys(back) == slices[number - 1]
            assert (back.newer is None) == (number == 1)
            assert back.older is not None
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_rows_that_come_meanwhile_shift_nothing() -> None:
    expected = fill([(day, 0, uuid4()) for day in range(6)])
    first = page()
    fill([(9, 0, uuid4())])
    assert keys(page(first.older)) == expected[3:]


@pytest.mark.django_db
def test_before_the_first_row_lies_an_empty_page() -> None:
    fill([(0, 0, uuid4())])
    late = encoded("newer", "2027-01-01", "2027-01-01T00:00:00+00:00", str(uuid4()))
    assert page(late) == Page(rows=[], newer=None, older=None)


@pytest.mark.django_db
def test_after_the_last_row_lies_an_empty_page() -> None:
    fill([(0, 0, uuid4())])
    early = encoded("older", "2020-01-01", "2020-01-01T00:00:00+00:00", str(uuid4()))
    assert page(early) == Page(rows=[], newer=None, older=None)


def encoded(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


DAY, MOMENT, KEY = "2026-03-01", "2026-03-01T12:00:00+00:00", "6f1c6ee2-0c8a-4a1c-8e93-000000000001"
GARBAGE = [
    "zzz",
    "....",
    "\x00",
    "ü" * 40,
    "\ud800",
    "[" * 5000,
    base64.urlsafe_b64encode(b"[" * 90_000).decode(),
    encoded(),
    encoded("older"),
    encoded("sideways", DAY, MOMENT, KEY),
    encoded(["older"], DAY, MOMENT, KEY),
    encoded("older", DAY, MOMENT),
    encoded("older", DAY, MOMENT, KEY, KEY),
    encoded("older", None, None, None),
    encoded("older", DAY, MOMENT, "not-a-key"),
    encoded("older", "2026-02-31", MOMENT, KEY),
    encoded("older", DAY, "2026-03-01T12:00:00", KEY),
    encoded("older", DAY, "0001-01-01T00:00:00+23:59", KEY),
    encoded("older", DAY, "9999-12-31T23:59:59-23:59", KEY),
    encoded("older", DAY, "yesterday", KEY),
    encoded("older", DAY, MOMENT, KEY + "\x00"),
    encoded("older", {"day": 1}, [MOMENT], KEY),
    encoded("older", 1e400, True, 7),
    base64.urlsafe_b64encode(b"null").decode(),
    base64.urlsafe_b64encode(b'"older"').decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", GARBAGE, ids=count())
def test_garbage_is_page_one(cursor: str) -> None:
    expected = fill([(day, 0, uuid4()) for day in range(4)])
    assert keys(page(cursor)) == expected[:3]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cursor=st.text(max_size=60) | st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode())
)
def test_no_text_breaks_a_page(cursor: str) -> None:
    assert page(cursor).rows == []


def test_a_page_never_leaves_its_queryset(cast: Cast) -> None:
    others = make_student("Noa")
    own = PracticeEntry.objects.filter(student=others)
    first = keyset_page(PracticeEntry.objects.all(), fields=FIELDS, cursor=None, size=1)
    assert first.older
    assert keyset_page(own, fields=FIELDS, cursor=first.older, size=1).rows == []


def test_a_cursor_carries_no_words(cast: Cast) -> None:
    """What goes into the address bar is the place in the list, nothing of what was written."""
    older = keyset_page(PracticeEntry.objects.all(), fields=FIELDS, cursor=None, size=1).older
    assert older
    direction, day, moment, key = json.loads(base64.urlsafe_b64decode(older + "=" * (-len(older) % 4)))
    assert direction == "older"
    entry = PracticeEntry.objects.get(pk=key)
    assert entry.practised_on == date.fromisoformat(day)
    assert entry.created_at == datetime.fromisoformat(moment)
