"""The form for sheet music: a PDF or a picture, told apart by what stands in it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField
from apps.core.picture_forms import WORDS as PICTURE_WORDS
from apps.core.pictures import SENT_TYPES, Picture, PictureIsNotPossible, whole_picture
from apps.core.pictures import Fault as PictureFault

from .models import LARGEST_SIDE, LONGEST_TITLE
from .pdf import Fault, PdfIsNotPossible, draw_pages, is_pdf
from .services import KeyIsTaken, NotPossible, TooMany, TooManyPages

NO_SHEET = _("This is neither a PDF nor a picture that we can read. Please choose another file.")


def refusal(error: NotPossible) -> str:
    """What was impossible, and what to do instead."""
    if isinstance(error, TooManyPages):
        return gettext("This diary holds %(most)d pages already, which is the most there can be.") % {
            "most": error.most
        }
    if isinstance(error, TooMany):
        words = ngettext(
            "%(most)d is the most that a piece can have. Delete one, then add this one.",
            "%(most)d are the most that a piece can have. Delete one, then add this one.",
            error.most,
        )
        return words % {"most": error.most}
    if isinstance(error, KeyIsTaken):
        return gettext("This form was used before. Please press Save again.")
    return gettext("This was deleted or closed to you meanwhile. What you typed is still here to copy.")


class SheetField(forms.FileField):
    """The value is a list of pages."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            **PICTURE_WORDS,
            "required": _("Please choose a file."),
            "invalid": NO_SHEET,
            "empty": PICTURE_WORDS[PictureFault.BROKEN],
            "missing": PICTURE_WORDS[PictureFault.BROKEN],
            Fault.NO_PDF: NO_SHEET,
            Fault.TOO_HEAVY: PICTURE_WORDS[PictureFault.TOO_HEAVY],
            Fault.ENCRYPTED: _("This PDF is locked with a password. Please save it without one first."),
            Fault.BROKEN: _("This PDF is damaged, or too hard to draw. Please choose another file."),
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


class ScoreForm(forms.Form):
    """``key`` is made when the page is drawn, so that sending twice adds once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    sheet = SheetField(
        label=_("File"),
        help_text=_(
            "A PDF or a picture (JPEG, PNG or WebP) of 5 MB at most. We draw its pages anew and do not keep "
            "the file itself. Only add what you may copy."
        ),
    )
    title = LineField(
        label=_("What it is"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("For example: first violin. Left empty, it is the name of the file."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"key": uuid4()})

    def clean(self) -> dict[str, Any]:
        """No page can send a chosen file back: it is said where another field came back with a mistake."""
        if self.errors and self.cleaned_data.get("sheet"):
            self.ask_again()
        return self.cleaned_data

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, KeyIsTaken):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["key"] = str(uuid4())  # type: ignore[index]
        self.add_error(None, refusal(error))
        if not isinstance(error, TooMany):
            self.ask_again()

    def ask_again(self) -> None:
        self.add_error("sheet", _("Please choose the file again: it was not kept."))

    @property
    def title_given(self) -> str:
        """Only after ``is_valid``: what was typed, else what the file was called."""
        sent: Any = self.files["sheet"]
        name = LineField(required=False).to_python(sent.name)
        title: str = self.cleaned_data["title"] or name.rpartition(".")[0] or name or "-"
        return title[:LONGEST_TITLE]
