"""Who is told what of a request; asked once more when it leaves."""

from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.private_teaching import services, tasks
from apps.private_teaching.models import Application
from tests.conftest import Cast
from tests.factories.accounts import birth_month
from tests.factories.private_teaching import make_application, make_page, say

from .walks import SignIn, accept, address, html


@pytest.fixture
def public(cast: Cast) -> None:
    """Noah's teacher has a page, and has read so."""
    make_page(cast.user("other_teacher"))
    Delivery.objects.all().delete()


@pytest.fixture
def row(cast: Cast, public: None) -> Application:
    return make_application(cast.user("other_teacher"), cast.student, cast.user("guardian"))


def sent() -> dict[str, Any]:
    """What leaves now, by the role it goes to; of several the last."""
    mail.outbox.clear()
    deliver_due(clock=timezone.now, limit=200)
    return {message.to[0].partition("@")[0].replace(".", "_"): message for message in mail.outbox}


def told(cast: Cast) -> set[str]:
    return {name for name in sent() if name in vars(cast.people)}


EVERYBODY = {"student", "guardian", "second_guardian", "other_teacher"}


def test_everybody_but_who_asked_is_told(cast: Cast, row: Application) -> None:
    found = sent()
    assert set(found) & set(vars(cast.people)) == EVERYBODY - {"guardian"}
    message = found["other_teacher"]
    assert message.subject == "A request for lessons: Mia"
    assert f"/requests/{row.pk}/" in message.body
    assert "Qzmia" not in message.subject + message.body


def test_a_guardian_is_asked_to_agree(cast: Cast, public: None) -> None:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    row = make_application(cast.user("other_teacher"), cast.student, cast.user("student"))
    found = sent()
    assert "only after a guardian has agreed" in found["guardian"].body
    assert "only after" not in found["other_teacher"].body
    services.agree_to(application=row, by=cast.user("guardian"), now=timezone.now())
    assert told(cast) == EVERYBODY - {"guardian"}


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        ("accept", "Lessons for Mia: yes"),
        ("decline", "Lessons for Mia: not this time"),
        ("wait", "Mia is on the waiting list"),
    ],
)
def test_an_answer_goes_to_the_family(cast: Cast, row: Application, event: str, subject: str) -> None:
    sent()
    facts: dict[str, Any] = {"application": row, "by": row.teacher, "now": timezone.now()}
    if event == "accept":
        accept(row)
    elif event == "decline":
        services.decline(words="", **facts)
    else:
        services.put_on_waiting_list(**facts)
    found = sent()
    assert set(found) == EVERYBODY - {"other_teacher"}
    assert {message.subject for message in found.values()} == {subject}


@pytest.mark.parametrize("event", ["withdraw", "expire"])
def test_the_teacher_of_what_is_over_reads_no_name(cast: Cast, row: Application, event: str) -> None:
    sent()
    if event == "withdraw":
        services.withdraw(application=row, by=cast.user("guardian"), now=timezone.now())
    else:
        Application.objects.update(expires_at=timezone.now())
        tasks.expire_applications()
    found = sent()
    message = found["other_teacher"]
    assert "Mia" not in message.subject + message.body
    assert str(row.pk) not in message.body
    assert "/studio/requests/" in message.body
    assert "Mia" in found["second_guardian"].body


def test_a_message_reaches_the_others_with_its_words(cast: Cast, row: Application) -> None:
    sent()
    say(row, cast.user("other_teacher"), "At four on Thursdays?")
    found = sent()
    assert set(found) == EVERYBODY - {"other_teacher"}
    assert "At four on Thursdays?" in found["guardian"].body
    assert found["guardian"].subject == "Theo wrote about lessons for Mia"
    say(row, cast.user("guardian"), "Five is better.")
    assert told(cast) == EVERYBODY - {"guardian"}


# An agreement that lapses: whoever may agree now is asked once


def test_when_who_agreed_leaves_the_others_are_asked_once(
    cast: Cast, row: Application, as_user: SignIn
) -> None:
    tasks.expire_applications()
    sent()
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    tasks.expire_applications()
    found = sent()
    assert set(found) == {"second_guardian"}
    message = found["second_guardian"]
    assert message.subject == "Please say yes or no: lessons for Mia"
    assert "only after you have agreed" in message.body
    tasks.expire_applications()
    assert sent() == {}
    show = address("application-show", row.pk)
    shown = html(as_user(cast.user("second_guardian")), show)
    assert "Whoever agreed does not decide here any more." in shown
    assert "Do you agree?" in shown
    assert "Please ask one" in html(as_user(cast.user("student")), show)
    listed = html(as_user(row.teacher), show)
    assert "Somebody who decides for the student has to agree once more." in listed
    assert "asked alone" not in listed


def test_who_is_of_age_meanwhile_agrees_for_themselves(cast: Cast, public: None, as_user: SignIn) -> None:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    row = make_application(cast.user("other_teacher"), cast.student, cast.user("student"))
    sent()
    Guardianship.objects.filter(student=cast.student).update(ended_at=timezone.now())
    Student.objects.filter(pk=cast.student.pk).update(age_band="adult", birth_month=birth_month(18))
    tasks.expire_applications()
    assert set(sent()) == {"student"}
    show = address("application-show", row.pk)
    assert "The student is of age now" in html(as_user(row.teacher), show)
    mine = as_user(cast.user("student"))
    assert "You are of age now" in html(mine, show)
    mine.post(address("application-agree", row.pk))
    assert "Yes, I teach them" in html(as_user(row.teacher), show)


def test_a_yes_that_has_to_wait_asks_whoever_may_agree(cast: Cast, public: None, as_user: SignIn) -> None:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=birth_month(16), country="DE")
    row = make_application(cast.user("other_teacher"), cast.student, cast.user("student"))
    sent()
    for _number in range(2):
        as_user(row.teacher).post(address("application-accept", row.pk))
    assert set(sent()) == {"guardian", "second_guardian"}
    assert len(mail.outbox) == 2
    as_user(row.teacher).post(address("application-accept", row.pk))
    assert sent() == {}


def test_nobody_is_asked_who_has_agreed_before_the_mail_leaves(cast: Cast, row: Application) -> None:
    sent()
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    tasks.expire_applications()
    services.agree_to(application=row, by=cast.user("second_guardian"), now=timezone.now())
    assert {message.subject for message in sent().values()} == {"A guardian agrees: lessons for Mia"}


def test_what_was_over_by_its_date_is_told_when_it_is_asked_anew(cast: Cast, row: Application) -> None:
    sent()
    Application.objects.update(expires_at=timezone.now())
    make_application(row.teacher, cast.student, cast.user("second_guardian"))
    found = sent()
    assert found["guardian"].subject in ("A request for lessons is closed", "A request for lessons: Mia")
    assert "A request for lessons is closed" in {message.subject for message in mail.outbox}


def queue_all(cast: Cast, row: Application) -> None:
    """One of each kind of mail, for everybody."""
    say(row, cast.user("guardian"), "Five is better.")
    say(row, cast.user("other_teacher"), "Five it is.")


def test_what_was_taken_back_does_not_leave(cast: Cast, row: Application) -> None:
    sent()
    message = say(row, cast.user("guardian"), "Mistyped")
    services.take_back_message(message=message, by=cast.user("guardian"), now=timezone.now())
    assert sent() == {}


def test_a_guardian_who_left_gets_none_of_it(cast: Cast, row: Application) -> None:
    queue_all(cast, row)
    Guardianship.objects.filter(guardian=cast.user("second_guardian")).update(ended_at=timezone.now())
    assert told(cast) == EVERYBODY - {"second_guardian"}


def test_a_teacher_who_is_suspended_gets_none_of_it(cast: Cast, row: Application) -> None:
    """But that the page is down."""
    profile = make_page(cast.user("other_teacher"), public=False)
    queue_all(cast, row)
    services.suspend_page(profile=profile, reason="So", by=cast.user("staff"), now=timezone.now())
    assert sent()["other_teacher"].subject == "Your page was taken down"
    assert len([message for message in mail.outbox if "other.teacher" in message.to[0]]) == 1
    kinds = Delivery.objects.filter(email=cast.user("other_teacher").email, state="sent").values("kind")
    assert {each["kind"] for each in kinds} == {"teaching.page-decided"}


def test_after_a_no_the_teacher_gets_no_more_words(cast: Cast, row: Application) -> None:
    sent()
    say(row, cast.user("guardian"), "Please?")
    services.decline(application=row, by=cast.user("other_teacher"), words="", now=timezone.now())
    assert "other_teacher" not in sent()


def test_who_was_locked_out_gets_nothing(cast: Cast, row: Application) -> None:
    queue_all(cast, row)
    User.objects.filter(pk=cast.user("guardian").pk).update(is_active=False)
    assert "guardian" not in sent()


def test_news_that_is_not_true_any_more_does_not_leave(cast: Cast, row: Application) -> None:
    services.put_on_waiting_list(application=row, by=row.teacher, now=timezone.now())
    accept(row)
    assert {message.subject for message in sent().values()} == {"Lessons for Mia: yes"}


def test_a_child_has_no_address(cast: Cast, row: Application) -> None:
    User.objects.filter(pk=cast.user("student").pk).update(email=f"{uuid4()}@child.invalid")
    sent()
    say(row, cast.user("other_teacher"), "Hello")
    assert "student" not in sent()


def test_in_the_readers_language(cast: Cast, row: Application) -> None:
    sent()
    User.objects.filter(pk=cast.user("guardian").pk).update(language="de")
    say(row, cast.user("other_teacher"), "Hello")
    assert sent()["guardian"].subject == "Theo hat etwas zum Unterricht für Mia geschrieben"
