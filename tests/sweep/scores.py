"""Sheet music of the sweep's world."""

from datetime import datetime

from apps.repertoire.models import Piece
from apps.scores.models import ScorePage
from apps.scores.services import delete_score
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.scores import make_score


def scores_of(cast: Cast, pieces: dict[str, Piece], now: datetime) -> dict[str, dict[str, str]]:
    """Of Mia's piece: by her teacher, and one that was taken away. Of Noah's piece. With a page of each."""
    found = {
        "minuet": make_score(pieces["minuet"], cast.user("teacher"), "Notes Qzscoreminuet"),
        "away": make_score(pieces["minuet"], cast.user("guardian"), "Notes Qzscoreaway"),
        "foreign": make_score(pieces["foreign"], cast.user("other_guardian"), "Notes Qzscoreforeign"),
    }
    delete_score(score=found["away"], by=cast.user("guardian"), now=now)
    readers = {
        "minuet": tap.repertoire_readers(cast.student),
        "away": lambda user, path: path.startswith("/staff/"),
        "foreign": tap.repertoire_readers(cast.other_student),
    }
    for name, who in readers.items():
        cast.canaries.plant(f"sheet music {name}", f"Qzscore{name}", who)
    pages = {row.score_id: str(row.pk) for row in ScorePage.objects.filter(number=1)}
    return {
        "score": {name: str(row.pk) for name, row in found.items()},
        "leaf": {name: pages[row.pk] for name, row in found.items()},
    }
