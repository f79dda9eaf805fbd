"""Forms about a family: the month of birth, and an objection."""

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LongTextField

from .forms import StudentForm
from .models import Student
from .models.family import LONGEST_REASON

# Years: whoever is older was never a child here.
OLDEST = 100


class MonthField(forms.Field):
    """A month of a year as a date, its first day. Browsers without a picker of months take it as text."""

    widget = forms.TextInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write year and month, for example 2014-05.")
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"type": "month", "placeholder": "2014-05", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%Y-%m") if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})-(\d{1,2})|(\d{1,2})[./ -](\d{4})", text, re.ASCII)
        year, month = (found[1] or found[4], found[2] or found[3]) if found else ("", "")
        try:
            return date(int(year), int(month), 1)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class GuardedStudentForm(StudentForm):
    """For guardians, who alone write the month of birth."""

    birth_month = MonthField(
        label=_("Month of birth"),
        required=False,
        help_text=_("Year and month are enough. At 18 the student decides who sees the diary."),
    )

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, student=student, **kwargs)
        self.fields["birth_month"].initial = student.birth_month
        self.today = student.today(timezone.now())

    def clean_birth_month(self) -> date | None:
        month: date | None = self.cleaned_data["birth_month"]
        if month is not None and not self.today.year - OLDEST < month.year <= self.today.year:
            raise forms.ValidationError(_("This cannot be right. Please look at it once more."), code="far")
        return month


class ObjectionForm(forms.Form):
    """Why somebody should be no guardian, for the staff alone."""

    reason = LongTextField(
        label=_("What should we know?"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("You may leave it empty. Only the people who run this Woodshed read it."),
    )
