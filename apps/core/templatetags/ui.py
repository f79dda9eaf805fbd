"""Atoms that stand many times on a page; everything larger is a partial in templates/components/.

What a list repeats in every row is kept per language: a history of 25 cards asks for the same
forty glyphs, words and dates again and again.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, partial, update_wrapper
from typing import Any, Generic, TypeVar

from django import template
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

register = template.Library()

AVATAR_COLOURS = 8
MINUTES_PER_HOUR = 60
# The least minutes of each heat level above 0.
HEAT_LEVELS = (1, 20, 40, 60)
CACHED_PIECES = 4096

T = TypeVar("T")


class PerLanguage(Generic[T]):
    """A function that remembers its answer for each language and set of (hashable) arguments."""

    def __init__(self, make: Callable[..., T]) -> None:
        @lru_cache(maxsize=CACHED_PIECES)
        def remembered(language: str | None, *args: Any) -> T:
            return make(*args)

        update_wrapper(self, make)
        self._remembered = remembered
        setting_changed.connect(lambda **_: remembered.cache_clear(), weak=False)

    def __call__(self, *args: Any) -> T:
        return self._remembered(get_language(), *args)

    def here(self) -> Callable[..., T]:
        """The same in the language of now: for many calls in a row, where each would look for it."""
        return partial(self._remembered, get_language())


per_language = PerLanguage


@per_language
def _kept(template_name: str, *values: tuple[str, object]) -> SafeString:
    return render_to_string(template_name, dict(values))


@register.simple_tag
def kept(template_name: str, **values: object) -> SafeString:
    """``{% include … with … only %}`` for what looks the same each time: drawn once per language and values.

    The values must be few and hashable; nothing of the request reaches the template.
    """
    return _kept(template_name, *values.items())


@register.filter
def theme(request: HttpRequest) -> str:
    """The colours that the reader chose: "dark", "light", or "" for those of the device."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in ("dark", "light") else ""


@per_language
def glyph(name: str, label: str = "", size: int = 18) -> SafeString:
    """A glyph of static/img/icons.svg; without a label it is decoration and hidden from speech."""
    speech = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" width="{}" height="{}" {}><use href="{}#{}"/></svg>',
        size,
        size,
        SafeString(speech),
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, label: str = "", size: int = 18) -> SafeString:
    """``{% icon "lock" label=_("Private") size=16 %}``"""
    return glyph(name, str(label), size)


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and last word; a note for a name without letters."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    if not words:
        return "♪"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def avatar(name: str, size: str = "", picture: str = "", sign: str = "") -> SafeString:
    """Initials in a circle whose colour follows the name; hidden from speech. ``size``: "", "s", "l".

    ``picture`` is the address of a photo, which covers the initials; where it does not come, they show.
    ``sign`` stands there instead of them.
    """
    colour = sum(map(ord, str(name))) % AVATAR_COLOURS + 1
    extra = (f" avatar-{size}" if size else "") + (" avatar-sign" if sign else "")
    letters = escape(sign or initials(name))
    photo = f'<img src="{escape(picture)}" alt="" loading="lazy" width="96" height="96">' if picture else ""
    return SafeString(
        f'<span class="avatar avatar-{colour}{extra}" aria-hidden="true">{letters}{photo}</span>'
    )


@register.filter
def day(value: date) -> str:
    """A day as it stands on every card, short enough for a phone: Sat, 21 Nov 2026. A moment's day is that
    of the reader's zone."""
    return _day(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@per_language
def _day(value: date) -> str:
    return format_date(value, pgettext("Django date format of a day", "D, j M Y"))


@register.filter
@per_language
def short_day(value: date) -> str:
    """A day of this season, without its year: 21 Nov."""
    return format_date(value, pgettext("Django date format of a day without year", "j M"))


@register.filter
def moment(value: datetime) -> str:
    """When something was written, in the reader's zone: 21 Nov, 17:05."""
    return format_date(timezone.localtime(value), pgettext("Django date format of a moment", "j M, H:i"))


@register.filter
@per_language
def duration(minutes: int | None) -> str:
    """Minutes in words: 45 min, 1 h, 1 h 20 min."""
    hours, rest = divmod(int(minutes or 0), MINUTES_PER_HOUR)
    if not hours:
        return gettext("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
@per_language
def spoken_duration(minutes: int | None) -> str:
    """Minutes for a screen reader and for charts: 1 minute, 45 minutes."""
    count = int(minutes or 0)
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


@register.filter
def heat(minutes: int | None) -> int:
    """Which of the five levels (0 none to 4 an hour and more) a day's minutes reach."""
    return bisect_right(HEAT_LEVELS, int(minutes or 0))
