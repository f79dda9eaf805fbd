"""What players and their teacher see of each other, as far as each may know it at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONObject, Now

from apps.accounts.models import Student, User
from apps.accounts.models.students import family_ids
from apps.core.access import allowed
from apps.core.prepared import Prepared
from apps.practice.models import PracticeEntry
from apps.practice.queries.lists import with_lines
from apps.practice.queries.names import full_name
from apps.private_teaching.models import Teaching

from .models import QUESTION_LIFE, Ensemble, GroupPart, GroupSession, Membership, stands

RECENT = 5


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody says that they practised together; ``name`` is what that player is called here."""

    part_id: UUID
    name: str
    ensemble: str
    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who plays along, by the name that the others read."""

    membership_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class Player:
    """A student's place in one ensemble, for the student's family.

    ``is_there``: the lessons do not pause; a place of which they do is here to be taken back. ``has_agreed``:
    somebody who still may has said yes. ``is_shown``: the others see the name now; only then are there
    ``others`` and ``questions``.
    """

    membership_id: UUID
    ensemble: str
    teacher: str
    shown_name: str
    is_there: bool
    has_agreed: bool
    is_shown: bool
    others: list[Other] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def others_of() -> QuerySet[Membership]:
    """Of a membership in an outer query: those whose names its family sees."""
    return (
        Membership.objects.live()
        .filter(ensemble=OuterRef("ensemble"))
        .exclude(pk=OuterRef("pk"))
        .order_by("agreed_at", "pk")
    )


def with_agreement(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Each with ``agreed``: somebody who still may has said yes."""
    return rows.annotate(agreed=Case(When(stands(), then=True), default=False))


def _places(rows: QuerySet[Membership]) -> QuerySet[Membership, Any]:
    """Each place as one JSON value."""
    questions = GroupPart.objects.open().filter(membership=OuterRef("pk")).order_by("asked_at", "pk")
    return (
        with_agreement(rows)
        .annotate(
            there=Exists(Membership.objects.there().filter(pk=OuterRef("pk"))),
            shown=Exists(Membership.objects.live().filter(pk=OuterRef("pk"))),
        )
        .order_by("asked_at", "pk")
        .values(
            data=JSONObject(
                membership="pk",
                ensemble="ensemble__name",
                teacher=full_name("ensemble__teacher"),
                name="shown_name",
                there="there",
                agreed="agreed",
                shown="shown",
                others=ArraySubquery(others_of().values(data=JSONObject(membership="pk", name="shown_name"))),
                questions=ArraySubquery(
                    questions.values(
                        data=JSONObject(
                            part="pk",
                            name="session__membership__shown_name",
                            day="session__entry__practised_on",
                            minutes="session__entry__minutes",
                        )
                    )
                ),
            )
        )
    )


def _player(row: dict[str, Any]) -> Player:
    is_shown = row["shown"]
    questions = [
        Question(
            UUID(each["part"]),
            each["name"],
            row["ensemble"],
            date.fromisoformat(each["day"]),
            each["minutes"],
        )
        for each in row["questions"]
    ]
    return Player(
        membership_id=UUID(row["membership"]),
        ensemble=row["ensemble"],
        teacher=row["teacher"],
        # Of an agreement that counts no more the family is asked anew.
        shown_name=row["name"] if row["agreed"] else "",
        is_there=row["there"],
        has_agreed=row["agreed"],
        is_shown=is_shown,
        others=[Other(UUID(each["membership"]), each["name"]) for each in row["others"] if is_shown],
        questions=questions,
    )


def question_of(part: GroupPart) -> Question:
    """Of a part that is open, with its session, entry and people."""
    session = part.session
    assert session.entry is not None  # noqa: S101  (what is open has both)
    assert session.membership is not None  # noqa: S101
    name, entry = session.membership.shown_name, session.entry
    return Question(part.pk, name, session.ensemble.name, entry.practised_on, entry.minutes)


def news_of(student: Student, user: User) -> "News":
    """One query. The door to the student is the caller's."""
    (row,) = _students(student=student.pk)
    return news_in(row["places"], is_child=user.is_child)


def places() -> ArraySubquery:
    """Of students in an outer query: their places, for ``news_in``; for pages that read them."""
    return ArraySubquery(_places(Membership.objects.unended().filter(teaching__student=OuterRef("pk"))))


def _build_students(student: UUID) -> QuerySet[Any, Any]:
    return Student.objects.filter(pk=student).annotate(places=places()).values("places")


_students = Prepared(_build_students, student=UUID)


def news_in(rows: Iterable[dict[str, Any]], *, is_child: bool = False) -> "News":
    """From ``places``. A child reads nothing of an ensemble to which no grown-up has agreed, and of lessons
    that pause nobody is asked anything."""
    return News([_player(row) for row in rows if row["agreed"] or (row["there"] and not is_child)])


def reader_of(player: Membership, user: User) -> UUID:
    """For which student of their family this person reads the name of a player; there is one."""
    mine = Membership.objects.live().filter(
        ensemble=player.ensemble_id, teaching__student__in=family_ids(user)
    )
    return mine.order_by("asked_at", "pk").values_list("teaching__student", flat=True)[0]


@dataclass(frozen=True)
class News:
    """What a family is asked: whether the student may play along, and whether they practised together."""

    players: list[Player]

    @property
    def asked(self) -> list[Player]:
        return [player for player in self.players if not player.has_agreed]

    @property
    def questions(self) -> list[Question]:
        return [question for player in self.players for question in player.questions]

    @property
    def agreed(self) -> list[Player]:
        return [player for player in self.players if player.has_agreed]

    @property
    def shown_names(self) -> list[str]:
        """What other families read of the student now, each name once."""
        return list(dict.fromkeys(player.shown_name for player in self.players if player.is_shown))


def untied(entries: QuerySet[PracticeEntry]) -> QuerySet[PracticeEntry]:
    """Without those that belong to a session of several already."""
    parts = GroupPart.objects.filter(entry=OuterRef("pk"))
    firsts = GroupSession.objects.filter(entry=OuterRef("pk"))
    return entries.exclude(Exists(parts)).exclude(Exists(firsts))


def is_over(entry: PracticeEntry, *, now: datetime) -> bool:
    """Nobody is asked about it any more: it was too long ago, or it was said too long ago to be one of
    several. By then every no is deleted and a yes is not, so asking anew would tell a yes that its family
    keeps to itself from a no. Of an entry with its student.
    """
    if entry.practised_on <= entry.student.today(now) - QUESTION_LIFE:
        return True
    return GroupSession.objects.filter(entry=entry, created_at__lte=now - QUESTION_LIFE).exists()


def sessions_to_tell(student: Student, user: User, *, now: datetime) -> list[PracticeEntry]:
    """The newest entries of which the student may say that others played along."""
    rows = allowed(PracticeEntry.objects.all(), "play_together", user).filter(student=student)
    recent = untied(rows.filter(practised_on__gt=student.today(now) - QUESTION_LIFE))
    return list(with_lines(recent).order_by("-practised_on", "-created_at", "-pk")[:RECENT])


def entries_of_day(question: GroupPart, user: User) -> list[PracticeEntry]:
    """The player's own entries of that day, one of which may be what the question is about."""
    first = question.session.entry
    assert first is not None  # noqa: S101  (what is open has one)
    student = question.membership.teaching.student_id
    rows = allowed(PracticeEntry.objects.all(), "play_together", user).filter(student=student)
    found = untied(rows.filter(practised_on=first.practised_on))
    return list(with_lines(found).order_by("created_at", "pk"))


def people_to_ask(entry: PracticeEntry) -> list[Membership]:
    """Whom the entry's player may name: everybody whose name they see, in every ensemble. Those who were
    asked about this entry are marked ``was_asked``. Of one that ``is_over`` it would tell what came of it."""
    mine = Membership.objects.live().filter(teaching__student=entry.student_id)
    asked = GroupPart.objects.filter(session__entry=entry, membership=OuterRef("pk"))
    return list(
        Membership.objects.live()
        .filter(ensemble__in=mine.values("ensemble"))
        .exclude(teaching__student=entry.student_id)
        .annotate(was_asked=Exists(asked))
        .select_related("ensemble")
        .order_by("ensemble__name", "ensemble_id", "agreed_at", "pk")
    )


@dataclass(frozen=True)
class Together:
    """What an entry's page says: the ensemble, who said so too, and whom the family has asked besides."""

    ensemble: str
    names: list[str]
    asked: list[str]
    is_first: bool


def together_of(user: User, entry: PracticeEntry) -> Together | None:
    """For the family and for the ensemble's teacher; for everybody else it is tied to nothing. One query.

    Names are those that the entry's own player sees now, of entries that others may hear of. That somebody
    has said no, has not answered, or keeps their entry to themselves, looks the same.
    """
    live = Membership.objects.live()
    family = Exists(Student.objects.filter(pk=entry.student_id, pk__in=family_ids(user)))
    parts = (
        GroupPart.objects.filter(session=OuterRef("pk"), membership__in=live.values("pk"))
        .exclude(entry=entry)
        .annotate(says=Exists(GroupPart.objects.telling().filter(pk=OuterRef("pk"))))
        # Later it is deleted, unless it was a yes that its family keeps to itself: those look the same.
        .filter(Q(says=True) | Q(asked_at__gt=Now() - QUESTION_LIFE))
        .order_by("asked_at", "pk")
    )
    row = (
        GroupSession.objects.filter(
            Q(ensemble__teacher=user) | Q(family), Q(entry=entry) | Exists(_parts_with(entry))
        )
        .annotate(
            tells=Exists(GroupSession.objects.telling().filter(pk=OuterRef("pk"))),
            plays=Exists(live.filter(ensemble=OuterRef("ensemble"), teaching__student=entry.student_id)),
            people=ArraySubquery(parts.values(data=JSONObject(name="membership__shown_name", says="says"))),
            is_family=family,
        )
        .values(
            "entry_id", "tells", "plays", "people", "is_family", "ensemble__name", "membership__shown_name"
        )
        .first()
    )
    return _together(dict(row), entry) if row else None


def _parts_with(entry: PracticeEntry) -> QuerySet[GroupPart]:
    return GroupPart.objects.filter(entry=entry, session=OuterRef("pk"))


def _together(row: dict[str, Any], entry: PracticeEntry) -> Together:
    is_first = row["entry_id"] == entry.pk
    if not row["plays"]:
        return Together(row["ensemble__name"], [], [], is_first)
    names = [row["membership__shown_name"]] if row["tells"] and not is_first else []
    names += [each["name"] for each in row["people"] if each["says"]]
    asked = [each["name"] for each in row["people"] if not each["says"]]
    return Together(row["ensemble__name"], names, asked if is_first and row["is_family"] else [], is_first)


def may_tell(user: User, entry: PracticeEntry) -> bool:
    """Whether the entry's page offers to say who played along: somebody is there to be asked. One query."""
    mine = Membership.objects.live().filter(teaching__student=entry.student_id)
    others = Membership.objects.live().filter(ensemble__in=mine.values("ensemble"))
    asked = GroupPart.objects.filter(session__entry=entry, membership=OuterRef("pk"))
    known = others.exclude(teaching__student=entry.student_id).exclude(Exists(asked))
    recent = PracticeEntry.objects.filter(pk=entry.pk, practised_on__gte=Now() - QUESTION_LIFE)
    over = GroupSession.objects.filter(entry=OuterRef("pk"), created_at__lte=Now() - QUESTION_LIFE)
    return allowed(recent, "play_together", user).filter(~Exists(over), Exists(known)).exists()


@dataclass(frozen=True)
class Member:
    """One pupil in the teacher's list: by the name that the teacher knows, and what the others read."""

    membership_id: UUID
    student: str
    shown_name: str
    is_shown: bool


def with_members(rows: QuerySet[Ensemble]) -> QuerySet[Ensemble]:
    """Each with what ``members_of`` reads."""
    members = (
        Membership.objects.there()
        .filter(ensemble=OuterRef("pk"))
        .annotate(shown=Exists(Membership.objects.live().filter(pk=OuterRef("pk"))))
        .order_by("teaching__student__name", "pk")
    )
    return rows.annotate(
        member_rows=ArraySubquery(
            members.values(
                data=JSONObject(
                    membership="pk", student="teaching__student__name", name="shown_name", shown="shown"
                )
            )
        )
    )


def ensembles_of(teacher: User) -> list[Ensemble]:
    """The teacher's, each with its members. One query."""
    rows = allowed(Ensemble.objects.all(), "view", teacher)
    return list(with_members(rows).order_by("name", "created_at", "pk"))


def members_of(ensemble: Ensemble) -> list[Member]:
    """As annotated by ``with_members``. What is not shown at the moment looks like what nobody has answered:
    why is the family's to say."""
    return [
        Member(UUID(row["membership"]), row["student"], row["name"] if row["shown"] else "", row["shown"])
        for row in vars(ensemble)["member_rows"]
    ]


def pupils_of(teacher: User, *, ensemble: Ensemble | None = None) -> list[Student]:
    """Whom the teacher may ask: pupils of now whose family has joined, without those of the ensemble."""
    lessons = Teaching.objects.current().by(teacher).of_joined()
    there = Membership.objects.there().filter(ensemble=ensemble).values("teaching__student")
    rows = Student.objects.filter(pk__in=lessons.values("student_id"))
    return list((rows.exclude(pk__in=there) if ensemble else rows).order_by("name", "pk"))
