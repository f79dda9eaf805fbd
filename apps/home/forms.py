"""Forms of the first pages."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.age_forms import AgeForm
from apps.accounts.agreement import AgreementField
from apps.accounts.forms import BrowserZoneField
from apps.core.countries import country_choices, country_of
from apps.core.forms import LineField


class OwnStudentForm(AgeForm):
    """A diary of one's own. The question about age is neutral: nothing is chosen beforehand."""

    name = LineField(
        label=_("Your name in the diary"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    country = forms.ChoiceField(label=_("Where do you live?"), required=False, choices=country_choices)
    agreed = AgreementField()
    field_order = ["name", "country", "birth_month", "birth_year", "agreed"]

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].initial = country_of(time_zone)
        self.fields["agreed"].required = True


class ChildForm(forms.Form):
    """A child whom the person looks after; ``key`` makes a double click add one child."""

    name = LineField(
        label=_("The child's name"),
        max_length=100,
        help_text=_("A first name is enough. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    agreed = AgreementField()
    time_zone = BrowserZoneField()
    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
