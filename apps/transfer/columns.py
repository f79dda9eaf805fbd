"""The columns of a diary in a file: what an export writes, and what an import takes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` stays what it is; ``label`` stands in the first row, in the language of who exports."""

    key: str
    label: "_StrPromise | str"


COLUMNS = (
    Column("date", _("Date")),
    Column("started_at", _("Started at")),
    Column("time_zone", _("Time zone")),
    Column("minutes", _("Minutes")),
    Column("lines", _("Pieces and exercises")),
    Column("description", _("What was practised")),
    Column("struggles", _("What was hard")),
    Column("achievements", _("What went well")),
    Column("notes", _("Notes")),
    Column("focus", _("About")),
    Column("exam", _("For an exam")),
    Column("performance", _("For a performance")),
    Column("enjoyment", _("Enjoyment")),
    Column("mood", _("Mood")),
    Column("quality", _("Quality")),
    Column("difficulty", _("Difficulty")),
    Column("confidence", _("Confidence")),
    Column("audience", _("Who may read it")),
)
LABELS: "Mapping[str, _StrPromise | str]" = {column.key: column.label for column in COLUMNS}


@dataclass(frozen=True)
class Words:
    """What a file says beside what people wrote, in one language. A stream is written when the request, and
    its language, are over."""

    labels: Mapping[str, str]
    yes: str
    private: str
    only_for: str
    areas: Mapping[str, str]


def words_in(language: str, areas: "Mapping[str, _StrPromise | str]") -> Words:
    """``areas``: the names of everybody's focus areas by their keys."""
    with override(language):
        return Words(
            labels={key: str(label) for key, label in LABELS.items()},
            yes=str(YES),
            private=str(PRIVATE),
            only_for=str(ONLY_FOR),
            areas={key: str(name) for key, name in areas.items()},
        )


YES, PRIVATE, ONLY_FOR = _("yes"), _("private"), _("only for: %(name)s")


def in_every_language(text: "_StrPromise | str") -> set[str]:
    """How a file that was written here in any language says it."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(str(text))
    return found
