"""Giving, changing, working on, carrying over."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Student, User
from apps.accounts.services import CollectionIsOff
from apps.assignments import services
from apps.assignments.content import AssignmentContent, StepContent, WorkContent
from apps.assignments.models import Assignment, AssignmentCompletion
from apps.assignments.queries import AssignmentNow, now_of, with_steps
from apps.assignments.services import DueDayIsOver, NobodyIsLeft, NothingWasDone
from apps.assignments.state import Kind, progress_of
from apps.private_teaching.models import Teaching
from apps.repertoire.services import ChangedMeanwhile, GoneMeanwhile, KeyIsTaken
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.assignments import TEN_TIMES, make_assignment, step_of, work
from tests.factories.private_teaching import make_teaching

BARS = StepContent(kind=Kind.BARS, label="Hands together", from_bar=9, to_bar=16)
TEMPO = StepContent(kind=Kind.TEMPO, amount=96)
DAY = timedelta(days=1)


def now_at(assignment: Assignment) -> AssignmentNow:
    return now_of(with_steps(Assignment.objects.all()).get(pk=assignment.pk))


def reached(assignment: Assignment) -> list[int]:
    return [step.progress.reached for step in now_at(assignment).steps]


def pupils(count: int) -> tuple[User, list[Teaching]]:
    teacher = make_user("Anna")
    return teacher, [make_teaching(teacher, make_student(f"Pupil {number}")) for number in range(count)]


def give_all(teacher: User, teachings: list[Teaching], **more: object) -> services.Given:
    content = AssignmentContent(title="Scales", steps=[TEN_TIMES, BARS])
    sent = {"key": uuid4(), "content": content, "now": timezone.now(), **more}
    return services.give(teachings=[each.pk for each in teachings], by=teacher, **sent)  # type: ignore[arg-type]


class TestGiving:
    def test_each_gets_their_own(self, db: None) -> None:
        teacher, teachings = pupils(3)
        done = give_all(teacher, teachings)
        assert done.names == ["Pupil 0", "Pupil 1", "Pupil 2"]
        assert {row.teaching_id for row in Assignment.objects.all()} == {each.pk for each in teachings}
        for row in done.assignments:
            steps = [
                (step.kind, step.label, step.amount, step.from_bar, step.to_bar) for step in row.steps.all()
            ]
            assert steps == [
                ("repetitions", "Slowly", 10, None, None),
                ("bars", "Hands together", None, 9, 16),
            ]

    def test_without_steps_one_tick_finishes_it(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching)
        assert [step.target.kind for step in now_at(assignment).steps] == [Kind.TICK]

    def test_sent_twice_is_given_once(self, db: None) -> None:
        teacher, teachings = pupils(2)
        key = uuid4()
        give_all(teacher, teachings[:1], key=key)
        assert len(give_all(teacher, teachings, key=key).assignments) == 2
        assert Assignment.objects.count() == 2
        other = AssignmentContent(title="Something else")
        with pytest.raises(KeyIsTaken):
            give_all(teacher, teachings, key=key, content=other)
        fewer = AssignmentContent(title="Scales", steps=[BARS])
        with pytest.raises(KeyIsTaken):
            give_all(teacher, teachings, key=key, content=fewer)

    def test_who_left_a_second_ago_is_left_out(self, db: None) -> None:
        teacher, teachings = pupils(3)
        Teaching.objects.filter(pk=teachings[0].pk).update(ended_at=timezone.now())
        Student.objects.filter(pk=teachings[1].student_id).update(collecting=False)
        done = give_all(teacher, teachings)
        assert (done.names, done.refused, done.left_out) == (["Pupil 2"], ["Pupil 1"], ["Pupil 0"])
        with pytest.raises(NobodyIsLeft):
            give_all(teacher, teachings[:2])
        assert Assignment.objects.count() == 1

    def test_who_left_long_ago_is_not_named(self, db: None) -> None:
        teacher, teachings = pupils(2)
        Teaching.objects.filter(pk=teachings[0].pk).update(ended_at=timezone.now() - DAY)
        done = give_all(teacher, teachings)
        assert (done.names, done.left_out) == (["Pupil 1"], [])

    def test_another_teachers_pupil_is_neither_given_anything_nor_named(self, cast: Cast) -> None:
        with pytest.raises(NobodyIsLeft):
            give_all(cast.user("second_teacher"), [cast.teaching])
        done = give_all(cast.user("second_teacher"), [cast.teaching, cast.second_teaching])
        assert (done.names, done.left_out) == ([cast.student.name], [])
        assert [row.teaching for row in Assignment.objects.all()] == [cast.second_teaching]

    def test_due_today_is_not_over_where_the_student_lives(self, cast: Cast) -> None:
        Student.objects.update(time_zone="Pacific/Kiritimati")
        cast.student.refresh_from_db()
        today = cast.student.today(timezone.now())
        make_assignment(cast.teaching, due_on=today)
        with pytest.raises(DueDayIsOver):
            make_assignment(cast.teaching, due_on=today - DAY)
        assert Assignment.objects.count() == 1

    def test_five_hundred_cost_what_two_cost(self, db: None) -> None:
        teacher, teachings = pupils(500)
        counts = []
        for some in (teachings[:2], teachings):
            with CaptureQueriesContext(connection) as found:
                give_all(teacher, some)
            counts.append(len(found))
        # The driver sends rows by the hundred.
        assert counts[1] <= counts[0] + 4
        assert Assignment.objects.count() == 502


class TestWorking:
    def test_each_counts_as_far_as_it_is_done(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching, "Minuet", TEN_TIMES, BARS, TEMPO)
        student = cast.user("student")
        work(step_of(assignment), student, repetitions=4)
        work(step_of(assignment), cast.user("guardian"), repetitions=3)
        work(step_of(assignment, 1), student, from_bar=9, to_bar=12)
        work(step_of(assignment, 2), cast.user("teacher"), tempo=84)
        assert reached(assignment) == [7, 4, 84]
        assert not now_at(assignment).is_done

    def test_twice_the_same_key_is_once(self, cast: Cast) -> None:
        step, key = step_of(make_assignment(cast.teaching, "Minuet", TEN_TIMES)), uuid4()
        for _time in range(2):
            work(step, cast.user("student"), key, repetitions=4)
        assert AssignmentCompletion.objects.count() == 1

    def test_a_tick_is_once_whoever_presses(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching)
        for who in ("student", "guardian"):
            work(step_of(assignment), cast.user(who))
        assert AssignmentCompletion.objects.get().done_by == cast.user("student")
        assert now_at(assignment).is_done

    @pytest.mark.parametrize(
        ("position", "content"),
        [
            (0, {}),
            (0, {"tempo": 80}),
            (1, {}),
            (1, {"from_bar": 12, "to_bar": 10}),
            (1, {"from_bar": 1, "to_bar": 8}),
            (2, {"repetitions": 4}),
        ],
    )
    def test_what_says_nothing_is_refused(self, cast: Cast, position: int, content: dict[str, Any]) -> None:
        assignment = make_assignment(cast.teaching, "Minuet", TEN_TIMES, BARS, TEMPO)
        with pytest.raises(NothingWasDone):
            work(step_of(assignment, position), cast.user("student"), **content)
        assert not AssignmentCompletion.objects.exists()

    def test_not_for_what_is_gone_or_by_whom_it_is_not(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching)
        step = step_of(assignment)
        with pytest.raises(GoneMeanwhile):
            work(step, cast.user("second_teacher"))
        services.delete_assignment(assignment=assignment, by=cast.user("teacher"), now=timezone.now())
        with pytest.raises(GoneMeanwhile):
            work(step, cast.user("student"))
        Student.objects.update(collecting=False)
        with pytest.raises(CollectionIsOff):
            work(step, cast.user("student"))

    def test_taken_back_it_is_as_if_it_had_never_been(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching)
        work(step_of(assignment), cast.user("student"))
        completion = AssignmentCompletion.objects.get()
        services.take_back(completion=completion, by=cast.user("second_teacher"))
        assert reached(assignment) == [1]
        for _time in range(2):
            services.take_back(completion=completion, by=cast.user("guardian"))
        assert reached(assignment) == [0]
        work(step_of(assignment), cast.user("student"))
        assert now_at(assignment).is_done


class TestChanging:
    def change(self, assignment: Assignment, *steps: StepContent, **content: object) -> Assignment:
        said: dict[str, object] = {"title": "Minuet", "version": None, **content}
        version = said.pop("version")
        return services.change_assignment(
            assignment=assignment,
            by=assignment.teaching.teacher,
            content=AssignmentContent(steps=steps, **said),  # type: ignore[arg-type]
            version=version,  # type: ignore[arg-type]
            now=timezone.now(),
        )

    def test_a_step_that_stays_keeps_what_was_done(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching, "Minuet", TEN_TIMES, BARS)
        work(step_of(assignment), cast.user("student"), repetitions=4)
        more = StepContent(kind=Kind.REPETITIONS, label="Slowly", amount=20)
        self.change(assignment, TEMPO, more)
        steps = now_at(assignment).steps
        assert [(step.target.kind, step.progress.reached) for step in steps] == [
            (Kind.TEMPO, 0),
            (Kind.REPETITIONS, 4),
        ]
        assert steps[1].target.amount == 20

    def test_of_two_who_change_at_once_the_second_is_told(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching)
        self.change(assignment, title="First", version="")
        with pytest.raises(ChangedMeanwhile):
            self.change(assignment, title="Second", version="")
        assert Assignment.objects.get().title == "First"

    def test_a_day_that_passed_may_stay_and_not_be_set(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching)
        yesterday = cast.student.today(timezone.now()) - DAY
        Assignment.objects.update(due_on=yesterday)
        assignment.refresh_from_db()
        self.change(assignment, title="Other words", due_on=yesterday)
        with pytest.raises(DueDayIsOver):
            self.change(assignment, title="Other words", due_on=yesterday - DAY)

    def test_what_is_left_is_given_once_more(self, cast: Cast) -> None:
        assignment = make_assignment(cast.teaching, "Minuet", TEN_TIMES, BARS)
        work(step_of(assignment), cast.user("student"), repetitions=10)
        left = [step.pk for step in now_at(assignment).steps if not step.progress.is_done]
        given = services.carry_over(
            assignment=assignment,
            by=cast.user("teacher"),
            left=left,
            due_on=None,
            key=uuid4(),
            now=timezone.now(),
        )
        [new] = given.assignments
        assert [(step.label, step.progress.reached) for step in now_at(new).steps] == [("Hands together", 0)]
        assert reached(assignment) == [10, 0]


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("times"), st.integers(1, 6)),
        st.tuples(st.just("bars"), st.integers(7, 18)),
        st.tuples(st.just("back"), st.integers(0, 5)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_state_is_that_of_a_recount_after_any_acts(cast: Cast, acts: list[tuple[str, int]]) -> None:
    assignment = make_assignment(cast.teaching, "Minuet", TEN_TIMES, BARS)
    student = cast.user("student")
    for act, number in acts:
        rows = list(AssignmentCompletion.objects.filter(step__assignment=assignment).order_by("pk"))
        if act == "times":
            work(step_of(assignment), student, repetitions=number)
        elif act == "bars" and number <= 16:
            work(step_of(assignment, 1), student, from_bar=number, to_bar=number + 2)
        elif rows:
            services.take_back(completion=rows[number % len(rows)], by=student)
    for step in now_at(assignment).steps:
        rows = list(AssignmentCompletion.objects.filter(step=step.pk))
        assert step.progress == progress_of(step.target, (row.done for row in rows))


def test_content_of_work_says_only_what_its_kind_asks_for(cast: Cast) -> None:
    step = step_of(make_assignment(cast.teaching, "Minuet", TEN_TIMES))
    services.work_on(
        key=uuid4(),
        step=step,
        by=cast.user("student"),
        content=WorkContent(repetitions=3, tempo=90, from_bar=1, to_bar=2),
        now=timezone.now(),
    )
    row = AssignmentCompletion.objects.get()
    assert (row.repetitions, row.tempo, row.from_bar, row.is_tick) == (3, None, None, False)
