"""Rows of ensembles: players, questions, pupils to ask."""

from django.utils import timezone

from apps.ensembles.models import GroupPart, GroupSession, Membership
from apps.practice.content import Line
from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.factories.ensembles import agree, make_ensemble, make_pupil
from tests.factories.practice import make_entry


def _duet(cast: Cast) -> Membership:
    """Mia's own place in an ensemble of her teacher."""
    found = Membership.objects.filter(ensemble__name="Duet").order_by("asked_at").first()
    if found is not None:
        return found
    ensemble = make_ensemble(cast.user("teacher"), cast.student)
    return agree(ensemble, cast.student, cast.user("guardian"))


def duet(cast: Cast) -> list[object]:
    return [_duet(cast).ensemble_id]


def _player(cast: Cast, name: str) -> Membership:
    """More than one ensemble may have, so not by the service."""
    student, guardian = make_pupil(cast.user("teacher"), name)
    now = timezone.now()
    return Membership.objects.create(
        ensemble=_duet(cast).ensemble,
        teaching=student.teachings.get(),
        shown_name=name,
        asked_at=now,
        agreed_at=now,
        agreed_by=guardian,
    )


def _entry_of(player: Membership) -> PracticeEntry:
    assert player.agreed_by is not None
    return make_entry(player.teaching.student, player.agreed_by, minutes=9)


def players(cast: Cast, numbers: range) -> None:
    for number in numbers:
        _player(cast, f"Row {number}")


def _question(cast: Cast, name: str) -> GroupPart:
    mine, other, now = _duet(cast), _player(cast, name), timezone.now()
    entry = _entry_of(other)
    session = GroupSession.objects.create(
        ensemble=mine.ensemble, membership=other, entry=entry, created_at=now
    )
    return GroupPart.objects.create(session=session, membership=mine, asked_at=now)


def questions(cast: Cast, numbers: range) -> None:
    for number in numbers:
        _question(cast, f"Row {number}")


def one_question(cast: Cast) -> list[object]:
    return [(GroupPart.objects.first() or _question(cast, "Ben")).pk]


def together(cast: Cast, numbers: range) -> None:
    """Players who say that they were there at Mia's first entry."""
    mine, now = _duet(cast), timezone.now()
    session, _made = GroupSession.objects.get_or_create(
        entry=cast.entry,
        defaults={"ensemble": mine.ensemble, "membership": mine, "created_at": now},
    )
    for number in numbers:
        other = _player(cast, f"Row {number}")
        entry = _entry_of(other)
        GroupPart.objects.create(
            session=session,
            membership=other,
            asked_at=now,
            state="confirmed",
            entry=entry,
            answered_at=now,
        )


def ensembles(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_ensemble(cast.user("teacher"), cast.student, name=f"Row {number}")


def pupils(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_pupil(cast.user("teacher"), f"Row {number}")


def entries_of_today(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_entry(cast.student, cast.user("guardian"), minutes=1, lines=[Line(f"Row {number}")])


def sessions(cast: Cast, numbers: range) -> None:
    """Mia says each time that somebody was there."""
    mine, now = _duet(cast), timezone.now()
    for _number in numbers:
        entry = make_entry(cast.student, cast.user("guardian"), minutes=1)
        GroupSession.objects.create(ensemble=mine.ensemble, membership=mine, entry=entry, created_at=now)
