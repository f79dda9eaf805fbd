"""What was done and typed is not lost: by a word put right, an end that comes between, a second press."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.assignments import services
from apps.assignments.content import AssignmentContent, StepContent, TemplateContent
from apps.assignments.models import Assignment, AssignmentCompletion, Template
from apps.assignments.queries import due_in, given_lately, now_of, with_steps
from apps.assignments.state import Kind
from apps.practice.models import PracticeEntry
from apps.private_teaching.services import end_teaching
from apps.repertoire.services import GoneMeanwhile, KeyIsTaken
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.assignments import TEN_TIMES, make_assignment, place_assignment, step_of, work
from tests.factories.private_teaching import make_teaching

from .test_sessions import field, log, log_address, sent

SignIn = Callable[[User], Client]
ADD = reverse("assignments:assignment-add")
DAY = timedelta(days=1)
SAID = "A step was changed meanwhile."


def ten_times(label: str) -> StepContent:
    return StepContent(kind=Kind.REPETITIONS, label=label, amount=10)


def rewrite(row: Assignment, label: str, key: UUID | None = None, kind: Kind = Kind.REPETITIONS) -> None:
    step = StepContent(kind=kind, label=label, amount=96 if kind is Kind.TEMPO else 10, key=key)
    services.change_assignment(
        assignment=row,
        by=row.teaching.teacher,
        content=AssignmentContent(title=row.title, steps=[step]),
        version=None,
        now=timezone.now(),
    )


def reached(row: Assignment) -> list[tuple[str, int]]:
    now = now_of(with_steps(Assignment.objects.all()).get(pk=row.pk))
    return [(step.label, step.progress.reached) for step in now.steps]


def test_a_step_whose_words_are_put_right_keeps_what_was_done(cast: Cast, as_user: SignIn) -> None:
    row = make_assignment(cast.teaching, "Minuet", ten_times("Left hnad"))
    work(step_of(row), cast.user("student"), repetitions=7)
    client, address = (
        as_user(cast.user("teacher")),
        reverse("assignments:assignment-edit", args=[row.pk]),
    )
    page = client.get(address).content.decode()
    assert f'name="steps-0-step" value="{step_of(row).pk}"' in page
    rows = {"steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "1", "steps-0-step": str(step_of(row).pk)}
    first = {"steps-0-label": "Left hand", "steps-0-kind": "repetitions", "steps-0-goal": "12"}
    assert client.post(address, {"version": "", "title": "Minuet"} | rows | first).status_code == 302
    assert reached(row) == [("Left hand", 7)]


def test_another_row_or_another_kind_is_another_step(cast: Cast) -> None:
    row = make_assignment(cast.teaching, "Minuet", ten_times("C major"))
    work(step_of(row), cast.user("student"), repetitions=7)
    rewrite(row, "C major", uuid4())
    assert reached(row) == [("C major", 7)]
    rewrite(row, "D major")
    assert reached(row) == [("D major", 0)]
    work(step_of(row), cast.user("student"), repetitions=7)
    rewrite(row, "D major", step_of(row).pk, Kind.TEMPO)
    assert reached(row) == [("D major", 0)]


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_step_that_is_another_one_now_is_said(cast: Cast, as_user: SignIn, is_gone: bool) -> None:
    row = make_assignment(cast.teaching, "Minuet", ten_times("Left hand"))
    name, before = field(step_of(row)), PracticeEntry.objects.count()
    if is_gone:
        services.delete_assignment(assignment=row, by=cast.user("teacher"), now=timezone.now())
    else:
        rewrite(row, "Pedal from bar 9")
    answer = as_user(cast.user("student")).post(log_address(cast), sent(description="Scales", **{name: "4"}))
    assert SAID in answer.content.decode()
    assert PracticeEntry.objects.count() == before


def test_what_one_teacher_calls_it_no_other_reads(cast: Cast, as_user: SignIn) -> None:
    row = make_assignment(cast.teaching, "For Anna alone", TEN_TIMES)
    entry = log(as_user(cast.user("student")), cast, **{field(step_of(row)): "4"})
    page = as_user(cast.user("second_teacher")).get(reverse("practice:entry-detail", args=[entry.pk]))
    assert "For Anna alone" not in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_who_left_while_it_waited_gets_nothing() -> None:
    teacher = make_user("Anna")
    mia, ben = (make_teaching(teacher, make_student(name)) for name in ("Mia", "Ben"))
    found: list[list[str]] = []

    def give() -> None:
        try:
            given = services.give(
                key=uuid4(),
                teachings=[mia.pk, ben.pk],
                by=teacher,
                content=AssignmentContent(title="Sonatina"),
                now=timezone.now(),
            )
            found.append(given.names)
        finally:
            connection.close()

    thread = threading.Thread(target=give)
    with transaction.atomic():
        end_teaching(teaching=mia, by=teacher, now=timezone.now())
        thread.start()
        thread.join(1)
    thread.join(20)
    assert found == [["Ben"]]
    assert [row.teaching for row in Assignment.objects.all()] == [ben]


def test_a_key_that_says_something_else_is_no_second_press(cast: Cast) -> None:
    key, teacher, now = uuid4(), cast.user("teacher"), timezone.now()
    services.keep_template(key=key, by=teacher, content=TemplateContent(title="One"), now=now)
    with pytest.raises(KeyIsTaken):
        services.keep_template(key=key, by=teacher, content=TemplateContent(title="Two"), now=now)
    step = step_of(make_assignment(cast.teaching, "Minuet", TEN_TIMES))
    for _time in range(2):
        work(step, cast.user("student"), key=key, repetitions=2)
    with pytest.raises(KeyIsTaken):
        work(step, cast.user("student"), key=key, repetitions=5)
    assert AssignmentCompletion.objects.get().repetitions == 2


def test_a_tag_is_one_however_it_is_typed(cast: Cast) -> None:
    for title, tags in (("One", ["Warm-up"]), ("Two", ["warm-up", "Scales"])):
        content = TemplateContent(title=title, tags=tags)
        services.keep_template(key=uuid4(), by=cast.user("teacher"), content=content, now=timezone.now())
    assert [row.tags for row in Template.objects.order_by("title")] == [["Warm-up"], ["Warm-up", "Scales"]]


def test_what_was_carried_on_waits_no_more(cast: Cast, as_user: SignIn) -> None:
    row = make_assignment(cast.teaching, "Sonatina", TEN_TIMES)
    work(step_of(row), cast.user("student"), repetitions=7)
    address = reverse("assignments:assignment-carry", args=[row.pk])
    as_user(cast.user("teacher")).post(address, {"key": str(uuid4())})
    again = Assignment.objects.exclude(pk=row.pk).get()
    client = as_user(cast.user("student"))
    found = client.get(reverse("assignments:student-assignments", args=[cast.student.pk])).context[
        "assignments"
    ]
    assert [now.row for now in found.open] == [again]
    assert [now.row for now in found.done] == [row]
    form = client.get(log_address(cast)).content.decode()
    assert field(step_of(again)) in form
    assert field(step_of(row)) not in form
    first = client.get(reverse("home:student")).context["page"]
    assert [each.pk for each in first.assignments] == [again.pk]


def test_once_more_with_nothing_left_is_all_of_it(cast: Cast, as_user: SignIn) -> None:
    row = make_assignment(cast.teaching, "Sonatina", TEN_TIMES)
    work(step_of(row), cast.user("student"), repetitions=10)
    address = reverse("assignments:assignment-carry", args=[row.pk])
    as_user(cast.user("teacher")).post(address, {"key": str(uuid4())})
    again = Assignment.objects.exclude(pk=row.pk).get()
    assert [step.content for step in again.steps.all()] == [TEN_TIMES]


class TestDrafts:
    def give(self, cast: Cast, client: Client, query: str) -> str:
        rows = {"steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0", "steps-0-kind": "tick"}
        said: dict[str, Any] = {
            "key": str(uuid4()),
            "title": "Sonatina",
            "students": [str(cast.teaching.pk)],
        }
        return client.post(ADD + query, said | rows, follow=True).content.decode()

    @pytest.mark.parametrize("query", ["", "?teaching={}", "?template={}"])
    def test_what_was_given_is_not_offered_again(self, cast: Cast, as_user: SignIn, query: str) -> None:
        client = as_user(cast.user("teacher"))
        asked = query.format(cast.teaching.pk)
        key = client.get(ADD + asked).content.decode().split('data-draft="')[1].split('"')[0]
        assert f'data-draft-saved="{key}"' in self.give(cast, client, asked)

    def test_each_way_in_has_words_of_its_own(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("teacher"))
        ways = ["", f"?teaching={cast.teaching.pk}", f"?template={uuid4()}"]
        assert len({client.get(ADD + way).context["draft_key"] for way in ways}) == len(ways)

    def test_the_brief_has_the_words_of_the_page_that_takes_them(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("teacher"))
        brief = client.get(reverse("desk:brief", args=[cast.student.pk]))
        way = f"?teaching={brief.context['give_to']}"
        assert f'action="{ADD}{way}"' in brief.content.decode()
        assert client.get(ADD + way).context["draft_key"] == brief.context["give_draft"]

    def test_no_draft_says_for_whom(self, cast: Cast, as_user: SignIn) -> None:
        page = as_user(cast.user("teacher")).get(ADD).content.decode()
        assert "data-draft-never" in page.split('name="students"')[1].split(">")[0]


class TestFirstPages:
    def due(self, student: Student) -> list[str]:
        row = Student.objects.annotate(given=given_lately()).get(pk=student.pk)
        found = due_in(vars(row)["given"], student.today(timezone.now()))
        return [each.title for each in found]

    def test_what_is_long_over_does_not_hide_what_is_due(self, cast: Cast) -> None:
        now = timezone.now()
        for number in range(6):
            old = (now - (40 + number) * DAY).date()
            place_assignment(cast.teaching, title=f"old {number}", due_on=old, created_at=now - 60 * DAY)
        place_assignment(cast.teaching, title="some day")
        place_assignment(cast.teaching, title="new", due_on=(now + 5 * DAY).date())
        assert self.due(cast.student) == ["new", "some day", "old 0", "old 1", "old 2"]

    def test_of_who_teaches_no_more_nothing_is_due(self, cast: Cast) -> None:
        place_assignment(cast.teaching, title="old")
        assert self.due(cast.student) == ["old"]
        end_teaching(teaching=cast.teaching, by=cast.user("guardian"), now=timezone.now())
        assert self.due(cast.student) == []

    def test_one_that_stays_open_is_there_behind_twenty_that_are_done(self, cast: Cast) -> None:
        now = timezone.now()
        place_assignment(cast.teaching, title="Long one", created_at=now - 60 * DAY)
        for number in range(20):
            row = place_assignment(cast.teaching, title=f"done {number}", created_at=now - number * DAY)
            work(step_of(row), cast.user("student"))
        assert self.due(cast.student) == ["Long one"]


class TestWhoseItIs:
    """The service asks once more, whatever the page found."""

    def test_nobody_gives_under_anothers_key(self, cast: Cast) -> None:
        key = uuid4()
        make_assignment(cast.teaching, "Minuet", key=key)
        Assignment.objects.update(added_by=cast.user("second_teacher"))
        with pytest.raises(KeyIsTaken):
            make_assignment(cast.teaching, "Minuet", key=key)

    def test_nobody_changes_anothers_template(self, cast: Cast) -> None:
        content = TemplateContent(title="One")
        row = services.keep_template(
            key=uuid4(), by=cast.user("teacher"), content=content, now=timezone.now()
        )
        with pytest.raises(GoneMeanwhile):
            services.change_template(
                template=row,
                by=cast.user("second_teacher"),
                content=TemplateContent(title="Two"),
                version=None,
                now=timezone.now(),
            )
        row.refresh_from_db()
        assert row.title == "One"
