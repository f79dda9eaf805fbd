"""Forms of a teacher: a new student, another instrument, codes for a whole studio."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import BrowserZoneField
from apps.accounts.models import Student
from apps.accounts.models.invitations import InvitationRole
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


class CodeSheetForm(forms.Form):
    """For whom codes are made, and whether a grown-up or the student themselves gets them."""

    role = forms.ChoiceField(
        label=_("Who will get the codes?"),
        choices=[
            (InvitationRole.GUARDIAN, _("a parent or guardian")),
            (InvitationRole.STUDENT, _("the students themselves, from 13 years on")),
        ],
        initial=InvitationRole.GUARDIAN,
        widget=forms.RadioSelect,
    )
    students = forms.MultipleChoiceField(
        label=_("For these students"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one student.")},
    )

    def __init__(self, data: Any = None, *, students: Sequence[Student]) -> None:
        """Everybody is chosen at first: a new studio wants its whole sheet."""
        super().__init__(data, initial={"students": [str(each.pk) for each in students]})
        field = self.fields["students"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (declared above)
        field.choices = [(str(each.pk), each.name) for each in students]

    def chosen(self, students: Sequence[Student]) -> list[Student]:
        """Only after ``is_valid``."""
        return [each for each in students if str(each.pk) in self.cleaned_data["students"]]
