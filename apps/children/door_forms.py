"""Forms at the child's door: they let somebody in or out, and keep nothing of what is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField

from . import secrets
from .pictures import CODES, LENGTH


class PinField(forms.CharField):
    """Six digits; spaces do not matter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, error_messages={"required": _("Type the six digits.")}, **kwargs)

    def clean(self, value: Any) -> str:
        digits = "".join(super().clean(value).split())
        if digits and not secrets.is_pin(digits):
            raise forms.ValidationError(_("Type six digits, nothing else."), code="no_pin")
        return digits


class NameForm(forms.Form):
    """Who are you? What is typed here is looked up on a trusted device only."""

    username = LineField(
        label=_("Your sign-in name"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type your sign-in name.")},
    )


class PinForm(forms.Form):
    pin = PinField(
        label=_("Your number"),
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "current-password", "class": "code-input"}
        ),
    )

    @property
    def value(self) -> str:
        return str(self.cleaned_data["pin"])


class PicturesForm(forms.Form):
    """One picture after the other: each press sends the one, and those before it."""

    picks = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    pick = forms.CharField(required=False, max_length=10)

    @property
    def codes(self) -> list[str]:
        """What has been pressed up to now; whatever is no picture is left out. Only after ``is_valid``."""
        sent = [*self.cleaned_data["picks"].split("-"), self.cleaned_data["pick"]]
        return [code for code in sent if code in CODES][:LENGTH]

    @property
    def is_whole(self) -> bool:
        return len(self.codes) == LENGTH

    @property
    def value(self) -> str:
        return secrets.of_pictures(self.codes)


class LeaveForm(forms.Form):
    """The way out of a device that was handed over."""

    password = forms.CharField(
        label=_("Password of the grown-up"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Type the password.")},
    )
