"""Two at the same moment: both guardians say yes, a yes meets the name that is taken back."""

from collections.abc import Callable

import pytest
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
