"""The stored day summaries equal a count of the entries, whatever was done in whatever order."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.practice import queries, services
from apps.practice.content import EntryContent, Line
from apps.practice.dividing import divide
from apps.practice.models import PracticeDay, PracticeEntry, PracticeItem
from apps.practice.services import EntryIsNotPossible
from apps.practice.shares import write_wrong
from tests.conftest import Cast
from tests.factories.practice import make_entry

# (what, which entry, days ago, minutes, audience)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "log", "change", "delete"]),
        st.integers(0, 5),
        st.integers(0, 2),
        st.integers(1, 300),
        st.sampled_from(["shared", "private", "first", "second"]),
    ),
    max_size=12,
)


def stored(cast: Cast) -> set[tuple[object, ...]]:
    rows = PracticeDay.objects.filter(student=cast.student)
    return set(
        rows.values_list(
            "practised_on",
            "is_private",
            "addressed_to",
            "sessions",
            "minutes",
            "exam_minutes",
            "performance_minutes",
        )
    )


def counted(cast: Cast) -> set[tuple[object, ...]]:
    """The same, counted entry by entry in the plainest way."""
    days: dict[tuple[object, ...], list[int]] = {}
    for entry in PracticeEntry.objects.kept().filter(student=cast.student):
        row = days.setdefault((entry.practised_on, entry.is_private, entry.addressed_to_id), [0, 0, 0, 0])
        row[0] += 1
        row[1] += entry.minutes
        row[2] += entry.minutes * entry.preparing_for_exam
        row[3] += entry.minutes * entry.preparing_for_performance
    return {(*key, *row) for key, row in days.items()}


def content(cast: Cast, days_ago: int, minutes: int, audience: str) -> EntryContent:
    teachings = {"first": cast.teaching, "second": cast.second_teaching}
    return EntryContent(
        practised_on=cast.student.today(timezone.now()) - timedelta(days=days_ago),
        minutes=minutes,
        is_private=audience == "private",
        addressed_to=teachings.get(audience),
        preparing_for_exam=minutes % 2 == 0,
        preparing_for_performance=minutes % 3 == 0,
    )


def step(cast: Cast, what: str, which: int, days_ago: int, minutes: int, audience: str) -> None:
    by, now = cast.user("student"), timezone.now()
    wanted = content(cast, days_ago, minutes, audience)
    entries = list(PracticeEntry.objects.kept().filter(student=cast.student).order_by("created_at", "pk"))
    if what == "log" or not entries:
        make_entry(cast.student, by, **vars(wanted))
    elif what == "change":
        services.change_entry(entry=entries[which % len(entries)], by=by, content=wanted, now=now)
    else:
        services.delete_entry(entry=entries[which % len(entries)], by=by, now=now)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_summaries_equal_a_naive_count(cast: Cast, steps: list[tuple[str, int, int, int, str]]) -> None:
    for one in steps:
        try:
            step(cast, *one)
        except EntryIsNotPossible:
            continue  # a day that would be too long changes nothing, which is what is asserted
    assert stored(cast) == counted(cast)


def damage(cast: Cast) -> date:
    PracticeDay.objects.filter(student=cast.student, is_private=True).update(minutes=999)
    PracticeDay.objects.filter(student=cast.student, addressed_to__isnull=False).delete()
    return cast.entry.practised_on


def recount(*arguments: str) -> str:
    said = StringIO()
    call_command("recount_days", *arguments, stdout=said)
    return said.getvalue().strip()


def test_the_check_fails_on_a_difference_and_repairs_nothing(cast: Cast) -> None:
    assert recount("--check") == "All days are right"
    day = damage(cast)
    broken = stored(cast)
    with pytest.raises(CommandError, match=f"1 days differ, the first: {cast.student.pk} {day}"):
        recount("--check")
    assert stored(cast) == broken


def test_the_command_repairs(cast: Cast) -> None:
    damage(cast)
    assert recount("--student", str(cast.teaching.pk)) == "All days are right"
    assert recount("--student", str(cast.student.pk)) == "1 days recounted"
    assert stored(cast) == counted(cast)
    assert recount() == "All days are right"


def test_a_summary_without_entries_is_found(cast: Cast) -> None:
    PracticeDay.objects.create(
        student=cast.student,
        practised_on=date(2020, 1, 1),
        is_private=False,
        sessions=1,
        minutes=5,
        exam_minutes=0,
        performance_minutes=0,
    )
    assert recount() == "1 days recounted"
    assert stored(cast) == counted(cast)


def test_shares_that_are_wrong_are_found_and_divided_anew(cast: Cast) -> None:
    lines = [Line("Scales"), Line("Etude", minutes=5), Line("Minuet")]
    entry = make_entry(cast.student, cast.user("student"), minutes=30, lines=lines)
    right = list(entry.items.order_by("position").values_list("share_minutes", flat=True))
    assert right == [13, 5, 12]
    entry.items.filter(position=0).update(share_minutes=0)
    with pytest.raises(CommandError, match=f"1 entries with wrong shares, the first: {entry.pk}"):
        recount("--check")
    assert recount("--student", str(cast.other_student.pk)) == "All days are right"
    versions = len(queries.versions(entry))
    assert recount("--student", str(cast.student.pk)) == "1 entries divided anew"
    assert list(entry.items.order_by("position").values_list("share_minutes", flat=True)) == right
    assert recount("--check") == "All days are right"
    assert len(queries.versions(entry)) == versions


@pytest.mark.parametrize("said", [[None], [10, None, None], [None] * 7, [30], [10, 5], [29, None, None]])
def test_the_database_divides_as_python_does(cast: Cast, said: list[int | None]) -> None:
    """Where all was said and falls short, as in entries from before, so do the shares."""
    lines = [Line(f"Etude {number}") for number in range(len(said))]
    entry = make_entry(cast.student, cast.user("student"), minutes=30, lines=lines)
    for position, minutes in enumerate(said):
        entry.items.filter(position=position).update(minutes=minutes, share_minutes=1440)
    services.recount_shares(entry_id=entry.pk)
    found = list(entry.items.order_by("position").values_list("share_minutes", flat=True))
    assert found == divide(30, said)


def test_all_are_written_in_lots(cast: Cast) -> None:
    """As the migration does; what is right is left alone."""
    for _ in range(5):
        make_entry(cast.student, cast.user("student"), minutes=30, lines=[Line("Scales"), Line("Etude")])
    PracticeItem.objects.update(share_minutes=0)
    lines = PracticeItem.objects.count()
    assert write_wrong(connection, batch=2) == lines
    assert write_wrong(connection, batch=2) == 0
    assert not PracticeItem.objects.filter(share_minutes=0).exists()
