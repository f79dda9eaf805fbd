"""Time zones as people name them: by a large city, in any spelling of it."""

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from .days import is_time_zone

CONTINENTS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)


def city_of(zone: str) -> str:
    """ "New York" for America/New_York; a name without a city stays as it is."""
    continent, _, _place = zone.partition("/")
    return zone.rsplit("/", 1)[-1].replace("_", " ") if continent in CONTINENTS else zone


@cache
def zones_by_city() -> Mapping[str, str]:
    """City → zone, by alphabet. Where two zones name one city (Istanbul), they are the same zone."""
    named = {city_of(zone): zone for zone in sorted(available_timezones(), reverse=True)}
    return {city: zone for city, zone in sorted(named.items()) if city != zone or zone == "UTC"}


@cache
def _folded() -> Mapping[str, str]:
    return {_fold(city): city for city in zones_by_city()}


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("_", " ").casefold())
    return " ".join("".join(char for char in letters if not unicodedata.combining(char)).split())


def find_zone(text: str) -> str | None:
    """The zone of a city ("são paulo"), or the zone's own name ("Europe/Berlin"); none for other words."""
    city = _folded().get(_fold(text))
    if city is not None:
        return zones_by_city()[city]
    return text if is_time_zone(text) else None


def similar_cities(text: str) -> list[str]:
    """At most three that somebody may have meant: the same beginning, or a slip of the keys."""
    folded, typed = _folded(), _fold(text)
    begin = [folded[name] for name in folded if typed and name.startswith(typed)]
    close = [folded[name] for name in get_close_matches(typed, folded, n=3, cutoff=0.75)]
    return list(dict.fromkeys([*begin, *close]))[:3]
