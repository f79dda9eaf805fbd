"""Every write about ensembles. What is about one player holds that student's row lock; what is about the
whole ensemble holds its row."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from apps.accounts.models import Student, User
from apps.accounts.services import lock_student
from apps.core import access, audit
from apps.core.holds import held
from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeEntry
from apps.practice.models.entries import ItemKind
from apps.practice.services import log_entry
from apps.private_teaching.models import Teaching

from .models import QUESTION_LIFE, Ensemble, GroupPart, GroupSession, Membership, PartState
from .queries import is_over, untied

Row = TypeVar("Row", bound=Model)

MOST_ENSEMBLES = 60
MOST_MEMBERS = 30
# Of one player to another within the life of a question, whatever came of them.
MOST_QUESTIONS = 20


class NotPossible(Exception):
    """What was asked for cannot be written, for the page to say so."""


class TooMany(NotPossible):
    """There are as many as can be."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManyEnsembles(TooMany):
    """Of this teacher."""


class TooManyPlayers(TooMany):
    """In this ensemble."""


class NotYourPupils(NotPossible):
    """Somebody was chosen whom this teacher does not teach now, or whose family has not joined."""


class KeyIsTaken(NotPossible):
    """The key that the form made belongs to something that says something else."""


class OverMeanwhile(NotPossible):
    """Ended, answered, or closed to this person since the page was opened."""


class NotAPlayer(NotPossible):
    """Somebody was chosen whose name is not shown to this player, any more or ever."""


class SeveralEnsembles(NotPossible):
    """Those who were chosen do not all play in one ensemble."""


class TooOften(NotPossible):
    """The same player was asked as often as can be in the life of a question."""


class SessionIsTooOld(NotPossible):
    """It was longer ago than a question lives, or was said to be one of several so long ago."""


class PlayedOtherwise(NotPossible):
    """The entry is tied to a session of others already."""


def create_ensemble(
    *, key: UUID, teacher: User, name: str, pupils: Collection[UUID], now: datetime
) -> Ensemble:
    """Make it and ask the families of these pupils. The same ``key`` twice makes one.

    Raises TooMany, NotYourPupils, KeyIsTaken.
    """
    try:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).only("pk").get(pk=teacher.pk)
            saved = Ensemble.objects.filter(pk=key, teacher=teacher).first()
            if saved is not None:
                if saved.name != name:
                    raise KeyIsTaken
                return saved
            if Ensemble.objects.playing().filter(teacher=teacher).count() >= MOST_ENSEMBLES:
                raise TooManyEnsembles(MOST_ENSEMBLES)
            ensemble = Ensemble(pk=key, teacher=teacher, name=name, created_at=now)
            ensemble.save(force_insert=True)
            audit.record(action="ensemble.created", actor=teacher, target=ensemble, now=now)
            _ask(ensemble, pupils, by=teacher, now=now)
    except IntegrityError:
        raise KeyIsTaken from None
    return ensemble


def _locked(ensemble: Ensemble, by: User) -> Ensemble:
    """Under its row lock, if this person still leads it. Raises OverMeanwhile."""
    rows = access.allowed(Ensemble.objects.all(), "change", by)
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk=ensemble.pk).first()
    if found is None:
        raise OverMeanwhile
    return found


@transaction.atomic
def ask_pupils(*, ensemble: Ensemble, pupils: Collection[UUID], by: User, now: datetime) -> None:
    """Ask the families of more pupils; who was asked is asked no second time. ``pupils`` are students.

    Raises OverMeanwhile, NotYourPupils, TooMany.
    """
    _ask(_locked(ensemble, by), pupils, by=by, now=now)


def _ask(ensemble: Ensemble, pupils: Collection[UUID], *, by: User, now: datetime) -> None:
    lessons = Teaching.objects.current().by(by).of_joined().filter(student__in=pupils)
    by_student = {row.student_id: row for row in lessons.order_by("-started_at", "-pk")}
    if set(pupils) - set(by_student):
        raise NotYourPupils
    there = set(
        Membership.objects.there().filter(ensemble=ensemble).values_list("teaching__student", flat=True)
    )
    wanted = [row for student, row in by_student.items() if student not in there]
    if len(there) + len(wanted) > MOST_MEMBERS:
        raise TooManyPlayers(MOST_MEMBERS)
    # A place by other lessons, which pause, would come back beside the new one.
    _end(Membership.objects.filter(ensemble=ensemble, teaching__student__in=by_student.keys() - there), now)
    _ask_those(ensemble, wanted, by=by, now=now)


def _ask_those(ensemble: Ensemble, wanted: Sequence[Teaching], *, by: User, now: datetime) -> None:
    rows = [Membership(ensemble=ensemble, teaching=row, asked_at=now) for row in wanted]
    for member in Membership.objects.bulk_create(rows):
        audit.record(
            action="ensemble.asked",
            actor=by,
            target=member,
            now=now,
            student_id=member.teaching.student_id,
            ensemble=str(ensemble.pk),
        )


def _end(rows: QuerySet[Membership], now: datetime) -> int:
    """With the names. How many had not ended before."""
    return rows.filter(ended_at__isnull=True).update(
        ended_at=now, shown_name="", agreed_at=None, agreed_by=None
    )


def _show(membership: Membership, shown_name: str, *, by: User, now: datetime) -> bool:
    """Unless it has ended: whoever ends an ensemble holds no student's row, so this looks once more, and the
    database waits for them."""
    rows = Membership.objects.filter(pk=membership.pk, ended_at__isnull=True)
    return bool(rows.update(shown_name=shown_name, agreed_at=now, agreed_by=by))


@transaction.atomic
def agree_to_play(*, membership: Membership, shown_name: str, by: User, now: datetime) -> None:
    """The others may see this name from now on; said again it is another name. Raises OverMeanwhile."""
    student = lock_student(membership.teaching.student)
    found = access.allowed(Membership.objects.all(), "decide", by).filter(pk=membership.pk).first()
    if found is None or not _show(found, shown_name, by=by, now=now):
        raise OverMeanwhile
    audit.record(action="ensemble.agreed", actor=by, target=found, now=now, student_id=student.pk)


@transaction.atomic
def end_membership(*, membership: Membership, by: User, now: datetime) -> None:
    """The name goes with it, everywhere and at this commit. Twice changes nothing."""
    student = lock_student(membership.teaching.student)
    if _end(Membership.objects.filter(pk=membership.pk), now):
        audit.record(action="ensemble.left", actor=by, target=membership, now=now, student_id=student.pk)


@transaction.atomic
def end_ensemble(*, ensemble: Ensemble, by: User, now: datetime) -> None:
    """All names go; entries and what ties them stay. Twice changes nothing."""
    if not Ensemble.objects.playing().filter(pk=ensemble.pk).update(ended_at=now):
        return
    _end(Membership.objects.filter(ensemble=ensemble), now)
    audit.record(action="ensemble.ended", actor=by, target=ensemble, now=now)


@transaction.atomic
def say_together(*, entry: PracticeEntry, players: Collection[UUID], by: User, now: datetime) -> GroupSession:
    """Tie the entry to a session of several, and ask these players' families whether it was so.

    ``players`` are memberships of others; who was asked about this entry is asked no second time. Where one
    of them has said the same before, the entry is the answer to that, and nobody is asked. Raises
    OverMeanwhile, SessionIsTooOld, PlayedOtherwise, NotAPlayer, SeveralEnsembles, TooOften.
    """
    student = lock_student(entry.student)
    rows = access.allowed(PracticeEntry.objects.select_related("student"), "play_together", by)
    entry_now = rows.filter(pk=entry.pk).first()
    if entry_now is None:
        raise OverMeanwhile
    if is_over(entry_now, now=now):
        raise SessionIsTooOld
    others = list(Membership.objects.live().filter(pk__in=players).exclude(teaching__student=student))
    if not others or len(others) != len(set(players)):
        raise NotAPlayer
    named = {row.pk for row in others}
    tied = GroupPart.objects.select_related("session").filter(entry=entry_now).first()
    if tied is not None:
        # An answer already: said again it changes nothing.
        if not named <= _players_of(tied.session):
            raise PlayedOtherwise
        return tied.session
    mine = _place_among(others, student)
    said = _said_before(mine, named, entry_now)
    if said is not None:
        _tie(said, entry_now, now=now)
        return said.session
    session = _session_of(entry_now, mine, now=now)
    _ask_players(session, others, now=now)
    return session


def _hold(ensemble: UUID) -> None:
    Ensemble.objects.select_for_update(no_key=True).only("pk").get(pk=ensemble)


def _place_among(others: Sequence[Membership], student: Student) -> Membership:
    """The student's own, in the ensemble of all these, whose row is locked from here on: of two who say the
    same at once, the second finds what the first has said. Raises SeveralEnsembles, NotAPlayer."""
    ensembles = {row.ensemble_id for row in others}
    if len(ensembles) > 1:
        raise SeveralEnsembles
    (ensemble,) = ensembles
    _hold(ensemble)
    mine = Membership.objects.live().filter(ensemble=ensemble, teaching__student=student).first()
    if mine is None:
        raise NotAPlayer
    return mine


def _players_of(session: GroupSession) -> set[UUID | None]:
    return {session.membership_id, *session.parts.values_list("membership", flat=True)}


def _said_before(mine: Membership, named: set[UUID], entry: PracticeEntry) -> GroupPart | None:
    """What one of the others asked this player about that day, also after a no, if everybody else who is
    named now was asked, too. An entry that is the first of a session already asks on its own."""
    if GroupSession.objects.filter(entry=entry).exists():
        return None
    asked = GroupPart.objects.lasting().exclude(state=PartState.CONFIRMED)
    same = asked.filter(
        membership=mine, session__entry__practised_on=entry.practised_on, session__membership__in=named
    )
    for part in same.select_related("session").order_by("asked_at", "pk"):
        if named <= _players_of(part.session):
            return part
    return None


def _session_of(entry: PracticeEntry, mine: Membership, *, now: datetime) -> GroupSession:
    """The entry's own, or a new one. Raises PlayedOtherwise."""
    session, _made = GroupSession.objects.get_or_create(
        entry=entry, defaults={"ensemble_id": mine.ensemble_id, "membership": mine, "created_at": now}
    )
    if session.ensemble_id != mine.ensemble_id:
        raise PlayedOtherwise
    if session.membership_id != mine.pk:
        # Said at a time before the student left and came back.
        session.membership = mine
        session.save(update_fields=["membership"])
    return session


def _ask_players(session: GroupSession, others: Sequence[Membership], *, now: datetime) -> None:
    asked = set(session.parts.values_list("membership", flat=True))
    wanted = [row for row in others if row.pk not in asked]
    recent = GroupPart.objects.filter(
        membership__in=wanted, session__membership=session.membership_id, asked_at__gt=now - QUESTION_LIFE
    )
    counts: dict[UUID, int] = {}
    for key in recent.values_list("membership", flat=True):
        counts[key] = counts.get(key, 0) + 1
    if any(count >= MOST_QUESTIONS for count in counts.values()):
        raise TooOften
    GroupPart.objects.bulk_create(GroupPart(session=session, membership=row, asked_at=now) for row in wanted)


@transaction.atomic
def confirm_part(
    *, part: GroupPart, by: User, now: datetime, minutes: int = 0, entry: PracticeEntry | None = None
) -> PracticeEntry:
    """It was so: an entry of the player's own with these minutes, or one that is there already.

    Said twice it is the same entry. Raises OverMeanwhile, PlayedOtherwise, and of a new entry
    EntryIsNotPossible and CollectionIsOff.
    """
    student = lock_student(part.membership.teaching.student)
    found = _answerable(part, by)
    if found is None:
        return _confirmed_before(part)
    first = found.session.entry
    assert first is not None  # noqa: S101  (what is open has one)
    if entry is None:
        lines = [Line(found.session.ensemble.name, ItemKind.EXERCISE)]
        content = EntryContent(practised_on=first.practised_on, minutes=minutes, lines=lines)
        entry = log_entry(key=uuid4(), student=student, by=by, content=content, now=now)
    elif not untied(access.allowed(PracticeEntry.objects.all(), "play_together", by)).filter(
        pk=entry.pk, student=student, practised_on=first.practised_on
    ):
        raise PlayedOtherwise
    _tie(found, entry, now=now)
    return entry


def _tie(part: GroupPart, entry: PracticeEntry, *, now: datetime) -> None:
    part.state, part.entry, part.answered_at = PartState.CONFIRMED, entry, now
    part.save(update_fields=["state", "entry", "answered_at"])


def _answerable(part: GroupPart, by: User) -> GroupPart | None:
    """As it is under the student's lock; every answer holds it."""
    rows = GroupPart.objects.select_related("session__entry", "session__ensemble")
    return access.allowed(rows, "answer", by).filter(pk=part.pk).first()


def _confirmed_before(part: GroupPart) -> PracticeEntry:
    """Raises OverMeanwhile unless somebody has said yes before."""
    saved = GroupPart.objects.select_related("entry").filter(pk=part.pk, entry__isnull=False).first()
    if saved is None or saved.entry is None:
        raise OverMeanwhile
    return saved.entry


@transaction.atomic
def decline_part(*, part: GroupPart, by: User, now: datetime) -> None:
    """It was not so; nobody is told. Twice changes nothing. Raises OverMeanwhile when it was said to be so,
    or waits no more."""
    lock_student(part.membership.teaching.student)
    if _answerable(part, by) is not None:
        GroupPart.objects.filter(pk=part.pk).update(state=PartState.DECLINED, answered_at=now)
    elif not GroupPart.objects.filter(pk=part.pk, state=PartState.DECLINED).exists():
        raise OverMeanwhile


@transaction.atomic
def forget_questions(*, now: datetime) -> None:
    """What was not confirmed goes when its life is over, a no as well.

    That somebody played with others, they said of their own entry: it stays with it, whatever came of the
    questions, or its end would tell what came of them. What somebody holds stays; no page says so.
    """
    over = GroupPart.objects.filter(asked_at__lte=now - QUESTION_LIFE)
    _not_held(over.exclude(state=PartState.CONFIRMED)).delete()
    _not_held(GroupSession.objects.filter(entry__isnull=True, parts__isnull=True)).delete()


@transaction.atomic
def forget_names(*, now: datetime) -> None:
    """Whose lessons are over plays along no more; the name for the others goes. A pause keeps it, and so does
    who holds it: read it is by nobody."""
    lasting = Teaching.objects.unended().values("pk")
    _end(_not_held(Membership.objects.filter(ended_at__isnull=True).exclude(teaching__in=lasting)), now)


def _not_held(rows: "QuerySet[Row]") -> "QuerySet[Row]":
    keys = list(rows.values_list("pk", flat=True))
    return rows.exclude(pk__in=held(rows.model, keys))
