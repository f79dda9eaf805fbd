"""The question about age: month and year of birth, nothing chosen beforehand, no hint at what it is for."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

EARLIEST_YEAR = 1900


def month_choices() -> list[tuple[object, object]]:
    return [("", "---"), *MONTHS.items()]


class AgeForm(forms.Form):
    """``cleaned_data["birth_month"]`` is the first of the month, or None where one half is missing.

    The year has no entry of its own. Where ``age_is_asked`` is false, both halves may stay empty.
    """

    age_is_asked = True

    birth_month = forms.TypedChoiceField(
        label=_("Month of birth"),
        choices=month_choices,
        coerce=int,
        widget=forms.Select(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Choose the month."), "invalid_choice": _("Choose a month.")},
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4}),
        error_messages={
            "required": _("Write the year with four digits."),
            "invalid": _("Write the year with four digits."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("birth_month", "birth_year"):
            self.fields[name].required = self.age_is_asked

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not EARLIEST_YEAR <= year <= timezone.now().year:
            raise forms.ValidationError(_("Write the year with four digits."), code="invalid")
        return year

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        month, year = found.get("birth_month"), found.pop("birth_year", None)
        for name, here, there in (("birth_month", month, year), ("birth_year", year, month)):
            if there and not here and name in self.fields and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        found["birth_month"] = born = date(year, month, 1) if month and year else None
        if born is not None and born > timezone.now().date():
            self.add_error("birth_month", _("This month is still to come."))
        return found

    def drop_age(self) -> None:
        """Nobody is asked whose age does not matter, or is known."""
        del self.fields["birth_month"], self.fields["birth_year"]
