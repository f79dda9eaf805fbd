"""The pages of assignments, as each of their readers meets them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.assignments.models import Assignment, AssignmentCompletion
from apps.lessons.models import Lesson
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.assignments import TEN_TIMES, make_assignment, step_of, work
from tests.factories.ensembles import make_ensemble, membership_of
from tests.factories.lessons import place_lesson
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
KEY = "5b0c3f52-8a6f-4c7e-9d1c-2f6a2f3f8a11"
ADD = reverse("assignments:assignment-add")


def shown(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def sent(*teachings: Teaching, **fields: Any) -> dict[str, Any]:
    steps = {"steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0"}
    first = {"steps-0-label": "Left hand", "steps-0-kind": "repetitions", "steps-0-goal": "12"}
    second = {"steps-1-label": "", "steps-1-kind": "bars", "steps-1-goal": "9-16"}
    usual = {"key": KEY, "title": "Sonatina", "students": [str(each.pk) for each in teachings]}
    return usual | steps | first | second | fields


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize(
    ("who", "page"), [("student", "home:student"), ("guardian", "parent_portal:overview")]
)
class TestFirstPages:
    def test_what_is_open_stands_there_until_it_is_done(
        self, cast: Cast, as_user: SignIn, who: str, page: str
    ) -> None:
        row = make_assignment(cast.teaching, "Sonatina")
        client, address = as_user(cast.user(who)), reverse("assignments:assignment-detail", args=[row.pk])
        assert address in shown(client, page)
        work(step_of(row), cast.user("student"))
        assert address not in shown(client, page)

    def test_nothing_that_is_deleted_or_another_childs(
        self, cast: Cast, as_user: SignIn, who: str, page: str
    ) -> None:
        make_assignment(cast.teaching, "Sonatina")
        Assignment.objects.update(deleted_at=timezone.now())
        make_assignment(Teaching.objects.get(student=cast.other_student), "Sonatina")
        assert "Sonatina" not in shown(as_user(cast.user(who)), page)


class TestGiving:
    def test_to_several_at_once_and_sent_twice_it_is_given_once(self, cast: Cast, as_user: SignIn) -> None:
        ben = make_teaching(cast.user("teacher"), make_student("Ben"))
        client = as_user(cast.user("teacher"))
        for _time in range(2):
            answer = client.post(ADD, sent(cast.teaching, ben))
            assert answer["Location"] == reverse("home:roster")
        assert {row.teaching for row in Assignment.objects.all()} == {cast.teaching, ben}
        steps = Assignment.objects.get(teaching=ben).steps.order_by("position")
        assert [(each.kind, each.label, each.amount, each.from_bar, each.to_bar) for each in steps] == [
            ("repetitions", "Left hand", 12, None, None),
            ("bars", "", None, 9, 16),
        ]

    def test_whose_lessons_ended_a_second_ago_is_left_out_and_named(
        self, cast: Cast, as_user: SignIn
    ) -> None:
        ben = make_teaching(cast.user("teacher"), make_student("Ben"))
        Teaching.objects.filter(pk=ben.pk).update(ended_at=timezone.now() - timedelta(seconds=1))
        answer = as_user(cast.user("teacher")).post(ADD, sent(cast.teaching, ben))
        row = Assignment.objects.get()
        assert answer["Location"] == reverse("assignments:assignment-detail", args=[row.pk])
        assert row.teaching == cast.teaching
        assert said(answer) == [
            f"Given to {cast.student.name}.",
            "Left out, because the lessons ended or pause: Ben.",
        ]

    def test_of_many_only_how_many_they_are(self, cast: Cast, as_user: SignIn) -> None:
        teacher = cast.user("teacher")
        many = [make_teaching(teacher, make_student(f"Pupil {number}")) for number in range(11)]
        assert said(as_user(teacher).post(ADD, sent(*many))) == ["Given to 11 students."]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("title", "x" * 201),
            ("description", "x" * 5001),
            ("students", []),
            ("students", ["never"]),
            ("target_minutes", "0"),
            ("target_minutes", "601"),
            ("due_on", "2026-02-30"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, field: str, value: object
    ) -> None:
        answer = as_user(cast.user("teacher")).post(ADD, sent(cast.teaching, **{field: value}))
        assert list(answer.context["form"].errors) == [field]
        assert not Assignment.objects.exists()

    def test_a_day_before_the_students_today_too(self, cast: Cast, as_user: SignIn) -> None:
        Student.objects.filter(pk=cast.student.pk).update(time_zone="Pacific/Kiritimati")
        cast.student.refresh_from_db()
        yesterday = cast.student.today(timezone.now()) - timedelta(days=1)
        fields = sent(cast.teaching, due_on=yesterday.isoformat())
        answer = as_user(cast.user("teacher")).post(ADD, fields)
        [words] = answer.context["form"].errors["due_on"]
        assert words == f"That day is over where {cast.student.name} lives."
        assert 'value="Sonatina"' in answer.content.decode()
        assert not Assignment.objects.exists()

    @pytest.mark.parametrize(
        ("kind", "goal"),
        [
            ("repetitions", ""),
            ("repetitions", "0"),
            ("repetitions", "²"),
            ("tempo", "9999"),
            ("bars", "16-9"),
            ("bars", "0-4"),
            ("bars", "many"),
            ("tick", "9-16"),
        ],
    )
    def test_a_step_without_its_goal_too(self, cast: Cast, as_user: SignIn, kind: str, goal: str) -> None:
        fields = sent(cast.teaching, **{"steps-0-kind": kind, "steps-0-goal": goal})
        answer = as_user(cast.user("teacher")).post(ADD, fields)
        assert list(answer.context["steps"].errors[0]) == ["goal"]
        assert not Assignment.objects.exists()

    def test_nobody_gives_anything_to_another_ones_pupil(self, cast: Cast, as_user: SignIn) -> None:
        for who in ("second_teacher", "guardian", "former_teacher", "stranger"):
            answer = as_user(cast.user(who)).post(ADD, sent(cast.teaching))
            assert answer.status_code == 200
        assert not Assignment.objects.exists()


class TestGroups:
    def test_everybody_in_an_ensemble_gets_it_once(self, cast: Cast, as_user: SignIn) -> None:
        teacher = cast.user("teacher")
        ben, ada = (make_teaching(teacher, make_student(name)) for name in ("Ben", "Ada"))
        make_guardianship(ben.student, cast.user("guardian"))
        duet = make_ensemble(teacher, cast.student, ben.student, name="Duet")
        client = as_user(teacher)
        assert "Duet" in client.get(ADD).content.decode()
        answer = client.post(ADD, sent(ben, groups=[str(duet.pk)]))
        assert answer.status_code == 302
        assert {row.teaching for row in Assignment.objects.all()} == {cast.teaching, ben}
        assert Assignment.objects.count() == 2
        assert not Assignment.objects.filter(teaching=ada).exists()

    def test_whoever_left_the_group_meanwhile_gets_nothing(self, cast: Cast, as_user: SignIn) -> None:
        teacher = cast.user("teacher")
        ben = make_teaching(teacher, make_student("Ben"))
        make_guardianship(ben.student, cast.user("guardian"))
        duet = make_ensemble(teacher, cast.student, ben.student)
        membership_of(duet, ben.student).delete()
        as_user(teacher).post(ADD, sent(students=[], groups=[str(duet.pk)]))
        assert [row.teaching for row in Assignment.objects.all()] == [cast.teaching]

    def test_nobody_elses_group(self, cast: Cast, as_user: SignIn) -> None:
        duet = make_ensemble(cast.user("teacher"), cast.student, name="Duet")
        client = as_user(cast.user("second_teacher"))
        assert "Duet" not in client.get(ADD).content.decode()
        answer = client.post(ADD, sent(students=[], groups=[str(duet.pk)]))
        assert list(answer.context["form"].errors) == ["students"]
        assert not Assignment.objects.exists()


class TestFromALesson:
    @pytest.fixture
    def lesson(self, cast: Cast) -> Lesson:
        return place_lesson(cast.teaching, timezone.now() - timedelta(hours=1))

    def test_what_is_given_in_it_stands_on_its_page(
        self, cast: Cast, as_user: SignIn, lesson: Lesson
    ) -> None:
        client = as_user(cast.user("teacher"))
        page = shown(client, "lessons:lesson-detail", lesson.pk)
        way = f"{ADD}?teaching={cast.teaching.pk}&amp;lesson={lesson.pk}"
        assert way in page
        form = client.get(ADD, {"teaching": str(cast.teaching.pk), "lesson": str(lesson.pk)}).content.decode()
        assert f'name="lesson" value="{lesson.pk}"' in form
        ben = make_teaching(cast.user("teacher"), make_student("Ben"))
        client.post(ADD, sent(cast.teaching, ben, lesson=str(lesson.pk)))
        row = Assignment.objects.get(teaching=cast.teaching)
        assert (row.lesson, Assignment.objects.get(teaching=ben).lesson) == (lesson, None)
        for who in ("teacher", "student", "guardian"):
            address = reverse("assignments:assignment-detail", args=[row.pk])
            assert address in shown(as_user(cast.user(who)), "lessons:lesson-detail", lesson.pk)
            back = reverse("lessons:lesson-detail", args=[lesson.pk])
            assert back in shown(as_user(cast.user(who)), "assignments:assignment-detail", row.pk)
        assert way not in shown(as_user(cast.user("student")), "lessons:lesson-detail", lesson.pk)

    def test_no_lesson_of_another_teacher(self, cast: Cast, as_user: SignIn) -> None:
        theirs = place_lesson(cast.second_teaching, timezone.now())
        as_user(cast.user("teacher")).post(ADD, sent(cast.teaching, lesson=str(theirs.pk)))
        assert Assignment.objects.get().lesson is None


class TestTheSameToOthers:
    def test_the_form_begins_with_what_was_given(self, cast: Cast, as_user: SignIn) -> None:
        row = make_assignment(cast.teaching, "Sonatina", TEN_TIMES, description="Slowly at first")
        client = as_user(cast.user("teacher"))
        way = f"{ADD}?like={row.pk}"
        assert way in shown(client, "assignments:assignment-detail", row.pk)
        page = client.get(way).content.decode()
        for words in ('value="Sonatina"', "Slowly at first", 'value="Slowly"', 'value="10"'):
            assert words in page
        assert Assignment.objects.count() == 1

    @pytest.mark.parametrize("who", ["second_teacher", "guardian"])
    def test_nobody_elses(self, cast: Cast, as_user: SignIn, who: str) -> None:
        row = make_assignment(cast.teaching, "Sonatina")
        assert "Sonatina" not in as_user(cast.user(who)).get(f"{ADD}?like={row.pk}").content.decode()
        assert as_user(cast.user(who)).get(f"{ADD}?like=nonsense").status_code == 200


class TestWorking:
    def test_a_tick_and_its_way_back(self, cast: Cast, as_user: SignIn) -> None:
        row, client = make_assignment(cast.teaching), as_user(cast.user("student"))
        press = reverse("assignments:step-work", args=[row.pk, step_of(row).pk])
        for key in (KEY, KEY, "6b0c3f52-8a6f-4c7e-9d1c-2f6a2f3f8a12"):
            assert client.post(press, {"key": key}).status_code == 302
        done = AssignmentCompletion.objects.get()
        assert (done.done_by, done.is_tick) == (cast.user("student"), True)
        client.post(reverse("assignments:completion-remove", args=[done.pk]))
        assert not AssignmentCompletion.objects.exists()

    def test_no_look_ticks_anything(self, cast: Cast, as_user: SignIn) -> None:
        row, client = make_assignment(cast.teaching), as_user(cast.user("student"))
        assert client.get(reverse("assignments:step-work", args=[row.pk, step_of(row).pk])).status_code == 405
        assert not AssignmentCompletion.objects.exists()

    @pytest.mark.parametrize("done", ["", "0", "-1", "many", "²", "99999"])
    def test_what_says_nothing_comes_back_beside_its_field(
        self, cast: Cast, as_user: SignIn, done: str
    ) -> None:
        row = make_assignment(cast.teaching, "Sonatina", TEN_TIMES)
        press = reverse("assignments:step-work", args=[row.pk, step_of(row).pk])
        answer = as_user(cast.user("student")).post(press, {"key": KEY, "done": done})
        assert "Say how much, in whole numbers; bars like 9-16." in answer.content.decode()
        assert not AssignmentCompletion.objects.exists()

    def test_the_teacher_sees_how_far_each_step_is(self, cast: Cast, as_user: SignIn) -> None:
        row = make_assignment(cast.teaching, "Sonatina", TEN_TIMES)
        work(step_of(row), cast.user("guardian"), repetitions=4)
        page = shown(as_user(cast.user("teacher")), "assignments:assignment-detail", row.pk)
        assert "4 of 10 times" in page


class TestChanging:
    def test_the_teacher_changes_it_and_takes_it_back(self, cast: Cast, as_user: SignIn) -> None:
        row, client = make_assignment(cast.teaching), as_user(cast.user("teacher"))
        edit = reverse("assignments:assignment-edit", args=[row.pk])
        assert client.post(edit, sent(version=row.version)).status_code == 302
        row.refresh_from_db()
        assert (row.title, row.steps.count()) == ("Sonatina", 2)
        assert client.post(edit, {"remove": "1"}).status_code == 302
        row.refresh_from_db()
        assert row.deleted_at is not None

    def test_a_former_teacher_sees_nothing_new_and_the_family_all(self, cast: Cast, as_user: SignIn) -> None:
        row = make_assignment(cast.teaching, "Sonatina")
        Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now())
        address = reverse("assignments:assignment-detail", args=[row.pk])
        found = {
            who: as_user(cast.user(who)).get(address).status_code
            for who in ("teacher", "student", "guardian", "second_teacher", "viewer")
        }
        assert found == {
            "teacher": 404,
            "student": 200,
            "guardian": 200,
            "second_teacher": 404,
            "viewer": 404,
        }
