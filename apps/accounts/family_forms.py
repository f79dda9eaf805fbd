"""Forms about a family: the month of birth, and an objection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LongTextField

from .age_forms import AgeForm
from .forms import StudentForm
from .models import Student
from .models.family import LONGEST_REASON


class GuardedStudentForm(StudentForm, AgeForm):
    """For guardians, who alone write the month of birth, and may leave it open."""

    age_is_asked = False
    field_order = ["name", "birth_month", "birth_year"]

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, student=student, **kwargs)
        born = student.birth_month
        self.fields["birth_month"].initial = born and born.month
        self.fields["birth_year"].initial = born and born.year
        self.fields["birth_year"].help_text = _("At 18 the student decides who sees the diary.")


class ObjectionForm(forms.Form):
    """Why somebody should be no guardian, for the staff alone."""

    reason = LongTextField(
        label=_("What should we know?"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("You may leave it empty. Only the people who run this Woodshed read it."),
    )
