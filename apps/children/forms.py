"""The guardian's form: how a child signs in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.forms import LineField

from . import secrets, usernames
from .door_forms import PinField
from .models import ChildLogin, SecretKind
from .pictures import LENGTH, PICTURES


def picture_choices() -> list[tuple[str, str]]:
    """In the reader's language, so made anew for each form."""
    found = [(picture.code, f"{picture.sign} {picture.word}") for picture in PICTURES]
    return [("", str(_("choose a picture"))), *found]


def username_field(login: ChildLogin | None) -> LineField:
    return LineField(
        label=_("Sign-in name"),
        required=False,
        max_length=30,
        initial=login.username if login else "",
        help_text=_("A first name and a number, no surname. Leave it empty and we make one."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class SetUpForm(forms.Form):
    """How a child signs in. A secret that exists may be left as it is."""

    kind = forms.ChoiceField(
        label=_("What does your child sign in with?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )

    def __init__(self, *args: Any, student: Student, login: ChildLogin | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.student = student
        kinds = [SecretKind.PICTURES, SecretKind.PIN]
        self.fields["username"] = username_field(login)
        self.fields["pin"] = PinField(
            label=_("The number"),
            required=False,
            help_text=_("Six digits, if you chose the number. Not a birthday, not 123456."),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )
        choices = [(kind.value, str(kind.label)) for kind in kinds]
        if login is not None and login.has_secret:
            choices = [("keep", str(_("as until now"))), *choices]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        for number in range(1, LENGTH + 1):
            self.fields[f"picture_{number}"] = forms.ChoiceField(
                label=_("Picture %(number)d") % {"number": number},
                required=False,
                choices=picture_choices,
            )
        self.order_fields(["username", "kind", *self.picture_names, "pin"])

    @property
    def picture_names(self) -> list[str]:
        return [f"picture_{number}" for number in range(1, LENGTH + 1)]

    def clean_username(self) -> str:
        username = usernames.clean_username(self.cleaned_data["username"])
        if not username:
            return ""
        if not usernames.NAME.fullmatch(username):
            raise forms.ValidationError(
                _("Use letters from a to z and digits, 3 to 30 of them, with a letter first."), code="form"
            )
        if usernames.holds_surname(username, self.student):
            raise forms.ValidationError(_("Leave the surname out, please."), code="surname")
        return username

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == SecretKind.PICTURES:
            self._check_pictures([data.get(name, "") for name in self.picture_names])
        if data.get("kind") == SecretKind.PIN and "pin" in data:
            self._check_pin(data["pin"])
        return data

    def _check_pictures(self, codes: Sequence[str]) -> None:
        for name, code in zip(self.picture_names, codes, strict=True):
            if not code:
                self.add_error(name, _("Choose a picture."))
        if all(codes) and not secrets.is_picture_password(codes):
            self.add_error(self.picture_names[-1], _("Four times the same is too easy to guess."))

    def _check_pin(self, digits: str) -> None:
        if not digits:
            self.add_error("pin", _("Type the six digits."))
        elif secrets.is_easy(digits):
            self.add_error("pin", _("This number is too easy to guess. Please take another."))

    @property
    def what_to_save(self) -> dict[str, str]:
        """For the service; only after ``is_valid``."""
        data = self.cleaned_data
        kind = "" if data["kind"] == "keep" else data["kind"]
        pictures = secrets.of_pictures([data[name] for name in self.picture_names])
        value = {SecretKind.PICTURES.value: pictures, SecretKind.PIN.value: data["pin"]}.get(kind, "")
        return {"username": data["username"], "kind": kind, "value": value}
