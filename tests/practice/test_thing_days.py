"""What each piece and skill got of each day equals a count of the lines, whatever was done in any order."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as of_examples
from hypothesis import strategies as st

from apps.core.access import allowed
from apps.practice import queries, services, thing_days
from apps.practice.content import About, EntryContent, Line
from apps.practice.models import PracticeEntry, PracticeItem, ThingDay
from apps.practice.services import EntryIsNotPossible
from apps.practice.tasks import recount_days
from apps.repertoire.models import Piece
from apps.repertoire.services import merge_pieces
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_section, make_skill

from .lines import attach
from .test_recount import recount
from .things import counted_things, stored_things

# (what, which entry or piece, days ago, minutes, audience, what each line is about)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "log", "log", "change", "change", "delete", "merge"]),
        st.integers(0, 5),
        st.integers(0, 2),
        st.integers(1, 300),
        st.sampled_from(["shared", "private", "first", "second"]),
        st.lists(st.sampled_from(["one", "two", "three", "coda", "skill", "words"]), max_size=4),
    ),
    max_size=14,
)
READERS = ("student", "guardian", "teacher", "second_teacher", "viewer")


class Things:
    """Three pieces, a section of the first and a skill; what was merged away is nothing to play any more."""

    def __init__(self, cast: Cast) -> None:
        by = cast.user("guardian")
        self.pieces = [make_piece(cast.student, by, name) for name in ("One", "Two", "Three")]
        self.coda = make_section(self.pieces[0], by, "Coda")
        self.skill = make_skill(cast.student, by)

    def about(self, name: str) -> About:
        if name in ("one", "two", "three"):
            return About(piece=self.pieces[("one", "two", "three").index(name) % len(self.pieces)].pk)
        self.coda.refresh_from_db()
        coda = About(piece=self.coda.piece_id, section=self.coda.pk)
        return {"coda": coda, "skill": About(skill=self.skill.pk)}.get(name, About())

    def merge(self, cast: Cast, which: int) -> None:
        if len(self.pieces) > 1:
            gone = self.pieces.pop(which % len(self.pieces))
            into = self.pieces[which % len(self.pieces)]
            merge_pieces(into=into, other=gone, by=cast.user("guardian"), now=timezone.now())


Step = tuple[str, int, int, int, str, list[str]]


def take(cast: Cast, things: Things, step: Step) -> None:
    what, which, days_ago, minutes, audience, abouts = step
    by, now = cast.user("student"), timezone.now()
    teachings = {"first": cast.teaching, "second": cast.second_teaching}
    wanted = EntryContent(
        practised_on=cast.student.today(now) - timedelta(days=days_ago),
        minutes=minutes,
        is_private=audience == "private",
        addressed_to=teachings.get(audience),
        description="Something",
        lines=[Line(name, about=things.about(name)) for name in abouts],
    )
    entries = list(PracticeEntry.objects.kept().filter(student=cast.student).order_by("created_at", "pk"))
    if what == "merge":
        things.merge(cast, which)
    elif what == "log" or not entries:
        make_entry(cast.student, by, **vars(wanted))
    elif what == "change":
        services.change_entry(entry=entries[which % len(entries)], by=by, content=wanted, now=now)
    else:
        services.delete_entry(entry=entries[which % len(entries)], by=by, now=now)


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with the same diary."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@of_examples(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_the_days_of_things_equal_a_naive_count(cast: Cast, steps: list[Step]) -> None:
    with undone():
        things = Things(cast)
        for step in steps:
            try:
                take(cast, things, step)
            except EntryIsNotPossible:
                continue  # a day that would be too long changes nothing, which is what is asserted
        assert stored_things(cast.student) == counted_things(cast.student)
        for thing in (*things.pieces, things.skill):
            for name in READERS:
                assert figures(cast, name, thing) == readable(cast, name, thing)
        assert recount("--check") == "All days are right"


def figures(cast: Cast, name: str, thing: object) -> tuple[object, ...]:
    found = queries.practised(cast.user(name), thing)  # type: ignore[arg-type]
    assert len(found.lines) >= min(found.sessions, 1)
    return found.minutes, found.sessions, found.last_on


def readable(cast: Cast, name: str, thing: object) -> tuple[object, ...]:
    """The same by the rule of the entries."""
    about = {"piece": thing} if isinstance(thing, Piece) else {"skill": thing}
    lines = PracticeItem.objects.filter(**about).select_related("entry")
    rows = lines.filter(entry__in=allowed(PracticeEntry.objects.all(), "view", cast.user(name)))
    days = [row.entry.practised_on for row in rows]
    minutes = sum(row.share_minutes for row in rows)
    return minutes, len({row.entry_id for row in rows}), max(days, default=None)


def test_an_entry_about_both_pieces_is_one_session_of_what_they_become(cast: Cast, minuet: Piece) -> None:
    other = make_piece(cast.student, cast.user("guardian"), "Menuett")
    lines = [Line("One", about=About(piece=minuet.pk)), Line("Other", about=About(piece=other.pk))]
    make_entry(cast.student, cast.user("student"), minutes=9, lines=lines)
    attach(cast, other, minutes=4)
    attach(cast, other, minutes=2, is_private=True)
    merge_pieces(into=minuet, other=other, by=cast.user("guardian"), now=timezone.now())
    assert figures(cast, "student", minuet)[:2] == (15, 3)
    assert figures(cast, "teacher", minuet)[:2] == (13, 2)
    assert stored_things(cast.student) == counted_things(cast.student)


def test_a_further_session_writes_what_it_is_about_alone(cast: Cast, minuet: Piece) -> None:
    other = make_piece(cast.student, cast.user("guardian"), "Gavotte")
    attach(cast, minuet)
    attach(cast, other)

    def versions() -> dict[object, object]:
        return dict(
            ThingDay.objects.annotate(version=RawSQL("ctid::text", [])).values_list("piece", "version")
        )

    before = versions()
    attach(cast, other)
    after = versions()
    assert after[minuet.pk] == before[minuet.pk]
    assert after[other.pk] != before[other.pk]


def test_of_a_piece_that_is_gone_for_good_nothing_stays_counted(cast: Cast, minuet: Piece) -> None:
    attach(cast, minuet)
    assert ThingDay.objects.filter(piece=minuet).exists()
    minuet.delete()
    assert not ThingDay.objects.exists()
    assert recount("--check") == "All days are right"


def test_a_wrong_missing_or_needless_row_is_found_and_repaired(cast: Cast, minuet: Piece) -> None:
    today = attach(cast, minuet).practised_on
    for day in (1, 2):
        attach(cast, minuet, practised_on=today - timedelta(days=day))
    right = stored_things(cast.student)
    rows = ThingDay.objects.filter(piece=minuet)
    rows.filter(practised_on=today).update(minutes=999)
    rows.filter(practised_on=today - timedelta(days=1)).delete()
    ThingDay.objects.create(
        student=cast.student,
        practised_on=today - timedelta(days=9),
        is_private=True,
        piece=minuet,
        sessions=1,
        minutes=1,
    )
    with pytest.raises(CommandError, match="3 days differ"):
        recount("--check")
    assert recount("--student", str(cast.other_student.pk)) == "All days are right"
    assert recount("--student", str(cast.student.pk)) == "3 days recounted"
    assert stored_things(cast.student) == right


def test_shares_that_were_wrong_are_counted_anew(cast: Cast, minuet: Piece) -> None:
    """An older process saves lines without shares; who counted the day meanwhile added these up."""
    entry = attach(cast, minuet, minutes=30)
    entry.items.update(share_minutes=0)
    services.recount_day(student_id=cast.student.pk, day=entry.practised_on)
    assert figures(cast, "student", minuet)[0] == 0
    assert recount() == "1 days recounted, 1 entries divided anew"
    assert figures(cast, "student", minuet)[0] == 30


def test_each_night_what_differs_is_counted_anew_and_the_log_names_nobody(
    cast: Cast, minuet: Piece, caplog: pytest.LogCaptureFixture
) -> None:
    """An older process made a session private after it was counted: its teacher learns nothing any more."""
    entry = attach(cast, minuet, minutes=30)
    PracticeEntry.objects.filter(pk=entry.pk).update(is_private=True)
    entry.items.update(share_minutes=0)
    assert queries.practised(cast.user("teacher"), minuet).minutes == 30
    recount_days()
    assert figures(cast, "teacher", minuet) == (0, 0, None)
    assert figures(cast, "student", minuet) == (30, 1, entry.practised_on)
    assert caplog.messages == ["1 days recounted, 1 entries divided anew"]
    recount_days()
    assert len(caplog.messages) == 1, "what is right says nothing"
    assert recount("--check") == "All days are right"
    assert recount_days.name in [each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()]


def test_a_day_that_cannot_be_holds_up_no_other_diary(
    cast: Cast, minuet: Piece, caplog: pytest.LogCaptureFixture
) -> None:
    for student, by in ((cast.student, "student"), (cast.other_student, "guardian")):
        for _ in range(2):
            make_entry(student, cast.user(by), minutes=30)
    PracticeEntry.objects.filter(student=cast.student).update(minutes=1000)
    PracticeEntry.objects.filter(student=cast.other_student).update(minutes=40)
    recount_days()
    assert queries.drifted_days(cast.student.pk)
    assert not queries.drifted_days(cast.other_student.pk)
    assert "A diary could not be counted anew" in caplog.messages
    with pytest.raises(CommandError, match=f"1 diaries could not be counted, the first: {cast.student.pk}"):
        recount()


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_all_that_was_there_before_is_counted_in_lots(cast: Cast, minuet: Piece, batch: int) -> None:
    """As the migration does, with what an older process left; a second time changes nothing."""
    skill = make_skill(cast.other_student, cast.user("guardian"))
    for number in range(3):
        day = cast.student.today(timezone.now()) - timedelta(days=number)
        attach(cast, minuet, practised_on=day, is_private=number == 1)
        lines = [Line("Vibrato", about=About(skill=skill.pk)), Line("Again", about=About(skill=skill.pk))]
        make_entry(cast.other_student, cast.user("guardian"), lines=lines, practised_on=day)
    students = (cast.student, cast.other_student)
    before = [counted_things(student) for student in students]
    assert all(before)
    ThingDay.objects.filter(student=cast.student).delete()
    ThingDay.objects.update(minutes=7)
    for _ in range(2):
        assert thing_days.count_all(connection, batch=batch) >= 6
        assert [stored_things(student) for student in students] == before


def test_a_row_is_of_one_thing(cast: Cast, minuet: Piece) -> None:
    """Held by the database: of a piece or of a skill."""
    skill = make_skill(cast.student, cast.user("guardian"))
    day = attach(cast, minuet).practised_on
    for piece, other in ((None, None), (minuet, skill)):
        row = ThingDay(
            student=cast.student,
            practised_on=day,
            is_private=False,
            piece=piece,
            skill=other,
            sessions=1,
            minutes=1,
        )
        with pytest.raises(IntegrityError, match="thing_day_of_one_thing"), transaction.atomic():
            row.save()
