"""The form for sheet music: a PDF or a picture, told apart by what stands in it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.adding import NotPossible, TooMany
from apps.core.adding_forms import AddingForm
from apps.core.forms import LineField
from apps.core.picture_forms import WORDS as PICTURE_WORDS
from apps.core.pictures import SENT_TYPES, Picture, PictureIsNotPossible, whole_picture
from apps.core.pictures import Fault as PictureFault

from .models import LARGEST_SIDE, LONGEST_TITLE
from .pdf import Fault, PdfIsNotPossible, draw_pages, is_pdf
from .services import TooManyPages, TooMuch

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NO_SHEET = _("This is neither a PDF nor a picture that we can read. Please choose another file.")


PDF_WORDS: "dict[str, _StrPromise]" = {
    Fault.ENCRYPTED: _("This PDF is locked with a password. Please save it without one first."),
    Fault.TOO_LONG: _("A page of this PDF is too long to be read. Please cut it into shorter pages."),
    Fault.TOO_FULL: _("The pages of this PDF are too large together. Please send fewer pages at once."),
    Fault.BROKEN: _("This PDF is damaged. Please choose another file."),
    Fault.SLOW: _("It takes too long to draw this PDF. Please send fewer pages at once."),
    Fault.BUSY: _("Somebody else's notes are being drawn just now. Please press Save again in a moment."),
    Fault.NOT_NOW: _("The file could not be drawn just now. Please try again later."),
}


def full(most: int) -> str:
    words = ngettext(
        "No more than %(most)d can be put on a piece. Delete one or ask the family to, then add this one.",
        "No more than %(most)d can be put on a piece. Delete one or ask the family to, then add this one.",
        most,
    )
    return words % {"most": most}


class SheetField(forms.FileField):
    """The value is a list of pages."""

    def __init__(self, **kwargs: Any) -> None:
        messages: dict[str, Any] = {
            **PICTURE_WORDS,
            "required": _("Please choose a file."),
            "invalid": NO_SHEET,
            "empty": PICTURE_WORDS[PictureFault.BROKEN],
            "missing": PICTURE_WORDS[PictureFault.BROKEN],
            Fault.TOO_HEAVY: PICTURE_WORDS[PictureFault.TOO_HEAVY],
            **PDF_WORDS,
            PictureFault.NO_PICTURE: NO_SHEET,
        }
        widget = forms.FileInput(attrs={"accept": f"application/pdf,{SENT_TYPES}"})
        super().__init__(widget=widget, error_messages=messages, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Picture]:
        file = super().clean(data, initial)
        try:
            return self._pages(file)
        except (PictureIsNotPossible, PdfIsNotPossible) as error:
            raise forms.ValidationError(self._words(error.fault), code=error.fault) from error

    def _pages(self, file: Any) -> list[Picture]:
        beginning = file.read(2048)
        file.seek(0)
        if not is_pdf(beginning):
            return [whole_picture(file, file.size, side=LARGEST_SIDE)]
        most = settings.SCORE_MOST_PAGES
        return draw_pages(file.read(), most_pages=most, side=LARGEST_SIDE)

    def _words(self, fault: str) -> Any:
        if fault == Fault.TOO_MANY:
            return gettext("This PDF has more than %(most)d pages. Please send a part of it.") % {
                "most": settings.SCORE_MOST_PAGES
            }
        return self.error_messages[fault]


class ScoreForm(AddingForm):
    file_field = "sheet"

    sheet = SheetField(
        label=_("File"),
        help_text=_(
            "A PDF or a picture (JPEG, PNG or WebP) of 5 MB at most. We draw its pages anew and do not keep "
            "the file itself; many pages can take a few seconds. Please no faces, and only what you may copy."
        ),
    )
    title = LineField(
        label=_("What it is"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("For example: first violin. Left empty, it is the name of the file."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def refusal(self, error: NotPossible) -> str:
        if isinstance(error, TooMany):
            return full(error.most)
        if isinstance(error, TooManyPages):
            words = ngettext(
                "This diary has room for %(left)d more page of sheet music. Please send a smaller part; "
                "what was deleted in the last weeks counts too.",
                "This diary has room for %(left)d more pages of sheet music. Please send a smaller part; "
                "what was deleted in the last weeks counts too.",
                error.left,
            )
            return words % {"left": error.left}
        if isinstance(error, TooMuch):
            return gettext(
                "This diary has no room for a file of this size. A smaller one may fit; what was deleted in "
                "the last weeks counts too."
            )
        return super().refusal(error)

    @property
    def title_given(self) -> str:
        """Only after ``is_valid``: what was typed, else what the file was called."""
        sent: Any = self.files["sheet"]
        name = LineField(required=False).to_python(sent.name)
        title: str = self.cleaned_data["title"] or name.rpartition(".")[0] or name or "-"
        return title[:LONGEST_TITLE]
