"""The field for a photo of oneself: what is wrong with a file is said beside it."""

from typing import IO, TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from apps.core.picture_forms import WORDS, PictureField
from apps.core.pictures import Fault

from .photos import Photo, read_photo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


class PhotoField(PictureField):
    """The value is the photo as we keep it, or None if no file was chosen."""

    words: "ClassVar[Mapping[str, _StrPromise]]" = WORDS | {
        Fault.NO_PICTURE: _("This is not a photo that we can read. Please choose a JPEG, PNG or WebP file."),
        Fault.TOO_LARGE: _("This photo has 20 million points or more. Please choose a smaller one."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def read(self, file: IO[bytes], size: int) -> Photo:
        return read_photo(file, size)
