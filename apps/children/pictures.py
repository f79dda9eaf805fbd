"""The pictures of a picture password: told apart by shape and by word, never by colour alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# So many in order: 16⁴ = 65,536 passwords; what guards them is how few may be tried (``services.guard``).
LENGTH = 4


@dataclass(frozen=True, slots=True)
class Picture:
    code: str
    sign: str
    word: "str | _StrPromise"


PICTURES = (
    Picture("cat", "🐱", _("cat")),
    Picture("dog", "🐶", _("dog")),
    Picture("owl", "🦉", _("owl")),
    Picture("fish", "🐟", _("fish")),
    Picture("sun", "🌞", _("sun")),
    Picture("moon", "🌙", _("moon")),
    Picture("star", "⭐", _("star")),
    Picture("snow", "⛄", _("snowman")),
    Picture("tree", "🌳", _("tree")),
    Picture("flower", "🌻", _("flower")),
    Picture("apple", "🍎", _("apple")),
    Picture("cake", "🍰", _("cake")),
    Picture("house", "🏠", _("house")),
    Picture("boat", "⛵", _("boat")),
    Picture("ball", "⚽", _("ball")),
    Picture("key", "🔑", _("key")),
)
CODES = frozenset(picture.code for picture in PICTURES)
