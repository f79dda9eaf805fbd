"""Rows of sheet music."""

from apps.scores.models import Score, ScorePage
from tests.conftest import Cast
from tests.factories.scores import make_score

from .repertoire_rows import WRITERS, minuet


def of_piece(cast: Cast, numbers: range) -> None:
    """As many as there can be of one, by several who keep it."""
    for number in numbers:
        if number < 10:
            make_score(minuet(cast), cast.user(WRITERS[number % 5]), f"Row {number}", pages=1)


def _score(cast: Cast) -> Score:
    """One of the piece, made once."""
    return Score.objects.first() or make_score(minuet(cast), cast.user("guardian"), pages=1)


def score(cast: Cast) -> list[object]:
    return [_score(cast).pk]


def pages(cast: Cast, numbers: range) -> None:
    """Pages of one."""
    for number in numbers:
        row = ScorePage(score=_score(cast), number=number + 2, picture=f"scores/row-{number}.webp")
        row.file_size = row.width = row.height = 9
        row.save()
