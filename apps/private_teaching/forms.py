"""Forms of a teacher: a new student, another instrument, codes for a whole studio."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.accept_forms import AcceptForm
from apps.accounts.age_forms import AgeForm
from apps.accounts.agreement import AgreementField
from apps.accounts.forms import AddressForm, BrowserZoneField, LastDayForm, UntilForm
from apps.accounts.models import Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import MINORS
from apps.accounts.services import is_childs_login
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


class HandOverForm(UntilForm):
    """A young adult lets a former guardian look again until a date."""

    too_far = _("Somebody may be let in for a year at most.")
    guardian = forms.ChoiceField(label=_("Who?"), widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("What they may do"),
        choices=[(each.value, each.label) for each in (GrantLevel.VIEW, GrantLevel.COMMENT)],
        initial=GrantLevel.VIEW,
        widget=forms.RadioSelect,
    )
    field_order = ["guardian", "level", "until"]

    def __init__(
        self, *args: Any, student: Student, people: Sequence[User], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.count_from(now, zone=student.time_zone)
        self.fields["until"].initial = self.last
        self.people = {str(each.pk): each for each in people}
        guardian = self.fields["guardian"]
        assert isinstance(guardian, forms.ChoiceField)  # noqa: S101  (declared above)
        guardian.choices = [(key, each.get_full_name()) for key, each in self.people.items()]

    def clean_guardian(self) -> User:
        return self.people[self.cleaned_data["guardian"]]

    def clean_level(self) -> GrantLevel:
        return GrantLevel(self.cleaned_data["level"])


class OfferForm(AddressForm):
    """An invitation to lessons, by mail or by a code to hand over."""

    instrument = TeachingForm.base_fields["instrument"]
    field_order = ["instrument", "until", "email", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["email"].help_text = gettext("Leave it empty to get a code that you hand over yourself.")


class PupilInviteForm(OfferForm):
    """A teacher asks a family, or an adult, who has a diary here or will begin one."""

    role = InvitationRole.PUPIL


class TeacherInviteForm(OfferForm, LastDayForm):
    """The family asks another teacher, for good or to stand in until a day."""

    role = InvitationRole.TEACHER
    too_far = _("Somebody may stand in for a year at most. Leave it empty for longer.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = self.fields["until"]
        until.required = False
        until.label = gettext("Stands in until")
        until.help_text = gettext(
            "Only for somebody who stands in for a while. Empty: until you end the lessons."
        )

    def already_guardian(self, student: Student) -> str:
        return gettext("This is the address of a guardian of %(name)s.") % {"name": student.name}


class Whose(StrEnum):
    """Whose diary the lessons belong to, beside the children by their keys."""

    OWN = "own"
    START = "start"
    NEW_CHILD = "new"


class PupilAcceptForm(AcceptForm, AgeForm):
    """Who learns: with a diary that is here, so that nobody gets two, or with one that begins now.

    Only who begins a diary of their own says when they were born; whoever begins one is asked whether
    it may be kept.
    """

    whose = forms.ChoiceField(
        label=_("Who will have the lessons?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    name = LineField(
        label=_("The child's name"),
        max_length=100,
        required=False,
        help_text=_("Only for a child who is not here yet. A first name is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    agreed = AgreementField()
    field_order = ["whose", "name", "birth_month", "birth_year", "agreed"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Student.objects.own(self.by).first() if self.by else None
        self.is_childs = self.by is not None and is_childs_login(self.by)
        whose = self.fields["whose"]
        assert isinstance(whose, forms.ChoiceField)  # noqa: S101  (declared above)
        whose.choices = list(self._choices(own))
        self.fields["birth_month"].required = self.fields["birth_year"].required = False
        self.fields["birth_month"].help_text = gettext("Only if you begin a diary of your own.")
        if own is not None:
            self.drop_age()

    @property
    def says_age(self) -> bool:
        return self.data.get("whose") == Whose.START

    def _choices(self, own: Student | None) -> list[tuple[str, str]]:
        if self.is_childs:
            return []
        if own and own.age_band in MINORS:
            return [(str(Whose.OWN), gettext("I, with my own diary"))]
        me = [(str(Whose.OWN), gettext("I, with my own diary"))] if own else []
        children = [(str(child.pk), child.name) for child in self.children]
        found = [*me, *children, (str(Whose.NEW_CHILD), gettext("A child who is not here yet"))]
        return found if own else [*found, (str(Whose.START), gettext("I, with a diary that begins now"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("whose") == Whose.NEW_CHILD and not data.get("name") and "name" not in self.errors:
            self.add_error("name", gettext("Please write the child's name."))
        if data.get("whose") == Whose.START:
            self._need("birth_month", data.get("birth_month"))
            self._need("agreed", data.get("agreed"))
        return data

    def _need(self, name: str, value: object) -> None:
        """Of the two halves of an age the one that is missing."""
        if name == "birth_month" and self.data.get(name):
            name = "birth_year"
        if not value and name not in self.errors:
            self.add_error(name, self.fields[name].error_messages["required"])


class TeacherAcceptForm(AcceptForm, AgeForm):
    """Whoever teaches somebody else's child is of age."""
