"""Who plays together in the demo, and what stands on Mia's music stand, through the services."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from apps.accounts.models import Student, User
from apps.ensembles.models import Membership
from apps.ensembles.queries import sessions_to_tell
from apps.ensembles.services import agree_to_play, create_ensemble, say_together
from apps.repertoire.models import Piece
from apps.scores.services import add_score

from .sheets import draw_sheet

NAME, SHEET = "Saturday players", "Sight-reading for this week"
# Student → which of the family said yes, and the name that the others read. Jonas was asked, too.
PLAYERS = {"sofia": ("okafor", "Sofia"), "mia": ("guardian", "Mia"), "emma": ("wojcik", "Emma")}
ASKED = "jonas"
BEGAN = timedelta(weeks=3)


def play_together(students: Mapping[str, Student], users: Mapping[str, User], *, now: datetime) -> None:
    """Three agreed and one has not answered yet; Sofia says that Mia was there, and Mia's family is asked."""
    began = now - BEGAN
    pupils = [students[key].pk for key in (*PLAYERS, ASKED)]
    ensemble = create_ensemble(
        key=_key("ensemble"), teacher=users["teacher"], name=NAME, pupils=pupils, now=began
    )
    places = {
        place.teaching.student_id: place
        for place in Membership.objects.filter(ensemble=ensemble).select_related("teaching__student")
    }
    for key, (guardian, name) in PLAYERS.items():
        agree_to_play(membership=places[students[key].pk], shown_name=name, by=users[guardian], now=began)
    for entry in sessions_to_tell(students["sofia"], users["okafor"], now=now)[:1]:
        say_together(entry=entry, players=[places[students["mia"].pk].pk], by=users["okafor"], now=now)


def put_on_the_stand(student: Student, *, by: User, now: datetime) -> None:
    """Two pages to read at sight, on the student's first piece."""
    piece = Piece.objects.kept().filter(student=student).order_by("title_key")[0]
    random = Random(SHEET)  # noqa: S311  (no secret)
    pages = [draw_sheet(f"{SHEET}, page {number}", random=random) for number in (1, 2)]
    add_score(key=_key("score"), piece=piece, by=by, title=SHEET, pages=pages, now=now)


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"woodshed-demo/{name}")
