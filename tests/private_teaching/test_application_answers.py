"""What is answered, by whom, and what comes too late."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.services import lock_family
from apps.private_teaching import queries, services, tasks
from apps.private_teaching.models import Application, ApplicationMessage, Teaching
from apps.private_teaching.models.applications import ApplicationState
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_student, make_user
from tests.factories.private_teaching import make_application, make_page, make_teaching, say

from .walks import SignIn, accept, actions, address, html, state_of

# A minor who is old enough asks; a guardian decides


@pytest.fixture
def alone(cast: Cast) -> Application:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    return make_application(cast.user("other_teacher"), cast.student, cast.user("student"))


def test_no_yes_before_a_guardian_agrees(cast: Cast, alone: Application, as_user: SignIn) -> None:
    teacher, show = as_user(cast.user("other_teacher")), address("application-show", alone.pk)
    assert "Yes, I teach them" not in html(teacher, show)
    answer = teacher.post(address("application-accept", alone.pk), follow=True)
    assert "The family has to agree first" in answer.content.decode()
    assert "Please ask one: they get a mail." in html(as_user(cast.user("student")), show)
    guardian = as_user(cast.user("guardian"))
    assert "Do you agree?" in html(guardian, show)
    guardian.post(address("application-agree", alone.pk))
    guardian.post(address("application-agree", alone.pk))
    assert actions() == ["made", "agreed"]
    assert "Yes, I teach them" in html(teacher, show)
    teacher.post(address("application-accept", alone.pk))
    assert Teaching.objects.filter(teacher=cast.user("other_teacher"), student=cast.student).exists()


def test_the_word_of_who_is_no_guardian_any_more_does_not_count(cast: Cast, alone: Application) -> None:
    services.agree_to(application=alone, by=cast.user("guardian"), now=timezone.now())
    assert queries.is_agreed(alone)
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert not queries.is_agreed(alone)
    with pytest.raises(services.NotAgreedYet):
        accept(alone)
    services.agree_to(application=alone, by=cast.user("second_guardian"), now=timezone.now())
    assert accept(alone) is not None


def test_a_guardian_says_no_for_a_child_who_asked(cast: Cast, alone: Application, as_user: SignIn) -> None:
    as_user(cast.user("second_guardian")).post(address("application-withdraw", alone.pk))
    assert state_of(alone) == "withdrawn"


def test_what_a_child_writes_the_guardians_read(cast: Cast, alone: Application, as_user: SignIn) -> None:
    say(alone, cast.user("student"), "I am free after school")
    for name in ("guardian", "second_guardian"):
        assert "I am free after school" in html(
            as_user(cast.user(name)), address("application-show", alone.pk)
        )


def test_a_younger_student_reads_and_does_not_write(cast: Cast, as_user: SignIn) -> None:
    row = make_application(cast.user("other_teacher"), cast.student, cast.user("guardian"))
    client = as_user(cast.user("student"))
    shown = html(client, address("application-show", row.pk))
    assert "Your guardians write here for you" in shown
    sent = {"key": str(uuid4()), "body": "Hello"}
    assert client.post(address("message-add", row.pk), sent).status_code == 403
    assert ApplicationMessage.objects.count() == 1


# Places


def test_no_yes_without_a_place(asked: Application, thea: User, as_user: SignIn) -> None:
    make_teaching(thea, make_student("First"))
    teacher = as_user(thea)
    assert "All your places are taken." in html(teacher, address("application-show", asked.pk))
    answer = teacher.post(address("application-accept", asked.pk), follow=True)
    assert "All your places are taken." in answer.content.decode()
    assert state_of(asked) == "pending"
    make_page(thea, public=False, places=2)
    assert accept(asked) is not None


def test_a_second_instrument_needs_no_second_place(thea: User, nora: User, zoe: Student) -> None:
    make_page(thea, places=1)
    make_teaching(thea, zoe, "Piano")
    assert accept(make_application(thea, zoe, nora)) is not None


def test_lessons_that_began_in_another_way_meanwhile(asked: Application, thea: User, zoe: Student) -> None:
    make_teaching(thea, zoe, "Cello")
    lessons = accept(asked)
    assert state_of(asked) == "accepted"
    assert Teaching.objects.get() == lessons


def test_lessons_that_the_family_has_paused_since_are_not_begun(
    asked: Application, thea: User, nora: User, zoe: Student, as_user: SignIn
) -> None:
    """The request waits, lessons begin by an invitation, and the family pauses them: then comes the yes."""
    lessons = make_teaching(thea, zoe, "Cello")
    services.pause_teaching(teaching=lessons, by=nora, since=timezone.now(), reason="", now=timezone.now())
    answer = as_user(thea).post(address("application-accept", asked.pk), follow=True).content.decode()
    assert "The family has paused these lessons" in answer
    assert "The lessons have begun" not in answer
    assert state_of(asked) == "pending"
    lessons.refresh_from_db()
    assert lessons.paused_by == nora


def test_what_the_family_agreed_to_after_its_pause_ends_the_pause(cast: Cast, alone: Application) -> None:
    guardian = cast.user("guardian")
    lessons = make_teaching(alone.teacher, cast.student, "Cello")
    facts: dict[str, Any] = {"by": guardian, "now": timezone.now()}
    services.pause_teaching(teaching=lessons, since=timezone.now(), reason="", **facts)
    services.agree_to(application=alone, by=guardian, now=timezone.now())
    assert accept(alone) == lessons
    lessons.refresh_from_db()
    assert lessons.paused_at is None


def test_a_yes_ends_the_teachers_own_pause(asked: Application, thea: User, zoe: Student) -> None:
    lessons = make_teaching(thea, zoe, "Cello", paused_at=timezone.now(), paused_by=thea)
    assert accept(asked) == lessons
    lessons.refresh_from_db()
    assert lessons.paused_at is None


# Too late


def test_nothing_goes_on_when_it_is_over(asked: Application, thea: User, nora: User) -> None:
    services.withdraw(application=asked, by=nora, now=timezone.now())
    now = timezone.now()
    for act in (
        lambda: accept(asked),
        lambda: services.decline(application=asked, by=thea, words="", now=now),
        lambda: services.put_on_waiting_list(application=asked, by=thea, now=now),
        lambda: services.agree_to(application=asked, by=nora, now=now),
        lambda: services.withdraw(application=asked, by=nora, now=now),
        lambda: say(asked, nora),
    ):
        with pytest.raises(services.ApplicationIsOver):
            act()
    assert actions() == ["made", "withdrawn"]


@pytest.mark.parametrize(
    ("name", "sent", "who"),
    [
        ("accept", {}, "thea"),
        ("wait", {}, "thea"),
        ("decline", {"words": ""}, "thea"),
        ("agree", {}, "nora"),
        ("withdraw", {}, "nora"),
    ],
)
def test_an_answer_that_comes_too_late_says_so(
    asked: Application,
    thea: User,
    nora: User,
    as_user: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    sent: dict[str, str],
    who: str,
) -> None:
    """The door was open, and somebody was quicker."""

    def refuse(**facts: object) -> None:
        raise services.ApplicationIsOver

    for service in ("accept", "put_on_waiting_list", "decline", "agree_to", "withdraw"):
        monkeypatch.setattr(services, service, refuse)
    client = as_user({"thea": thea, "nora": nora}[who])
    answer = client.post(address(f"application-{name}", asked.pk), sent, follow=True)
    assert "Somebody was quicker" in answer.content.decode()


def test_a_teacher_does_not_read_that_a_family_is_held_still(
    asked: Application, thea: User, zoe: Student, as_user: SignIn
) -> None:
    lock_family(student=zoe, reason="Order", by=make_user("Staff"), now=timezone.now())
    answer = as_user(thea).post(address("application-accept", asked.pk), follow=True).content.decode()
    assert "This cannot be answered with yes just now." in answer
    assert "hold this family" not in answer
    assert state_of(asked) == "pending"


def test_a_teacher_does_not_read_who_stopped_a_diary(
    asked: Application, thea: User, nora: User, as_user: SignIn
) -> None:
    Student.objects.update(collecting=False)
    sent = {"key": str(uuid4()), "body": "My long answer"}
    shown = as_user(thea).post(address("message-add", asked.pk), sent).content.decode()
    assert "Nothing can be written here just now" in shown
    assert "My long answer" in shown
    assert "has stopped it" not in shown
    assert "has stopped it" in as_user(nora).post(address("message-add", asked.pk), sent).content.decode()
    refused = as_user(thea).post(address("application-decline", asked.pk), {"words": "No"}).content.decode()
    assert "No words can be sent just now" in refused


def test_what_nobody_answers_ends_by_its_date(
    asked: Application, thea: User, nora: User, zoe: Student
) -> None:
    tasks.expire_applications()
    assert state_of(asked) == "pending"
    Application.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    asked.refresh_from_db()
    assert asked.standing(timezone.now()) == ApplicationState.EXPIRED
    assert queries.open_to(thea) == []
    tasks.expire_applications()
    tasks.expire_applications()
    assert state_of(asked) == "expired"
    assert actions() == ["made", "expired"]


def test_what_is_over_and_not_written_is_not_in_the_way(
    asked: Application, thea: User, nora: User, zoe: Student
) -> None:
    Application.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    again = make_application(thea, zoe, nora)
    assert state_of(asked) == "expired"
    assert state_of(again) == "pending"


def test_somebody_answers_while_the_task_runs(asked: Application) -> None:
    from apps.private_teaching.services import applications

    assert not applications._expire(asked.pk, now=timezone.now())
