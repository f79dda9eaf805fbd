"""What the page of consents sends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.countries import country_choices

from .models import Purpose


class GiveForm(forms.Form):
    """The button under a text says which text it stood under."""

    purpose = forms.ChoiceField(choices=Purpose.choices)
    version = forms.IntegerField(min_value=1, max_value=32767)


class WithdrawForm(forms.Form):
    purpose = forms.ChoiceField(choices=Purpose.choices)


class CountryForm(forms.Form):
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=country_choices,
        help_text=_("Its law says from what age somebody may decide this alone."),
    )

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].initial = student.country
