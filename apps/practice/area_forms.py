"""Another name for a focus area of the student's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField

from .models.areas import LONGEST_AREA


class AreaNameForm(forms.Form):
    name = LineField(
        label=_("Name"),
        max_length=LONGEST_AREA,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Sessions that have it show the new name."),
        error_messages={"required": _("Give it a name.")},
    )

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        super().__init__(data, initial={"name": name})
