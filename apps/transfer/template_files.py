"""The file to begin with: the columns that most people need, and two rows that show how."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from .columns import LABELS
from .files.writing_csv import csv_pieces
from .files.writing_xlsx import xlsx_pieces
from .records import Cell

KEYS = (
    "date",
    "started_at",
    "minutes",
    "lines",
    "description",
    "struggles",
    "achievements",
    "notes",
    "enjoyment",
)


def template_pieces(kind: str, *, today: date, separator: str) -> Iterator[bytes]:
    header = [str(LABELS[key]) for key in KEYS]
    first: list[Cell] = [
        today - timedelta(days=1),
        "17:30",
        30,
        _("Minuet in G | 20 min | 80 bpm | 3 x") + "\n" + _("Scale of D major | exercise | 10 min"),
        "",
        _("Bar 7, the left hand"),
        _("By heart up to the double bar"),
        "",
        4,
    ]
    second: list[Cell] = [today, "", "1:15", _("Prelude in C"), _("Only slowly, with the metronome")]
    rows = [[first, second]]
    if kind == "csv":
        return csv_pieces(header, rows, separator=separator)
    return xlsx_pieces(header, rows, title=_("Practice diary"))
