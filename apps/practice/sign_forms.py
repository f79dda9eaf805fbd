"""The form with which a guardian signs a week."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LongTextField

from .models.sign_offs import LONGEST_NOTE


class WeekField(forms.DateField):
    """The first day of the week, as the page wrote it; whatever is none is no week that anybody asks for."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> date | None:
        try:
            found: date | None = super().clean(value)
        except forms.ValidationError:
            return None
        return found


class SignWeekForm(forms.Form):
    """One press is enough; a word to the teacher may go along."""

    week = WeekField()
    # What the page showed; anything else is not what stands there, and the service says so.
    version = forms.Field(required=False, widget=forms.HiddenInput)
    note = LongTextField(
        label=_("A word to the teacher"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("If there is something to say. The whole family reads it too."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
