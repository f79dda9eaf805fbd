"""What both sides write about a request, and what the database holds by itself."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.services import CollectionIsOff
from apps.private_teaching import services
from apps.private_teaching.models import Application, ApplicationMessage
from apps.safeguarding.models import Report
from tests.factories.private_teaching import say

from .walks import SignIn, actions, address, html, state_of

# Talking


def test_a_message_that_is_sent_twice_stands_once(asked: Application, nora: User, as_user: SignIn) -> None:
    client, sent = as_user(nora), {"key": str(uuid4()), "body": "And on Fridays?"}
    for _ in range(2):
        assert client.post(address("message-add", asked.pk), sent).status_code == 302
    assert ApplicationMessage.objects.count() == 2
    answer = client.post(address("message-add", asked.pk), sent | {"body": "Other words"})
    assert "This form was used before" in answer.content.decode()
    assert "Other words" in answer.content.decode()


def test_a_key_of_somebody_elses_words_opens_nothing(asked: Application, thea: User, nora: User) -> None:
    row = say(asked, nora, "Mine")
    with pytest.raises(services.MessageKeyIsTaken):
        services.say(application=asked, by=thea, body="Mine", key=row.pk, now=timezone.now())
    services.take_back_message(message=row, by=nora, now=timezone.now())
    with pytest.raises(services.MessageKeyIsTaken):
        services.say(application=asked, by=nora, body="Mine", key=row.pk, now=timezone.now())


def test_while_nothing_may_be_kept_nobody_writes(
    asked: Application, thea: User, nora: User, zoe: Student, as_user: SignIn
) -> None:
    Student.objects.filter(pk=zoe.pk).update(collecting=False)
    sent = {"key": str(uuid4()), "body": "Words that stay"}
    shown = as_user(nora).post(address("message-add", asked.pk), sent).content.decode()
    assert "Nothing new may be written about Zoe" in shown
    assert "Words that stay" in shown
    answer = as_user(thea).post(address("application-decline", asked.pk), {"words": "No"})
    assert "Leave it empty" in answer.content.decode()
    with pytest.raises(CollectionIsOff):
        services.decline(application=asked, by=thea, words="No", now=timezone.now())
    as_user(thea).post(address("application-decline", asked.pk), {"words": ""})
    assert state_of(asked) == "declined"
    assert ApplicationMessage.objects.count() == 1


def test_the_page_of_a_thread_says_when_it_is_too_late(
    asked: Application, nora: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**facts: object) -> None:
        raise services.ApplicationIsOver

    monkeypatch.setattr(services, "say", refuse)
    sent = {"key": str(uuid4()), "body": "Words that stay"}
    shown = as_user(nora).post(address("message-add", asked.pk), sent).content.decode()
    assert "Somebody was quicker" in shown
    assert "Words that stay" in shown


def test_taking_back_ones_words(asked: Application, thea: User, nora: User, as_user: SignIn) -> None:
    row, client = say(asked, nora, "Mistyped"), as_user(nora)
    assert "Mistyped" in html(client, address("message-delete", row.pk))
    assert client.post(address("message-delete", row.pk)).status_code == 302
    services.take_back_message(message=row, by=nora, now=timezone.now())
    assert "Mistyped" not in html(as_user(thea), address("application-show", asked.pk))
    assert actions().count("message-deleted") == 1
    first = ApplicationMessage.objects.kept().get()
    services.take_back_message(message=first, by=nora, now=timezone.now())
    assert "Nothing stands here any more" in html(as_user(thea), address("application-show", asked.pk))


def test_every_message_can_be_reported(asked: Application, thea: User, nora: User, as_user: SignIn) -> None:
    row, client = say(asked, thea, "Meet me behind the school"), as_user(nora)
    url = address("message-report", row.pk)
    assert url in html(client, address("application-show", asked.pk))
    assert url not in html(as_user(thea), address("application-show", asked.pk))
    assert client.post(url, {"category": "contact", "words": ""}).status_code == 302
    report = Report.objects.get()
    assert (report.kind, report.item_id, report.student, report.author) == (
        "message",
        row.pk,
        asked.student,
        thea,
    )
    assert report.evidence == "Meet me behind the school"


def test_who_left_has_no_name(asked: Application, thea: User, nora: User, as_user: SignIn) -> None:
    ApplicationMessage.objects.update(author=None)
    assert "Somebody who left" in html(as_user(thea), address("application-show", asked.pk))


def test_a_teacher_without_a_page_has_a_first_name(
    asked: Application, thea: User, nora: User, as_user: SignIn
) -> None:
    services.take_down_page(profile=thea.teacher_profile, by=thea, now=timezone.now())
    shown = html(as_user(nora), address("application-show", asked.pk))
    assert "Thea for Zoe" in shown
    assert "Thea Teacher" not in shown


# What the database holds by itself


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "declined"},
        {"ended_at": "2026-01-05T12:00Z"},
        {"state": "waitlisted"},
        {"instrument": ""},
    ],
)
def test_what_cannot_be(asked: Application, columns: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.update(**columns)


@pytest.mark.parametrize("body", ["", "x" * 2001])
def test_messages_have_words_and_not_too_many(asked: Application, body: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationMessage.objects.update(body=body)
