"""Two at the same moment: both guardians say yes, a yes meets the name that is taken back."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.accounts.models import User
from apps.ensembles import services
from apps.ensembles.models import GroupPart, Membership, PartState
from apps.practice.models import PracticeEntry
from tests.factories.accounts import make_guardianship, make_user
from tests.factories.practice import make_entry
from tests.practice.test_concurrency import together

from .conftest import Duo, make_duo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> tuple[Duo, User]:
    """Ben has two guardians."""
    duo, second = make_duo(), make_user("Second")
    make_guardianship(duo.ben, second)
    return duo, second


def yes(part: GroupPart, by: User, minutes: int) -> Callable[[], object]:
    def say() -> object:
        return services.confirm_part(part=part, by=by, minutes=minutes, now=timezone.now()).pk

    return say


def test_both_guardians_say_yes_and_it_is_one_entry(scene: tuple[Duo, User]) -> None:
    duo, second = scene
    for _ in range(5):
        PracticeEntry.objects.filter(student=duo.ben).delete()
        part = duo.question()
        results = together(yes(part, duo.bens, 10), yes(part, second, 20))
        (entry,) = PracticeEntry.objects.filter(student=duo.ben)
        assert results == [entry.pk, entry.pk]


def test_without_looking_under_the_lock_it_is_two(
    scene: tuple[Duo, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each has looked before the other wrote."""
    duo, second = scene
    part = duo.question()
    seen = services._answerable(part, duo.bens)
    monkeypatch.setattr(services, "_answerable", lambda *args: seen)
    together(yes(part, duo.bens, 10), yes(part, second, 20))
    assert PracticeEntry.objects.filter(student=duo.ben).count() == 2


def test_a_yes_and_a_no_are_one_answer(scene: tuple[Duo, User]) -> None:
    duo, second = scene
    for _ in range(5):
        PracticeEntry.objects.filter(student=duo.ben).delete()
        part = duo.question()

        def no(part: GroupPart = part) -> None:
            services.decline_part(part=part, by=second, now=timezone.now())

        results = together(yes(part, duo.bens, 10), no)
        part.refresh_from_db()
        is_yes = part.state == PartState.CONFIRMED
        assert [isinstance(each, services.OverMeanwhile) for each in results] == [not is_yes, is_yes]
        assert PracticeEntry.objects.filter(student=duo.ben).count() == is_yes


def test_the_same_form_sent_twice_at_once_asks_once(scene: tuple[Duo, User]) -> None:
    duo, _second = scene
    entry = duo.entry()

    def ask() -> object:
        return services.say_together(
            entry=entry, players=[duo.ben_plays.pk], by=duo.mias, now=timezone.now()
        ).pk

    for _ in range(3):
        first, second = together(ask, ask)
        assert first == second
    assert GroupPart.objects.count() == 1


def test_two_who_say_the_same_at_once_share_one_session(scene: tuple[Duo, User]) -> None:
    duo, _second = scene
    for _ in range(3):
        mias, bens = duo.entry(), make_entry(duo.ben, duo.bens)

        def say(entry: PracticeEntry, other: Membership, by: User) -> Callable[[], object]:
            return lambda: (
                services.say_together(entry=entry, players=[other.pk], by=by, now=timezone.now()).pk
            )

        first, second = together(say(mias, duo.ben_plays, duo.mias), say(bens, duo.mia_plays, duo.bens))
        part = GroupPart.objects.get()
        assert (first, second, part.state) == (part.session_id, part.session_id, PartState.CONFIRMED)
        GroupPart.objects.all().delete()
        PracticeEntry.objects.all().delete()


def test_pupils_asked_twice_at_once_are_asked_once(scene: tuple[Duo, User]) -> None:
    duo, _second = scene
    services.end_membership(membership=duo.ben_plays, by=duo.bens, now=timezone.now())

    def ask() -> None:
        services.ask_pupils(ensemble=duo.ensemble, pupils=[duo.ben.pk], by=duo.teacher, now=timezone.now())

    assert together(ask, ask) == [None, None]
    assert duo.ensemble.memberships.filter(ended_at=None, teaching__student=duo.ben).count() == 1


def agreed_while_it_ends(duo: Duo, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Mia's family presses yes; between their look and what they write the teacher ends the ensemble."""
    looked, ended, show = threading.Event(), threading.Event(), services._show

    def late(*args: Any, **said: Any) -> bool:
        looked.set()
        assert ended.wait(5)
        return show(*args, **said)

    def end() -> None:
        assert looked.wait(5)
        services.end_ensemble(ensemble=duo.ensemble, by=duo.teacher, now=timezone.now())
        ended.set()

    def agree() -> None:
        services.agree_to_play(membership=duo.mia_plays, shown_name="Mimi", by=duo.mias, now=timezone.now())

    monkeypatch.setattr(services, "_show", late)
    results = together(agree, end)
    duo.mia_plays.refresh_from_db()
    assert (duo.mia_plays.shown_name, duo.mia_plays.ended_at is None) == ("", False)
    return results


def test_a_yes_that_meets_the_end_is_told_so(
    scene: tuple[Duo, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    duo, _second = scene
    yes, end = agreed_while_it_ends(duo, monkeypatch)
    assert (type(yes), end) == (services.OverMeanwhile, None)


def test_without_the_second_look_it_is_an_error(
    scene: tuple[Duo, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the row as it was read is written over the one that has ended."""

    def show(membership: Membership, shown_name: str, *, by: User, now: Any) -> bool:
        membership.shown_name, membership.agreed_at, membership.agreed_by = shown_name, now, by
        membership.save(update_fields=["shown_name", "agreed_at", "agreed_by"])
        return True

    monkeypatch.setattr(services, "_show", show)
    yes, _end = agreed_while_it_ends(scene[0], monkeypatch)
    assert isinstance(yes, IntegrityError)


def test_without_the_ensembles_lock_two_who_say_the_same_share_none(
    scene: tuple[Duo, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each has looked before the other wrote."""
    duo, _second = scene
    mias, bens = duo.entry(), make_entry(duo.ben, duo.bens)
    both, said_before = threading.Barrier(2), services._said_before

    def slow(*args: Any) -> GroupPart | None:
        found = said_before(*args)
        both.wait(5)
        return found

    monkeypatch.setattr(services, "_hold", lambda ensemble: None)
    monkeypatch.setattr(services, "_said_before", slow)

    def say(entry: PracticeEntry, other: Membership, by: User) -> Callable[[], object]:
        return lambda: services.say_together(entry=entry, players=[other.pk], by=by, now=timezone.now()).pk

    first, second = together(say(mias, duo.ben_plays, duo.mias), say(bens, duo.mia_plays, duo.bens))
    assert first != second
    assert GroupPart.objects.filter(state=PartState.ASKED).count() == 2


def test_without_the_lock_pupils_asked_twice_meet_an_error(
    scene: tuple[Duo, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: only the database would hold a second place back."""
    duo, _second = scene
    services.end_membership(membership=duo.ben_plays, by=duo.bens, now=timezone.now())
    both, ask_under = threading.Barrier(2), services._ask_those

    def slow(*args: Any, **said: Any) -> None:
        both.wait(5)
        ask_under(*args, **said)

    monkeypatch.setattr(services, "_locked", lambda ensemble, by: ensemble)
    monkeypatch.setattr(services, "_ask_those", slow)

    def ask() -> None:
        services.ask_pupils(ensemble=duo.ensemble, pupils=[duo.ben.pk], by=duo.teacher, now=timezone.now())

    results = together(ask, ask)
    assert sorted(type(each).__name__ for each in results) == ["IntegrityError", "NoneType"]
