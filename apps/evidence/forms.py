"""The three forms: a link, a note, a picture. What is wrong is said beside its field."""

from typing import IO, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField, LinkField, LongTextField
from apps.core.picture_forms import PictureField
from apps.core.pictures import Picture, whole_picture

from .content import EvidenceContent, a_link, a_note, a_picture
from .models import LARGEST_SIDE, LONGEST_BODY, LONGEST_FILE_NAME, LONGEST_LINK, Kind
from .services import KeyIsTaken, NotPossible, PicturesAreNotAgreedTo, TooMany, TooManyPictures

LONGEST_CAPTION = 200


def refusal(error: NotPossible) -> str:
    """What was impossible, and what to do instead."""
    if isinstance(error, TooManyPictures):
        return gettext(
            "This diary holds %(most)d pictures already, which is the most there can be; those that were "
            "deleted in the last weeks count too. Links and notes can still be added."
        ) % {"most": error.most}
    if isinstance(error, TooMany):
        words = ngettext(
            "%(most)d is the most there can be here. Delete one, then add this one.",
            "%(most)d are the most there can be here. Delete one, then add this one.",
            error.most,
        )
        return words % {"most": error.most}
    if isinstance(error, PicturesAreNotAgreedTo):
        return gettext(
            "A grown-up of the family has to agree to pictures first, on the page Permissions. Links and "
            "notes can be added already."
        )
    if isinstance(error, KeyIsTaken):
        return gettext("This form was used before. Please press Save again.")
    return gettext("This was deleted or closed to you meanwhile. What you typed is still here to copy.")


class EvidenceForm(forms.Form):
    """``key`` is made when the page is drawn, so that sending twice adds once."""

    kind: Kind
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"key": uuid4()})

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, KeyIsTaken):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["key"] = str(uuid4())  # type: ignore[index]
        self.add_error(None, refusal(error))

    def content(self) -> EvidenceContent:
        """Only after ``is_valid``."""
        raise NotImplementedError


def caption_field() -> LineField:
    return LineField(
        label=_("What it shows"),
        required=False,
        max_length=LONGEST_CAPTION,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class LinkEvidenceForm(EvidenceForm):
    kind = Kind.LINK
    link = LinkField(
        label=_("Link"),
        max_length=LONGEST_LINK,
        help_text=_("A recording, a film, a page of your own. Nobody here has looked at what is there."),
    )
    body = caption_field()

    def content(self) -> EvidenceContent:
        return a_link(self.cleaned_data["link"], self.cleaned_data["body"])


class NoteEvidenceForm(EvidenceForm):
    kind = Kind.NOTE
    body = LongTextField(
        label=pgettext_lazy("something written", "Note"),
        max_length=LONGEST_BODY,
        help_text=_("What you learned, what you will remember."),
    )

    def content(self) -> EvidenceContent:
        return a_note(self.cleaned_data["body"])


class WholePictureField(PictureField):
    """The value is the picture as we keep it."""

    def read(self, file: IO[bytes], size: int) -> Picture:
        return whole_picture(file, size, side=LARGEST_SIDE)


class PictureEvidenceForm(EvidenceForm):
    kind = Kind.SCREENSHOT
    picture = WholePictureField(
        label=_("Picture"),
        help_text=_(
            "A screen, a page of notes, something you made: a JPEG, PNG or WebP file of 5 MB at most. Please "
            "no faces. We draw it anew and keep nothing of when and where it was taken; the name of the file "
            "is shown with it."
        ),
        error_messages={"required": _("Please choose a picture.")},
    )
    body = caption_field()

    def clean(self) -> dict[str, Any]:
        """No page can send a chosen file back: it is said where another field came back with a mistake."""
        if self.errors and self.cleaned_data.get("picture"):
            self.ask_again()
        return self.cleaned_data

    def refuse(self, error: NotPossible) -> None:
        super().refuse(error)
        if not isinstance(error, TooMany | PicturesAreNotAgreedTo):
            self.ask_again()

    def ask_again(self) -> None:
        self.add_error("picture", _("Please choose the picture again: it was not kept."))

    def content(self) -> EvidenceContent:
        sent: Any = self.files["picture"]
        name = LineField(required=False).to_python(sent.name)
        return a_picture(
            self.cleaned_data["picture"], name[:LONGEST_FILE_NAME] or "-", self.cleaned_data["body"]
        )


FORMS: dict[str, type[EvidenceForm]] = {
    form.kind.value: form for form in (LinkEvidenceForm, NoteEvidenceForm, PictureEvidenceForm)
}
