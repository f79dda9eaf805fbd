"""What can be sent about sheet music; a part of the table in ``posts``."""

from typing import Any

from apps.repertoire.models import Piece
from apps.safeguarding.forms import ReportForm
from apps.scores.forms import ScoreForm
from apps.scores.models import Score
from tests.conftest import Cast
from tests.factories.photos import photo_file
from tests.factories.scores import make_score

from .repertoire_posts import minuet, write_piece
from .scenes import KEY


def add_score(cast: Cast) -> None:
    write_piece(cast)
    make_score(Piece.objects.get(title="Minuet in D"), cast.user("guardian"), pages=1)


def score(cast: Cast) -> list[object]:
    return [Score.objects.get().pk]


# Each as the arguments of a ``Post``.
SCORES: list[dict[str, Any]] = [
    {
        "route": "scores:score-add",
        "who": "teacher",
        "prepare": write_piece,
        "arguments": minuet,
        "fields": lambda cast: {"key": KEY, "sheet": photo_file(), "title": "First violin"},
        "forms": (ScoreForm,),
    },
    {"route": "scores:score-delete", "who": "student", "prepare": add_score, "arguments": score},
    {
        "route": "scores:score-report",
        "who": "teacher",
        "prepare": add_score,
        "arguments": score,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
]
