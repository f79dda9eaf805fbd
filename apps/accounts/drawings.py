"""The drawings of which a student chooses one, in the place of a photo: nothing in it says who they are.

None of them is a picture of the children's secrets (``children.pictures``): what all see would be a hint.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Drawing:
    code: str
    sign: str
    word: "_StrPromise"


DRAWINGS = (
    Drawing("violin", "🎻", _("violin")),
    Drawing("piano", "🎹", _("piano")),
    Drawing("guitar", "🎸", _("guitar")),
    Drawing("drum", "🥁", _("drum")),
    Drawing("trumpet", "🎺", _("trumpet")),
    Drawing("saxophone", "🎷", _("saxophone")),
    Drawing("microphone", "🎤", _("microphone")),
    Drawing("fox", "🦊", _("fox")),
    Drawing("panda", "🐼", _("panda")),
    Drawing("frog", "🐸", _("frog")),
    Drawing("lion", "🦁", _("lion")),
    Drawing("turtle", "🐢", _("turtle")),
    Drawing("butterfly", "🦋", _("butterfly")),
    Drawing("octopus", "🐙", _("octopus")),
    Drawing("unicorn", "🦄", _("unicorn")),
    Drawing("penguin", "🐧", _("penguin")),
)
SIGNS = {drawing.code: drawing.sign for drawing in DRAWINGS}
