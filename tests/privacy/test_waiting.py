"""While an erasure waits: who is told of it, what begins the waiting anew, how it is brought forward."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from apps.accounts.models import Guardianship, Student
from apps.accounts.models.students import AgeBand
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.privacy.models import Erasure, ErasureState
from apps.privacy.services import erasures, rounds, waiting
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.private_teaching import make_teaching

from .conftest import SignIn, confirmed
from .test_erasures import MONTH, ask, readers

DAY = timedelta(days=1)


def news_of(erasure: Erasure) -> set[tuple[str, str]]:
    """Address and kind of news of each message about it."""
    found = Delivery.objects.filter(kind="privacy.erasure-asked", key__contains=f":{erasure.pk}:")
    return {(each.email.partition("@")[0], each.payload["news"]) for each in found}


def test_a_guardian_who_joins_is_told_at_once_and_gets_the_whole_month(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, now=now)
    joined = now + DAY * 29
    make_guardianship(cast.other_student, cast.user("stranger"), started_at=joined)
    waiting.watch(now=joined)
    erasure.refresh_from_db()
    assert (erasure.state, erasure.due_at) == (ErasureState.WAITING, joined + MONTH)
    assert news_of(erasure) == {("other.guardian", "asked"), ("other.guardian", "date"), ("stranger", "date")}
    waiting.watch(now=joined + DAY)
    erasure.refresh_from_db()
    assert erasure.due_at == joined + MONTH
    assert Delivery.objects.filter(kind="privacy.erasure-asked").count() == 3
    deliver_due(clock=lambda: joined)
    assert any("there is a new date" in message.body for message in mail.outbox)


def test_a_login_that_is_attached_meanwhile_is_told_and_waited_for(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, now=now)
    Student.objects.filter(pk=cast.other_student.pk).update(user=cast.user("stranger"), age_band=AgeBand.TEEN)
    # Even when nobody looked before it was due.
    assert erasures.run_due(clock=lambda: now + MONTH) == 0
    erasure.refresh_from_db()
    assert (erasure.state, erasure.due_at) == (ErasureState.WAITING, now + MONTH * 2)
    assert ("stranger", "date") in news_of(erasure)


def test_three_days_before_everybody_is_reminded_once(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    waiting.watch(now=now + DAY * 26)
    assert {news for _who, news in news_of(erasure)} == {"asked"}
    for later in (27, 28, 29):
        waiting.watch(now=now + DAY * later)
    soon = {who for who, news in news_of(erasure) if news == "soon"}
    assert soon == {"guardian", "second.guardian", "student"}
    erasure.refresh_from_db()
    assert erasure.reminded_at == now + DAY * 27
    deliver_due(clock=lambda: now + DAY * 27)
    assert any("Only a few days are left." in message.body for message in mail.outbox)


def test_an_account_is_reminded_too(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("teacher"), cast.user("teacher"), now=now)
    waiting.watch(now=now + DAY * 28)
    assert news_of(erasure) == {("teacher", "asked"), ("teacher", "soon")}


def test_an_asker_who_lost_their_say_stops_it_at_once(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=now)
    waiting.watch(now=now + DAY)
    erasure.refresh_from_db()
    assert (erasure.state, erasure.told_ids) == (ErasureState.UNDONE, [])
    assert readers("privacy.erasure-stopped") == {"second.guardian@people.example", "student@people.example"}
    deliver_due(clock=lambda: now + DAY)
    assert any("does not decide about it any more" in " ".join(m.body.split()) for m in mail.outbox)


def test_watching_costs_the_same_while_nothing_changes(cast: Cast, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    ask(cast.user("guardian"), cast.student, now=now)
    ask(cast.user("other_guardian"), cast.other_student, now=now)
    with django_assert_num_queries(3):
        waiting.watch(now=now)


def test_who_was_told_is_forgotten_when_it_is_settled(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    assert len(erasure.told_ids) == 3
    erasures.stop_erasure(erasure=erasure, by=cast.user("student"), now=now)
    erasure.refresh_from_db()
    assert erasure.told_ids == []
    ask(cast.user("other_guardian"), cast.other_student, at_once=True, now=now)
    rounds.run_due(clock=lambda: now)
    assert list(Erasure.objects.filter(state="done").values_list("told_ids", flat=True)) == [[]]


# Diaries that go along with an account


@pytest.fixture
def shared(cast: Cast) -> Student:
    """A child of two who are nobody's guardian else."""
    child = make_student("Zoe Qzzoe")
    for name in ("stranger", "other_teacher"):
        make_guardianship(child, cast.user(name))
    return child


def leave(cast: Cast, who: str) -> None:
    Guardianship.objects.filter(guardian=cast.user(who)).update(ended_at=timezone.now())


@pytest.mark.parametrize("at_once", [False, True])
def test_a_diary_that_would_go_since_somebody_left_gets_the_whole_time(
    cast: Cast, shared: Student, at_once: bool
) -> None:
    """Nobody had been told of it: neither who asked, nor who left."""
    now, person = timezone.now(), cast.user("stranger")
    erasure = ask(person, person, at_once=at_once, now=now)
    leave(cast, "other_teacher")
    due = erasure.due_at
    assert erasures.run_due(clock=lambda: due) == 0
    erasure.refresh_from_db()
    assert (erasure.state, erasure.due_at, erasure.diary_ids) == ("waiting", due + MONTH, [shared.pk])
    assert ("stranger", "date") in news_of(erasure)
    deliver_due(clock=lambda: due)
    told = " ".join(mail.outbox[-1].body.split())
    assert "More would go with your account than when you asked" in told
    assert "nobody else is left who answers for it: Zoe Qzzoe." in told
    assert erasures.run_due(clock=lambda: due + MONTH) == 2
    assert not Student.objects.filter(pk=shared.pk).exists()
    assert list(Erasure.objects.values_list("diary_ids", flat=True)) == [[], []]


def test_a_diary_that_was_named_when_the_person_asked_begins_nothing_anew(
    cast: Cast, shared: Student
) -> None:
    now, person = timezone.now(), cast.user("stranger")
    leave(cast, "other_teacher")
    erasure = ask(person, person, now=now)
    assert erasure.diary_ids == [shared.pk]
    assert erasures.run_due(clock=lambda: now + MONTH) == 2


def test_one_that_got_another_guardian_begins_nothing_anew(cast: Cast, shared: Student) -> None:
    now, person = timezone.now(), cast.user("stranger")
    leave(cast, "other_teacher")
    ask(person, person, now=now)
    make_guardianship(shared, cast.user("teacher"))
    assert erasures.run_due(clock=lambda: now + MONTH) == 1
    assert Student.objects.filter(pk=shared.pk).exists()


# At once


def test_at_once_brings_forward_what_waits(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, now=now)
    assert ask(cast.user("other_guardian"), cast.other_student, at_once=True, now=now + DAY) == erasure
    assert erasures.run_due(clock=lambda: now + DAY) == 1
    assert not Student.objects.filter(pk=cast.other_student.pk).exists()


def test_at_once_from_the_page_of_an_account_that_waits(cast: Cast, as_user: SignIn) -> None:
    who = cast.user("stranger")
    erasure = ask(who, who, now=timezone.now() - DAY)
    confirmed(client := as_user(who)).post("/settings/data/erase/", {"understood": "on", "at_once": "on"})
    assert "_auth_user_id" not in client.session
    erasure.refresh_from_db()
    assert erasure.due_at <= timezone.now()
    assert erasures.run_due(clock=timezone.now) == 1


def test_others_are_still_asked(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    with pytest.raises(erasures.OthersMustBeAsked):
        ask(cast.user("guardian"), cast.student, at_once=True, now=now)
    erasure.refresh_from_db()
    assert erasure.due_at == now + MONTH


# The way back


def test_the_second_who_keeps_everything_is_told_that_it_is_kept(cast: Cast, as_user: SignIn) -> None:
    erasure = ask(cast.user("guardian"), cast.student)
    for who, words in [("second_guardian", "Stopped. Nothing will"), ("student", "It was stopped already.")]:
        answer = as_user(cast.user(who)).post(f"/erasures/{erasure.pk}/stop/", follow=True)
        assert (answer.status_code, words in answer.content.decode()) == (200, True)
    erasure.refresh_from_db()
    assert erasure.settled_by_id == cast.user("second_guardian").pk


@pytest.mark.parametrize("page", ["/students/{}/diary/", "/students/{}/people/", "/family/"])
def test_every_page_of_the_diary_says_so_and_offers_the_way_back(
    cast: Cast, as_user: SignIn, page: str
) -> None:
    erasure, url = ask(cast.user("guardian"), cast.student), page.format(cast.student.pk)
    button = f'action="/erasures/{erasure.pk}/stop/"'

    def says(who: str) -> bool:
        return button in as_user(cast.user(who)).get(url).content.decode()

    family = ("second_guardian",) if page == "/family/" else ("guardian", "second_guardian", "student")
    assert [says(who) for who in family] == [True] * len(family)
    assert [says(who) for who in ("teacher", "viewer", "other_guardian")] == [False] * 3
    Erasure.objects.update(state="running")
    running = as_user(cast.user("guardian")).get(url).content.decode()
    assert "It is being erased right now." in running
    assert button not in running


# A pupil without a family


def test_the_only_teacher_speaks_for_a_pupil_whom_nobody_joined(cast: Cast, as_user: SignIn) -> None:
    now, teacher = timezone.now(), cast.user("teacher")
    pupil = make_student("Pia", created_by=teacher)
    make_teaching(teacher, pupil)
    client = as_user(teacher)
    assert f"/students/{pupil.pk}/data/" in client.get(f"/students/{pupil.pk}/people/").content.decode()
    assert "Erase this diary" in client.get(f"/students/{pupil.pk}/data/").content.decode()
    erasure = ask(teacher, pupil, now=now)
    assert "Keep everything" in client.get(f"/students/{pupil.pk}/people/").content.decode()
    make_guardianship(pupil, cast.user("stranger"), started_at=now)
    waiting.watch(now=now)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.UNDONE
    assert client.get(f"/students/{pupil.pk}/data/").status_code == 403
