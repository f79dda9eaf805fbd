"""Forms of a teacher: a new student, another instrument."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import BrowserZoneField
from apps.core.forms import LineField


class TeachingForm(forms.Form):
    """What is taught. A word, because every studio names its instruments itself."""

    instrument = LineField(
        label=_("Instrument"),
        max_length=60,
        help_text=_("For example piano, violin or voice."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StudentCreateForm(TeachingForm):
    """A name and an instrument are enough; ``key`` makes a double click add one student."""

    name = LineField(
        label=_("Name"),
        max_length=100,
        help_text=_("A first name is enough. The family can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    time_zone = BrowserZoneField()
    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    field_order = ["name", "instrument"]
