"""Pieces that may be one, and names to choose from."""

from dataclasses import dataclass

from django.db.models import QuerySet

from apps.accounts.models import Student
from apps.repertoire.catalogue import works
from apps.repertoire.models import Piece
from apps.repertoire.models.pieces import LONGEST_TITLE
from apps.repertoire.names import folded, same_composer


def same_pieces(pieces: QuerySet[Piece], title: str, composer: str) -> list[Piece]:
    """Those of the same name, whatever its case, accents and punctuation. One query, by the key's index."""
    found = pieces.filter(title_key=folded(title, LONGEST_TITLE)).order_by("created_at", "pk")
    return [piece for piece in found if same_composer(piece.composer, composer)]


def other_pieces(piece: Piece) -> QuerySet[Piece]:
    """Which this one can be merged with, by name."""
    rows = Piece.objects.kept().filter(student=piece.student_id).exclude(pk=piece.pk)
    return rows.order_by("title_key", "pk")


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a field may offer while somebody types."""

    titles: list[str]
    composers: list[str]


def suggestions(student: Student) -> Suggestions:
    """The student's own pieces first, then the catalogue; each name once. One query."""
    own = Piece.objects.kept().filter(student=student).order_by("title_key", "pk")
    rows = list(own.values_list("title", "composer"))
    rows += [(work.title, work.composer) for work in works()]
    titles, composers = zip(*rows, strict=True)
    return Suggestions(_each_once(titles), sorted(_each_once(composers), key=str.casefold))


def _each_once(names: tuple[str, ...]) -> list[str]:
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(name.casefold(), name)
    return list(found.values())
