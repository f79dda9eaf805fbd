"""The field for a photo of oneself: what is wrong with a file is said beside it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .photos import Fault, Photo, PhotoIsNotPossible, read_photo

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDS: "dict[str, _StrPromise]" = {
    Fault.NO_PHOTO: _("This is not a photo that we can read. Please choose a JPEG, PNG or WebP file."),
    Fault.TOO_HEAVY: _("This file is larger than 5 MB. Please choose a smaller one."),
    Fault.TOO_LARGE: _("This photo has 20 million points or more. Please choose a smaller one."),
    Fault.TOO_SMALL: _("This picture is too small: each side needs 64 points at least."),
    Fault.BROKEN: _("This file is damaged or not all of it arrived. Please choose it again, or another one."),
}


class PhotoField(forms.FileField):
    """The value is the photo as we keep it, or None if no file was chosen."""

    default_error_messages = {
        "invalid": WORDS[Fault.NO_PHOTO],
        "empty": WORDS[Fault.BROKEN],
        "missing": WORDS[Fault.BROKEN],
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Photo | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_photo(file, file.size)
        except PhotoIsNotPossible as error:
            raise forms.ValidationError(WORDS[error.fault], code=error.fault) from error
