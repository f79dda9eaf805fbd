"""Who comes too late reads so, and finds what they typed; a teacher reads no name of what is over."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.services import lock_family
from apps.private_teaching import services
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_user
from tests.factories.private_teaching import make_application

from .walks import SignIn, address, html, state_of

QUICKER = "Somebody was quicker"


def take_back(row: Application) -> None:
    assert row.applied_by is not None
    services.withdraw(application=row, by=row.applied_by, now=timezone.now())


def run_out(row: Application) -> None:
    Application.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def suspend(row: Application) -> None:
    profile = TeacherProfile.objects.get(teacher=row.teacher)
    services.suspend_page(profile=profile, reason="So", by=make_user("Kim"), now=timezone.now())


ENDS = [take_back, run_out, suspend]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "name", ["application-accept", "application-wait", "application-decline", "message-add"]
)
def test_the_teacher_reads_that_it_is_over_and_no_name(
    asked: Application, thea: User, as_user: SignIn, name: str, end: Callable[[Application], None]
) -> None:
    end(asked)
    before = state_of(asked)
    sent = {"words": "x" * 3000, "key": str(uuid4()), "body": "My long answer"}
    answer = as_user(thea).post(address(name, asked.pk), sent, follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain[0][0] == address("application-list")
    assert QUICKER in shown
    assert "Zoe" not in shown
    assert state_of(asked) == before
    assert ApplicationMessage.objects.count() == 1


@pytest.mark.parametrize("name", ["application-agree", "application-withdraw"])
def test_the_family_reads_that_it_is_over(
    asked: Application, thea: User, nora: User, as_user: SignIn, name: str
) -> None:
    services.decline(application=asked, by=thea, words="", now=timezone.now())
    answer = as_user(nora).post(address(name, asked.pk), follow=True)
    assert QUICKER in answer.content.decode()
    assert answer.redirect_chain[0][0] == address("application-show", asked.pk)
    assert state_of(asked) == "declined"


def test_the_family_finds_what_it_typed(asked: Application, thea: User, nora: User, as_user: SignIn) -> None:
    services.decline(application=asked, by=thea, words="", now=timezone.now())
    sent = {"key": str(uuid4()), "body": "My long question"}
    answer = as_user(nora).post(address("message-add", asked.pk), sent)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert QUICKER in shown
    assert "My long question" in shown
    assert ApplicationMessage.objects.count() == 1


def test_words_that_are_too_late_by_a_moment_stay(
    asked: Application, nora: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**facts: object) -> None:
        raise services.ApplicationIsOver

    monkeypatch.setattr(services, "say", refuse)
    sent = {"key": str(uuid4()), "body": "My long question"}
    shown = as_user(nora).post(address("message-add", asked.pk), sent).content.decode()
    assert QUICKER in shown
    assert "My long question" in shown


@pytest.mark.parametrize(
    "name", ["application-accept", "application-decline", "application-wait", "message-add"]
)
def test_who_never_saw_it_finds_nothing(asked: Application, as_user: SignIn, name: str) -> None:
    take_back(asked)
    sent = {"words": "", "key": str(uuid4()), "body": "Hello"}
    assert as_user(make_user("Stranger")).post(address(name, asked.pk), sent).status_code == 404


def test_what_is_open_and_not_ones_own_to_answer_is_refused(
    asked: Application, nora: User, as_user: SignIn
) -> None:
    for name in ("accept", "wait", "decline"):
        assert as_user(nora).post(address(f"application-{name}", asked.pk)).status_code == 403


def test_a_teacher_who_may_not_write_to_a_minor_alone_reads_so(
    cast: Cast, alone: Application, as_user: SignIn
) -> None:
    Guardianship.objects.filter(student=cast.student).update(ended_at=timezone.now())
    shown = html(as_user(alone.teacher), address("application-show", alone.pk))
    assert "Nothing can be written here just now." in shown
    assert "Your guardians write here" not in shown


# An agreement that lapses


@pytest.fixture
def alone(cast: Cast) -> Application:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    return make_application(cast.user("other_teacher"), cast.student, cast.user("student"))


def test_a_guardian_of_a_held_family_reads_why_nobody_can_agree(
    cast: Cast, alone: Application, as_user: SignIn
) -> None:
    lock_family(student=cast.student, reason="Order", by=cast.user("staff"), now=timezone.now())
    client, show = as_user(cast.user("guardian")), address("application-show", alone.pk)
    shown = html(client, show)
    assert "so that has to wait" in shown
    assert "Please ask one" not in shown
    assert "Yes, I agree" not in shown
    answer = client.post(address("application-agree", alone.pk), follow=True).content.decode()
    assert "hold this family as it is" in answer
    assert QUICKER not in answer
    alone.refresh_from_db()
    assert alone.agreed_by is None
