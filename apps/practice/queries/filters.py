"""What a reader asks of a history: filters that survive anything in an address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.core.days import day_in_address
from apps.core.pages import is_cursor
from apps.core.templatetags.ui import day as day_in_words
from apps.practice.models import PracticeDay, PracticeEntry, PracticeItem
from apps.repertoire.models.pieces import label_of

from .choices import THINGS
from .people import DiaryHead
from .words import saying

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Dated = TypeVar("Dated", PracticeEntry, PracticeDay)

ORDER = ("practised_on", "created_at", "id")
LONGEST_SEARCH = 100


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asked for. ``ignored`` is true when a part of the address made no sense; ``wrong`` holds
    what was typed instead of a day, by the name of its field.
    """

    teacher: UUID | None = None
    instrument: str = ""
    exam: bool = False
    performance: bool = False
    private: bool = False
    since: date | None = None
    until: date | None = None
    focus: str = ""
    piece: UUID | None = None
    skill: UUID | None = None
    q: str = ""
    ignored: bool = False
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def active(self) -> list[str]:
        """The names of those that were asked for."""
        return [
            each.name for each in fields(self) if each.name not in ABOUT_THE_REST and _of(self, each.name)
        ]

    @property
    def active_count(self) -> int:
        return len(self.active)

    @property
    def is_by_day_only(self) -> bool:
        """Then the day summaries know the figures."""
        return set(self.active) <= {"since", "until"}

    def without(self, *names: str) -> "Filters":
        return replace(self, **{name: NONE[name] for name in names})

    def address(self, **more: str | None) -> str:
        """The query string that asks for the same again, ``more`` added."""
        found = {IN_ADDRESS.get(name, name): _of(self, name) for name in self.active}
        words = {
            name: "1" if value is True else str(value) for name, value in (found | more).items() if value
        }
        return urlencode(words)


ABOUT_THE_REST = ("ignored", "wrong")
NONE = vars(Filters())
IN_ADDRESS = {"since": "from", "until": "to"}


def _of(filters: Filters, name: str) -> Any:
    return getattr(filters, name)


@dataclass(frozen=True)
class Choices:
    """What this reader may choose from, each with its name; ``areas`` by their keys."""

    teachings: Mapping[UUID, str]
    instruments: Sequence[str]
    areas: "Mapping[str, _StrPromise | str]"
    pieces: Mapping[UUID, str]
    skills: Mapping[UUID, str]
    is_family: bool


def choices_of(head: DiaryHead) -> Choices:
    """From a head that was asked ``with_filters``."""
    pieces, skills = (sorted(head.things[name], key=lambda each: each["key"]) for name in THINGS)
    return Choices(
        teachings={teacher.teaching_id: teacher.label for teacher in head.teachers},
        instruments=_instruments(head),
        areas=dict(head.areas),
        pieces={UUID(each["id"]): label_of(each["title"], each["composer"]) for each in pieces},
        skills={UUID(each["id"]): each["name"] for each in skills},
        is_family=head.is_family,
    )


def _instruments(head: DiaryHead) -> list[str]:
    """Of the lessons that this reader knows, each once whatever its case."""
    found = {teacher.instrument.casefold(): teacher.instrument for teacher in head.teachers}
    return sorted(filter(None, found.values()), key=str.casefold)


class _Reader:
    """Takes parameters out of an address and remembers what made no sense."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.ignored = False
        self.wrong: dict[str, str] = {}

    def text(self, name: str) -> str:
        return (self.data.get(name) or "").replace("\0", "").strip()

    def day(self, name: str) -> date | None:
        typed = self.text(name)
        found = day_in_address(typed)
        if found is None and typed:
            self.wrong[name] = typed[:LONGEST_SEARCH]
        return found

    def one_of(self, name: str, known: Iterable[UUID]) -> UUID | None:
        """One of those that this reader knows of; another's id is as good as garbage."""
        found = next((pk for pk in known if str(pk) == self.text(name).lower()), None)
        self.ignored |= found is None and bool(self.text(name))
        return found

    def word(self, name: str, known: Iterable[str]) -> str:
        typed = self.text(name).casefold()
        found = next((word for word in known if word.casefold() == typed), "")
        self.ignored |= not found and bool(typed)
        return found

    def flag(self, name: str) -> bool:
        value = self.text(name).lower()
        self.ignored |= value not in ("", "0", "1", "on", "true", "false")
        return value in ("1", "on", "true")


def read_filters(data: QueryDict, choices: Choices) -> Filters:
    """Understand what can be understood; never an error. Only the family may ask for private entries."""
    reader = _Reader(data)
    since, until = reader.day("from"), reader.day("to")
    if since and until and since > until:
        since, until = until, since
    found = {
        "teacher": reader.one_of("teacher", choices.teachings),
        "instrument": reader.word("instrument", choices.instruments),
        "exam": reader.flag("exam"),
        "performance": reader.flag("performance"),
        "private": reader.flag("private") and choices.is_family,
        "focus": reader.word("focus", choices.areas),
        "piece": reader.one_of("piece", choices.pieces),
        "skill": reader.one_of("skill", choices.skills),
        "q": reader.text("q")[:LONGEST_SEARCH],
    }
    page = data.get("page", "")
    ignored = reader.ignored or bool(reader.wrong) or bool(page and not is_cursor(page, PracticeEntry, ORDER))
    return Filters(since=since, until=until, ignored=ignored, wrong=reader.wrong, **found)  # type: ignore[arg-type]


def _with_area(slug: str) -> Q:
    link = PracticeEntry.focus_areas.through.objects
    return Q(Exists(link.filter(practiceentry=OuterRef("pk"), focusarea__slug=slug)))


def _with_line(**about: UUID) -> Q:
    # A value and no ``Exists``: that might be answered by a list of all lines about it, however many.
    line = Subquery(PracticeItem.objects.filter(entry=OuterRef("pk"), **about).values("pk")[:1])
    return Q(IsNull(line, False))


# What each of them asks of an entry; the words are asked of a diary.
CONDITIONS: Mapping[str, Callable[[Any], Q]] = {
    "teacher": lambda teaching: Q(addressed_to=teaching),
    "instrument": lambda name: Q(addressed_to__instrument__iexact=name),
    "exam": lambda _asked: Q(preparing_for_exam=True),
    "performance": lambda _asked: Q(preparing_for_performance=True),
    "private": lambda _asked: Q(is_private=True),
    "since": lambda day: Q(practised_on__gte=day),
    "until": lambda day: Q(practised_on__lte=day),
    "focus": _with_area,
    "piece": lambda pk: _with_line(piece=pk),
    "skill": lambda pk: _with_line(skill=pk),
}


def filtered(rows: QuerySet[Dated], filters: Filters, student: UUID) -> QuerySet[Dated]:
    """Of one student's entries; of their day summaries, when the filters are by day only."""
    asked = [CONDITIONS[name](_of(filters, name)) for name in filters.active if name in CONDITIONS]
    return rows.filter(*asked, *([saying(filters.q, student)] if filters.q else []))


@dataclass(frozen=True)
class Chip:
    """One filter that is on, in words, and the query string without it."""

    words: str
    rest: str


def chips(filters: Filters, choices: Choices, **more: str | None) -> list[Chip]:
    """In the order of the form; ``more`` stays in every address."""
    return [
        Chip(_in_words(name, filters, choices), filters.without(name).address(**more))
        for name in CHIP_ORDER
        if name in filters.active
    ]


CHIP_ORDER = (
    "q",
    "since",
    "until",
    "focus",
    "piece",
    "skill",
    "teacher",
    "instrument",
    "exam",
    "performance",
    "private",
)


def _in_words(name: str, filters: Filters, choices: Choices) -> str:
    value = _of(filters, name)
    said: dict[str, Callable[[], str]] = {
        "q": lambda: _("“%(words)s”") % {"words": value},
        "since": lambda: _("from %(day)s") % {"day": day_in_words(value)},
        "until": lambda: _("until %(day)s") % {"day": day_in_words(value)},
        "focus": lambda: str(choices.areas[value]),
        "piece": lambda: choices.pieces[value],
        "skill": lambda: choices.skills[value],
        "teacher": lambda: _("only for %(name)s") % {"name": choices.teachings[value]},
        "instrument": lambda: value,
        "exam": lambda: _("For an exam"),
        "performance": lambda: _("For a performance"),
        "private": lambda: _("Private"),
    }
    return said[name]()
