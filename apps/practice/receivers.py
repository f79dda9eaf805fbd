"""What the diary adds to the pages of pieces and skills, and how its lines follow them."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.repertoire.above import follows_merges, page_part
from apps.repertoire.models import Piece, Skill

from .queries import about_of, practised
from .services.lines import move_lines


@page_part
def practised_part(user: User, thing: Piece | Skill) -> SafeString:
    """How long, how often and how fast, as this reader may know it."""
    found = practised(user, thing)
    this = {name: str(key) for name, key in asdict(about_of(thing)).items() if key}
    ways = {
        name: f"{reverse(route, args=[thing.student_id])}?{urlencode(this)}"
        for name, route in (("log_url", "practice:entry-log"), ("diary_url", "practice:entry-list"))
    }
    return render_to_string("practice/_practised.html", {"practised": found, **ways})


@follows_merges
def take_lines_along(gone: Piece, kept: Piece) -> None:
    move_lines(piece=gone.pk, into=kept.pk)
