"""The three forms: a link, a note, a picture. What is wrong is said beside its field."""

from typing import IO, Any

from django import forms
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.adding import NotPossible, PicturesAreNotAgreedTo, TooMany
from apps.core.adding_forms import AddingForm
from apps.core.forms import LineField, LinkField, LongTextField
from apps.core.picture_forms import PictureField
from apps.core.pictures import Picture, whole_picture

from .content import EvidenceContent, a_link, a_note, a_picture
from .models import LARGEST_SIDE, LONGEST_BODY, LONGEST_FILE_NAME, LONGEST_LINK, Kind
from .services import TooManyPictures

LONGEST_CAPTION = 200


class EvidenceForm(AddingForm):
    kind: Kind

    def refusal(self, error: NotPossible) -> str:
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
            words = gettext("Links and notes can be added already.")
            return f"{super().refusal(error)} {words}"
        return super().refusal(error)

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
    file_field = "picture"
    choose_again = _("Please choose the picture again: it was not kept.")
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

    def content(self) -> EvidenceContent:
        sent: Any = self.files["picture"]
        name = LineField(required=False).to_python(sent.name)
        return a_picture(
            self.cleaned_data["picture"], name[:LONGEST_FILE_NAME] or "-", self.cleaned_data["body"]
        )


FORMS: dict[str, type[EvidenceForm]] = {
    form.kind.value: form for form in (LinkEvidenceForm, NoteEvidenceForm, PictureEvidenceForm)
}
