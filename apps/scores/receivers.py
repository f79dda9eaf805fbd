"""What sheet music adds to the page of a piece, and how it follows a merge."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.core.access import is_allowed
from apps.repertoire.above import follows_merges, page_part
from apps.repertoire.models import Piece, Skill

from . import queries
from .services import move_scores


@page_part
def part_of_piece(user: User, thing: Piece | Skill) -> SafeString:
    """What is there, and the way to add some; a skill has none."""
    if isinstance(thing, Skill):
        return SafeString()
    known = vars(thing).get("may_change")
    context = {
        "piece": thing,
        "scores": queries.scores_of(user, thing),
        # The door of the piece's page has asked already.
        "may_add": is_allowed("change", user, thing) if known is None else known,
    }
    return render_to_string("scores/_of_piece.html", context)


@follows_merges
def take_scores_along(gone: Piece, kept: Piece) -> None:
    move_scores(gone, kept)
