"""The field for a picture: what is wrong with a file is said beside it."""

from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from .pictures import SENT_TYPES, Fault, PictureIsNotPossible

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDS: "dict[str, _StrPromise]" = {
    Fault.NO_PICTURE: _("This is not a picture that we can read. Please choose a JPEG, PNG or WebP file."),
    Fault.TOO_HEAVY: _("This file is larger than 5 MB. Please choose a smaller one."),
    Fault.TOO_LARGE: _("This picture has 20 million points or more. Please choose a smaller one."),
    Fault.TOO_SMALL: _("This picture is too small: each side needs 64 points at least."),
    Fault.BROKEN: _("This file is damaged or not all of it arrived. Please choose it again, or another one."),
}


class PictureField(forms.FileField):
    """The value is what ``read`` makes of the file, or None if no file was chosen."""

    words: "ClassVar[Mapping[str, _StrPromise]]" = WORDS

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "invalid": self.words[Fault.NO_PICTURE],
            "empty": self.words[Fault.BROKEN],
            "missing": self.words[Fault.BROKEN],
        } | kwargs.pop("error_messages", {})
        widget = forms.FileInput(attrs={"accept": SENT_TYPES})
        super().__init__(widget=widget, error_messages=messages, **kwargs)

    def read(self, file: IO[bytes], size: int) -> Any:
        """What is kept of the file. Raises PictureIsNotPossible."""
        raise NotImplementedError

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return self.read(file, file.size)
        except PictureIsNotPossible as error:
            raise forms.ValidationError(self.words[error.fault], code=error.fault) from error
