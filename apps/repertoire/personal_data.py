"""Whose data pieces and skills are: the student's. What others wrote there stays without their names."""

from collections.abc import Callable

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core import access
from apps.core.ownership import Subject, declare, deleted_with, emptied_with

from .models import Note, Occasion, OccasionPiece, Piece, PieceSection, PieceStatusChange, Skill

PERSON, DIARY = Subject.PERSON, Subject.STUDENT
SAID = "What was said in somebody else's diary stays there, without a name."
FOLDED = "The name without case, accents and signs, to compare."

WROTE = "What was written down in somebody else's diary stays there, without a name."
HANDS = tuple(
    emptied_with(PERSON, name, because=WROTE, emptied={name: None}) for name in ("added_by", "changed_by")
)


def of_diary(model: type[Occasion | Piece | Skill], row: str, student: str) -> Callable[[User], Q]:
    """What its reader may see; the family finds what was deleted as long as it is kept."""

    def visible(user: User) -> Q:
        shown = access.allowed(model._default_manager.all(), "view", user).values("pk")
        return Q(**{f"{row}__in": shown}) | Q(**{f"{student}__in": family_ids(user)})

    return visible


def notes_of(user: User) -> Q:
    shown = access.allowed(Note.objects.all(), "view", user).values("pk")
    return Q(pk__in=shown) | Q(student__in=family_ids(user))


declare(
    Piece,
    deleted_with(DIARY, "student", is_exported=True, visible=of_diary(Piece, "pk", "student")),
    *HANDS,
    exported="id student title composer difficulty status started_on added_by changed_by created_at"
    " changed_at deleted_at",
    withheld={FOLDED: "title_key composer_key"},
    trash="deleted_at",
)
declare(
    PieceSection,
    deleted_with(
        DIARY, "piece__student", is_exported=True, visible=of_diary(Piece, "piece", "piece__student")
    ),
    *HANDS,
    exported="id piece name from_bar to_bar target_tempo status added_by changed_by created_at"
    " changed_at deleted_at",
    trash="deleted_at",
)
declare(
    PieceStatusChange,
    deleted_with(
        DIARY, "piece__student", is_exported=True, visible=of_diary(Piece, "piece", "piece__student")
    ),
    emptied_with(PERSON, "changed_by", because=SAID, emptied={"changed_by": None}),
    exported="id piece status was_called changed_by changed_at",
)
declare(
    Skill,
    deleted_with(DIARY, "student", is_exported=True, visible=of_diary(Skill, "pk", "student")),
    *HANDS,
    exported="id student name category is_archived added_by changed_by created_at changed_at deleted_at",
    withheld={FOLDED: "name_key"},
    trash="deleted_at",
)
declare(
    Occasion,
    deleted_with(DIARY, "student", is_exported=True, visible=of_diary(Occasion, "pk", "student")),
    *HANDS,
    exported="id student kind title held_on board grade target_hours result added_by changed_by created_at"
    " changed_at deleted_at",
    trash="deleted_at",
)
declare(
    OccasionPiece,
    deleted_with(
        DIARY,
        "occasion__student",
        is_exported=True,
        visible=of_diary(Occasion, "occasion", "occasion__student"),
    ),
    exported="id occasion piece",
)
declare(
    Note,
    deleted_with(DIARY, "student", is_exported=True, visible=notes_of),
    emptied_with(PERSON, "author", because=SAID, emptied={"author": None}, is_exported=True),
    exported="id student piece section skill author body link is_private addressed_to created_at deleted_at",
    trash="deleted_at",
)
