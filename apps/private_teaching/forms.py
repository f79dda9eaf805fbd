"""Forms of a teacher: a new student, another instrument, codes for a whole studio."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import GUEST_DAYS_MAX, BrowserZoneField
from apps.accounts.models import Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.core.days import calendar_day, zone_of
from apps.core.forms import LineField

from .models import LONGEST_REASON

PAUSE_DAYS_AHEAD = 365


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


class PauseForm(forms.Form):
    """From when on lessons pause, and a word why, which both sides read."""

    since = forms.DateField(
        label=_("Pause from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = LineField(
        label=_("Why?"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("You may leave it empty. The teacher and the family read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, student: Student, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = student.time_zone, now
        self.today = calendar_day(now, student.time_zone)
        self.last = self.today + timedelta(days=PAUSE_DAYS_AHEAD)
        self.fields["since"].initial = self.today
        self.fields["since"].widget.attrs |= {"min": self.today.isoformat(), "max": self.last.isoformat()}

    def clean_since(self) -> datetime:
        """Today is at once; a later day begins at midnight, in the student's zone."""
        day = self.cleaned_data["since"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."), code="past")
        if day > self.last:
            raise forms.ValidationError(_("Choose a day within the next year."), code="far")
        return self.now if day == self.today else datetime.combine(day, time(0), tzinfo=zone_of(self.zone))


class HandOverForm(forms.Form):
    """A young adult lets a former guardian look again until a date, which is included."""

    guardian = forms.ChoiceField(label=_("Who?"), widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("What they may do"),
        choices=[(each.value, each.label) for each in (GrantLevel.VIEW, GrantLevel.COMMENT)],
        initial=GrantLevel.VIEW,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, student: Student, people: Sequence[User], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = student.time_zone
        self.people = {str(each.pk): each for each in people}
        guardian, until = self.fields["guardian"], self.fields["until"]
        assert isinstance(guardian, forms.ChoiceField)  # noqa: S101  (declared above)
        guardian.choices = [(key, each.get_full_name()) for key, each in self.people.items()]
        self.today = calendar_day(now, self.zone)
        self.last = self.today + timedelta(days=GUEST_DAYS_MAX)
        until.initial = self.last
        until.widget.attrs |= {"min": self.today.isoformat(), "max": self.last.isoformat()}

    def clean_guardian(self) -> User:
        return self.people[self.cleaned_data["guardian"]]

    def clean_level(self) -> GrantLevel:
        return GrantLevel(self.cleaned_data["level"])

    def clean_until(self) -> datetime:
        """The last second of the day, in the student's zone."""
        day = self.cleaned_data["until"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."), code="past")
        if day > self.last:
            raise forms.ValidationError(_("Somebody may be let in for a year at most."), code="far")
        return datetime.combine(day, time(23, 59, 59), tzinfo=zone_of(self.zone))
