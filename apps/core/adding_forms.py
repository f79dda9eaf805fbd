"""The form for what is added once, perhaps with a file: nothing that was typed is lost."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .adding import KeyIsTaken, NotPossible, PicturesAreNotAgreedTo, TooMany

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NOT_KEPT = _("The file could not be kept just now. Please try again later.")


class AddingForm(forms.Form):
    """``key`` is made when the page is drawn, so that sending twice adds once. ``file_field`` is the one in
    which a file is chosen."""

    file_field: ClassVar[str] = ""
    choose_again: "ClassVar[_StrPromise]" = _("Please choose the file again: it was not kept.")

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"key": uuid4()})

    def clean(self) -> dict[str, Any]:
        """No page can send a chosen file back: it is said where another field came back with a mistake."""
        if self.errors and self.cleaned_data.get(self.file_field):
            self.ask_again()
        return self.cleaned_data

    def refusal(self, error: NotPossible) -> str:
        """What was impossible, and what to do instead."""
        if isinstance(error, PicturesAreNotAgreedTo):
            return gettext(
                "A grown-up of the family has to agree to pictures first, on the page Permissions."
            )
        if isinstance(error, KeyIsTaken):
            return gettext("This form was used before. Please press Save again.")
        return gettext("This was deleted or closed to you meanwhile. What you typed is still here to copy.")

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, KeyIsTaken):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["key"] = str(uuid4())  # type: ignore[index]
        self.add_error(None, self.refusal(error))
        # Where there is no place for it, choosing it again would help nobody.
        if not isinstance(error, TooMany | PicturesAreNotAgreedTo):
            self.ask_again()

    def refuse_file(self) -> None:
        """The storage did not take it."""
        self.add_error(self.file_field, NOT_KEPT)

    def ask_again(self) -> None:
        if self.file_field:
            self.add_error(self.file_field, self.choose_again)
