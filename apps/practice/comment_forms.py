"""Forms of the talk under an entry."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LongTextField

from .models import EntryComment
from .models.comments import LONGEST_BODY, CommentKind


def _body() -> LongTextField:
    return LongTextField(
        label=_("Your comment"),
        max_length=LONGEST_BODY,
        error_messages={"required": _("Write something first.")},
    )


class CommentForm(forms.Form):
    """One message. A family with several teachers chooses whom it is for. It may be ``about`` one line.

    Several stand on one page, each at a ``place`` of its own: "" under the talk, "amendment", or the
    teaching in whose thread it answers.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    thread = forms.ChoiceField(label=_("Who may read it"), required=False)
    about = forms.ChoiceField(label=_("About"), required=False)
    body = _body()

    def __init__(
        self,
        data: Any = None,
        *,
        threads: Sequence[tuple[str, str]] = (),
        lines: Sequence[str] = (),
        place: str = "",
    ) -> None:
        self.place = place
        thread = place if place in dict(threads) else ""
        super().__init__(data, initial={"key": uuid4(), "thread": thread}, auto_id=f"id_{place}_%s")
        field = self.fields["thread"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = list(threads)
        if len(threads) < 2 or place:
            field.widget = forms.HiddenInput()
        self._offer(lines)
        if place == CommentKind.AMENDMENT:
            self.fields["body"].label = _("What should be corrected?")

    def _offer(self, lines: Sequence[str]) -> None:
        if not lines or self.place == CommentKind.AMENDMENT:
            del self.fields["about"]
            return
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        titles = list(dict.fromkeys(lines))
        field.choices = [("", gettext("the whole session")), *((title, title) for title in titles)]

    def refuse(self) -> None:
        """The key was used for something else: a fresh one, and once more."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["key"] = str(uuid4())  # type: ignore[index]
        self.add_error(None, gettext("This form was used before. Please press Send again."))

    def clean_thread(self) -> UUID | None:
        value: str = self.cleaned_data["thread"]
        return UUID(value) if value else None


class CommentEditForm(forms.Form):
    """Other words for a comment. ``version`` says what the page was drawn from."""

    version = forms.Field(required=False, widget=forms.HiddenInput)
    body = _body()

    def __init__(self, data: Any = None, *, comment: EntryComment) -> None:
        super().__init__(data, initial={"version": comment.version, "body": comment.body})

    def refuse(self, version: str) -> None:
        """Other words stand there by now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = version  # type: ignore[index]
        self.add_error(
            None,
            gettext(
                "This comment was changed in another window, so nothing is saved yet. Press Save again to "
                "replace it."
            ),
        )
