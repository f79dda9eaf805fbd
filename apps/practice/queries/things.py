"""What a line may be attached to, found by what somebody typed: a student's pieces, sections and skills."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from apps.practice.content import About, Line
from apps.practice.models.entries import LONGEST_TITLE, ItemKind, fitting_name, names_of, title_key
from apps.repertoire.models import Piece, PieceSection, Skill
from apps.repertoire.models.pieces import PieceStatus

# A page that offers names holds no more than these.
MOST_OFFERED = 300


@dataclass(frozen=True, slots=True)
class Thing:
    """One of them, with all it can be called; the first name says most."""

    about: About
    names: Sequence[str]
    is_put_away: bool

    @property
    def kind(self) -> str:
        return ItemKind.EXERCISE if self.about.skill else ItemKind.PIECE


class Things:
    """All of one student. A name may fit several: of pieces with the same title and composer, and of skills,
    the first one added is meant; a title that pieces of several composers share means none of them.
    """

    def __init__(self, things: Sequence[Thing]) -> None:
        self._things = things

    @cached_property
    def _whole(self) -> dict[str, Thing]:
        """By the name that says most. Only for what was sent: a page that is drawn compares nothing."""
        found: dict[str, Thing] = {}
        for thing in self._things:
            found.setdefault(title_key(thing.names[0]), thing)
        return found

    @cached_property
    def _short(self) -> dict[str, set[str]]:
        """The keys above by those of the other names."""
        found: dict[str, set[str]] = {}
        for whole, thing in self._whole.items():
            for name in thing.names[1:]:
                found.setdefault(title_key(name), set()).add(whole)
        return found

    def called(self, title: str) -> Thing | None:
        """What is meant by these words, whatever their case, accents and punctuation."""
        key = title_key(title)
        if key in self._whole:
            return self._whole[key]
        fitting = self._short.get(key, set())
        return self._whole[next(iter(fitting))] if len(fitting) == 1 else None

    def named(self, about: About) -> str:
        """What to call this so that it is found again; empty when it is not there."""
        found = next((thing.names for thing in self._things if about and thing.about == about), None)
        return fitting_name(found) if found else ""

    def attached(self, lines: Iterable[Line]) -> list[Line]:
        """The lines, each with what its words mean; one that is attached already stays so, for that may have
        another name today."""
        return [line if line.about else self._attached(line) for line in lines]

    def _attached(self, line: Line) -> Line:
        thing = self.called(line.title)
        return replace(line, about=thing.about, kind=thing.kind) if thing else line

    @property
    def offered(self) -> list[str]:
        """For a field that offers names while somebody types; what was put away is not offered."""
        names = [thing.names[0] for thing in self._things if not thing.is_put_away]
        fitting = [name for name in dict.fromkeys(names) if len(name) <= LONGEST_TITLE]
        return fitting[:MOST_OFFERED]


def things_to_name() -> dict[str, ArraySubquery]:
    """Columns of the student, however many things there are: no query of their own."""
    here = OuterRef("pk")
    pieces = Piece.objects.kept().filter(student=here).order_by("created_at", "pk")
    sections = PieceSection.objects.kept().filter(piece__student=here, piece__deleted_at__isnull=True)
    skills = Skill.objects.kept().filter(student=here).order_by("name_key")
    return {
        "known_pieces": _rows(pieces, "id", "title", "composer", "status"),
        "known_sections": _rows(sections.as_played(), "id", "name", "piece_id"),
        "known_skills": _rows(skills, "id", "name", "is_archived"),
    }


def _rows(found: "QuerySet[Any]", *names: str) -> ArraySubquery:
    return ArraySubquery(found.values(data=JSONObject(**{name: name for name in names})))


def things_in(row: Mapping[str, Any]) -> Things:
    """From these columns; none where they were not asked for."""
    pieces = {each["id"]: Piece(**each) for each in row.get("known_pieces", [])}
    found = [_piece(piece) for piece in pieces.values()]
    found += [_skill(each) for each in row.get("known_skills", [])]
    for each in row.get("known_sections", []):
        section = PieceSection(id=each["id"], name=each["name"], piece=pieces[each["piece_id"]])
        found.append(_section(section))
    return Things(found)


def _piece(piece: Piece) -> Thing:
    return Thing(About(piece=UUID(str(piece.pk))), names_of(piece), _is_put_away(piece))


def _section(section: PieceSection) -> Thing:
    about = About(piece=UUID(str(section.piece.pk)), section=UUID(str(section.pk)))
    return Thing(about, names_of(section), _is_put_away(section.piece))


def _is_put_away(piece: Piece) -> bool:
    return piece.status == PieceStatus.ARCHIVED


def _skill(row: dict[str, Any]) -> Thing:
    return Thing(About(skill=UUID(row["id"])), [row["name"]], row["is_archived"])
