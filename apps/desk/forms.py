"""Forms of the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField

from .models import LONGEST_REASON, MOST
from .triage import Thresholds

DAYS = ((3, _("3 days")), (7, _("a week")), (14, _("two weeks")), (28, _("four weeks")))


class SnoozeForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("For how long"), choices=DAYS, coerce=int, initial=7, widget=forms.RadioSelect
    )
    reason = LineField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        help_text=_("For you alone, for example: ill, on holiday, spoken on Monday."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


def number(label: Any, name: str, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST[name],
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("A whole number from 0 to %(most)d, please.") % {"most": MOST[name]},
        ),
    )


class ThresholdsForm(forms.Form):
    """Nought switches a rule off."""

    silent_days = number(_("Silent: so many days without practice"), "silent_days")
    expected_days = number(_("A week counts as missed with fewer days of practice than"), "expected_days")
    missed_weeks = number(_("So many missed weeks in a row"), "missed_weeks")
    points = number(
        _("The last seven days are so many points below the own last weeks"),
        "points",
        _("100 points are the mean of the four weeks before."),
    )
    struggle_times = number(_("The same was hard so many times in two weeks"), "struggle_times")
    exam_weeks = number(_("An exam within so many weeks, behind its target hours"), "exam_weeks")

    def content(self) -> Thresholds:
        return Thresholds(**self.cleaned_data)
