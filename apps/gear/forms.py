"""Forms of gear and its care; what cannot be gets a sentence beside its field."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField, LongTextField
from apps.repertoire.forms import EditForm, NewForm, RefusingForm, day_field

from .content import CareContent, GearContent
from .models import DUE_WORDS, LONGEST_NAME, LONGEST_NOTES, LONGEST_WORDS, MOST_MONTHS, CareKind, GearKind


class GearForm(RefusingForm):
    """What it is, and of what the family wants to be reminded."""

    kind = forms.ChoiceField(label=_("Kind"), choices=GearKind.choices, initial=GearKind.INSTRUMENT)
    name = LineField(
        label=_("Name or model"),
        max_length=LONGEST_NAME,
        help_text=_("For example: my violin, 3/4, from the music school."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    bought_on = day_field(_("Bought or borrowed on"), required=False)
    notes = LongTextField(
        label=_("Notes"),
        required=False,
        max_length=LONGEST_NOTES,
        help_text=_("Everybody who sees this diary reads them."),
    )
    remind_of = forms.ChoiceField(
        label=_("Remind me of"),
        required=False,
        choices=[("", _("nothing")), *((kind.value, kind.label) for kind in DUE_WORDS)],
    )
    remind_months = forms.IntegerField(
        label=_("After how many months"),
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Months are whole numbers from 1 to 60.")
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Nothing to be reminded of needs no months."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "remind_months" in self.errors:
            return data
        if not data.get("remind_of"):
            data["remind_months"] = None
        elif data.get("remind_months") is None:
            self.add_error("remind_months", _("Say after how many months, too."))
        return data

    def content(self) -> GearContent:
        names = ("kind", "name", "bought_on", "notes", "remind_of", "remind_months", "is_put_away")
        return GearContent(**{name: self.cleaned_data[name] for name in names if name in self.fields})


class GearAddForm(NewForm, GearForm):
    pass


class GearEditForm(EditForm, GearForm):
    is_put_away = forms.BooleanField(
        label=_("Put it away for now"),
        required=False,
        help_text=_("It stays at the end of the list, and nothing of it is due."),
    )


class CareForm(RefusingForm):
    kind = forms.ChoiceField(label=_("What was done"), choices=CareKind.choices, initial=CareKind.STRINGS)
    done_on = day_field(_("On which day"), required=True)
    words = LineField(
        label=_("What else there is to say"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def content(self) -> CareContent:
        return CareContent(**{name: self.cleaned_data[name] for name in ("kind", "done_on", "words")})


class CareAddForm(NewForm, CareForm):
    def __init__(self, data: Any = None, *, today: date, kind: str = "") -> None:
        super().__init__(data)
        self.initial["done_on"] = today
        if kind:
            self.initial["kind"] = kind


class CareEditForm(EditForm, CareForm):
    pass
