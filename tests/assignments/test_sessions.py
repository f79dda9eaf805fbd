"""What a session of the diary was for: said in its form, and right whatever becomes of the session."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.assignments.content import StepContent, WorkContent
from apps.assignments.models import Assignment, AssignmentCompletion, Step
from apps.assignments.queries import now_of, with_steps
from apps.assignments.services import Picked, delete_assignment
from apps.assignments.state import Done, Kind, progress_of
from apps.practice import services as diary
from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeEntry
from apps.practice.services import AnswerIsOvertaken
from tests.conftest import Cast
from tests.factories.assignments import TEN_TIMES, make_assignment, step_of, work

SignIn = Callable[[User], Client]
BARS = StepContent(kind=Kind.BARS, label="Hands together", from_bar=9, to_bar=16)
TEMPO = StepContent(kind=Kind.TEMPO, amount=96)
TICK = StepContent(label="By heart")


def reached(assignment: Assignment) -> list[int]:
    now = now_of(with_steps(Assignment.objects.all()).get(pk=assignment.pk))
    return [step.progress.reached for step in now.steps]


def sent(**fields: Any) -> dict[str, Any]:
    lines = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    # Yesterday is over everywhere, whatever the hour at which this runs.
    day = (timezone.now() - timedelta(days=1)).date().isoformat()
    return {"key": str(uuid4()), "minutes": "20", "practised_on": day, "given-shown": "1"} | lines | fields


def field(step: Step) -> str:
    return f"given-{step.pk}"


def log_address(cast: Cast) -> str:
    return reverse("practice:entry-log", args=[cast.student.pk])


def log(client: Client, cast: Cast, **fields: Any) -> PracticeEntry:
    answer = client.post(log_address(cast), sent(**fields))
    assert answer.status_code == 302, answer.content.decode()
    return PracticeEntry.objects.latest("created_at")


@pytest.fixture
def minuet(cast: Cast) -> Assignment:
    return make_assignment(cast.teaching, "Minuet", TEN_TIMES, BARS, TEMPO, TICK, about="Minuet")


class TestForm:
    def test_what_is_open_stands_in_the_form_and_counts(
        self, cast: Cast, as_user: SignIn, minuet: Assignment
    ) -> None:
        client = as_user(cast.user("student"))
        page = client.get(log_address(cast)).content.decode()
        steps = [step_of(minuet, position) for position in range(4)]
        assert all(f'name="{field(step)}"' in page for step in steps)
        typed = dict(zip(map(field, steps), ["4", "9-12", "80", "on"], strict=True))
        entry = log(client, cast, **typed)
        assert reached(minuet) == [4, 4, 80, 1]
        # The session says by itself what was practised.
        assert [(line.title, line.repetitions, line.tempo) for line in entry.items.all()] == [
            ("Minuet", 4, 80)
        ]
        detail = client.get(reverse("practice:entry-detail", args=[entry.pk])).content.decode()
        assert reverse("assignments:assignment-detail", args=[minuet.pk]) in detail
        there = client.get(reverse("assignments:assignment-detail", args=[minuet.pk])).content.decode()
        assert reverse("practice:entry-detail", args=[entry.pk]) in there

    def test_no_minutes_of_the_assignment_are_asked_and_a_session_may_be_for_nothing(
        self, cast: Cast, as_user: SignIn, minuet: Assignment
    ) -> None:
        log(as_user(cast.user("student")), cast, description="Played what I like")
        assert reached(minuet) == [0, 0, 0, 0]
        assert not AssignmentCompletion.objects.exists()

    @pytest.mark.parametrize(
        ("position", "typed"), [(0, "many"), (0, "0"), (1, "1-8"), (1, "12-10"), (2, "-3"), (2, "9999")]
    )
    def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_lost(
        self, cast: Cast, as_user: SignIn, minuet: Assignment, position: int, typed: str
    ) -> None:
        name, before = field(step_of(minuet, position)), PracticeEntry.objects.count()
        answer = as_user(cast.user("student")).post(
            log_address(cast), sent(**{name: typed, "struggles": "Thumb under"})
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Say how much, in whole numbers" in page
        assert f'value="{typed}"' in page
        assert "Thumb under" in page
        assert PracticeEntry.objects.count() == before

    def test_sent_twice_is_saved_once(self, cast: Cast, as_user: SignIn, minuet: Assignment) -> None:
        client, key, step = as_user(cast.user("student")), str(uuid4()), step_of(minuet)
        for _time in range(2):
            log(client, cast, key=key, **{field(step): "10"})
        assert reached(minuet)[0] == 10
        answer = client.post(log_address(cast), sent(key=key, **{field(step): "5"}))
        assert "saved already" in answer.content.decode()
        assert reached(minuet)[0] == 10

    def test_the_form_of_a_saved_session_says_what_it_was_for(
        self, cast: Cast, as_user: SignIn, minuet: Assignment
    ) -> None:
        client, step = as_user(cast.user("student")), step_of(minuet)
        entry = log(client, cast, **{field(step): "10"})
        address = reverse("practice:entry-edit", args=[entry.pk])
        assert f'name="{field(step)}" value="10"' in client.get(address).content.decode()
        fields = sent(key=str(entry.pk), version="", description="Slowly, as you said", **{field(step): "3"})
        assert client.post(address, fields).status_code == 302
        assert reached(minuet)[0] == 3
        entry.refresh_from_db()
        # Its lines are what was typed: they are not made anew.
        assert not entry.items.exists()
        fields |= {field(step): "", "version": entry.version}
        assert client.post(address, fields).status_code == 302
        assert reached(minuet)[0] == 0

    def test_each_sees_their_own_and_a_guest_none(
        self, cast: Cast, as_user: SignIn, minuet: Assignment
    ) -> None:
        name = field(step_of(minuet))
        seen = {
            who: name in as_user(cast.user(who)).get(log_address(cast)).content.decode()
            for who in ("student", "guardian", "logger")
        }
        assert seen == {"student": True, "guardian": True, "logger": False}
        as_user(cast.user("logger")).post(
            log_address(cast), sent(description="While I looked after her", **{name: "10"})
        )
        assert reached(minuet)[0] == 0

    def test_the_way_from_an_assignment_opens_its_fold(
        self, cast: Cast, as_user: SignIn, minuet: Assignment
    ) -> None:
        client = as_user(cast.user("student"))
        way = f"{log_address(cast)}?for={minuet.pk}"
        detail = client.get(reverse("assignments:assignment-detail", args=[minuet.pk])).content.decode()
        assert way in detail
        assert '<details class="fold mb-3" open>' in client.get(way).content.decode()
        assert '<details class="fold mb-3">' in client.get(log_address(cast)).content.decode()
        assert client.get(f"{log_address(cast)}?for=nonsense").status_code == 200


class TestService:
    def test_a_step_that_is_gone_meanwhile_saves_nothing(self, cast: Cast, minuet: Assignment) -> None:
        step, before = step_of(minuet), PracticeEntry.objects.count()
        delete_assignment(assignment=minuet, by=cast.user("teacher"), now=timezone.now())
        with pytest.raises(AnswerIsOvertaken):
            write(cast, {step.pk: WorkContent(repetitions=3)})
        assert not AssignmentCompletion.objects.exists()
        assert PracticeEntry.objects.count() == before

    def test_nothing_of_another_kind(self, cast: Cast, minuet: Assignment) -> None:
        with pytest.raises(AnswerIsOvertaken):
            write(cast, {step_of(minuet).pk: WorkContent(tempo=80)})

    def test_what_the_teacher_may_not_read_counts_for_nothing(self, cast: Cast, minuet: Assignment) -> None:
        step = step_of(minuet)
        write(cast, {step.pk: WorkContent(repetitions=2)}, is_private=True)
        write(cast, {step.pk: WorkContent(repetitions=3)}, addressed_to=cast.second_teaching)
        assert reached(minuet)[0] == 0
        write(cast, {step.pk: WorkContent(repetitions=4)}, addressed_to=cast.teaching)
        assert reached(minuet)[0] == 4

    def test_a_tick_beside_the_diary_stays_when_the_session_goes(
        self, cast: Cast, minuet: Assignment
    ) -> None:
        step = step_of(minuet, 3)
        entry = write(cast, {step.pk: WorkContent()})
        work(step, cast.user("guardian"))
        diary.delete_entry(entry=entry, by=cast.user("student"), now=timezone.now())
        assert reached(minuet)[3] == 1


def write(cast: Cast, done: dict[UUID, WorkContent], **content: Any) -> PracticeEntry:
    student = cast.user("student")
    said: dict[str, Any] = {"practised_on": cast.student.today(timezone.now()), "minutes": 5}
    said["lines"] = [Line("Minuet")]
    along = [Picked(done, frozenset(done))]
    return diary.log_entry(
        key=uuid4(),
        student=cast.student,
        by=student,
        content=EntryContent(along=along, **said | content),
        now=timezone.now(),
    )


def change(cast: Cast, entry: PracticeEntry, done: dict[UUID, WorkContent], shown: set[UUID]) -> None:
    content = EntryContent(
        practised_on=entry.practised_on,
        minutes=5,
        lines=[Line("Minuet")],
        is_private=len(done) == 1,
        along=[Picked(done, frozenset(shown))],
    )
    diary.change_entry(entry=entry, by=cast.user("student"), content=content, now=timezone.now())


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["log", "log private", "change", "delete"]),
        st.integers(0, 4),
        st.integers(0, 12),
        st.integers(0, 7),
    ),
    max_size=10,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_state_is_that_of_a_recount_after_any_changes_of_sessions(
    cast: Cast, acts: list[tuple[str, int, int, int]]
) -> None:
    """Beside the product, a plain account of what each session said last."""
    minuet = make_assignment(cast.teaching, "Minuet", TEN_TIMES, BARS)
    times, bars = step_of(minuet), step_of(minuet, 1)
    account: dict[UUID, dict[UUID, WorkContent]] = {}
    entries: list[PracticeEntry] = []
    for act, which, repetitions, first in acts:
        done: dict[UUID, WorkContent] = {}
        if repetitions:
            done[times.pk] = WorkContent(repetitions=repetitions)
        if first:
            done[bars.pk] = WorkContent(from_bar=8 + first, to_bar=10 + first)
        if act.startswith("log"):
            entry = write(cast, done, is_private=act == "log private")
            entries.append(entry)
            account[entry.pk] = {} if entry.is_private else done
        elif entries:
            entry = entries[which % len(entries)]
            if act == "change":
                change(cast, entry, done, {times.pk, bars.pk})
                account[entry.pk] = {} if len(done) == 1 else done
            else:
                diary.delete_entry(entry=entry, by=cast.user("student"), now=timezone.now())
                entries.remove(entry)
                account[entry.pk] = {}
    expected = [
        progress_of(
            step.target,
            (
                Done(repetitions=said.repetitions, from_bar=said.from_bar, to_bar=said.to_bar)
                for each in account.values()
                for key, said in each.items()
                if key == step.pk
            ),
        ).reached
        for step in (times, bars)
    ]
    assert reached(minuet) == expected
    for entry in entries:
        diary.delete_entry(entry=entry, by=cast.user("student"), now=timezone.now())
    assert reached(minuet) == [0, 0]


def test_of_a_session_that_moved_the_day_follows(cast: Cast, minuet: Assignment) -> None:
    entry = write(cast, {step_of(minuet).pk: WorkContent(repetitions=2)})
    before = entry.practised_on - timedelta(days=2)
    PracticeEntry.objects.filter(pk=entry.pk).update(practised_on=before)
    now = now_of(with_steps(Assignment.objects.all()).get(pk=minuet.pk))
    assert [said.done_on for said in now.steps[0].said] == [before]
