"""Forms about people and their accounts. What is wrong is said beside its field."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.days import calendar_day, is_time_zone, zone_of
from apps.core.forms import LineField, LinesField, LongTextField
from apps.core.zones import city_of, find_zone, similar_cities, zones_by_city

from . import queries, services
from .codes import clean_code
from .drawings import DRAWINGS
from .http import JOIN_HASH
from .models import Invitation, Student, User
from .models.grants import GrantLevel
from .models.invitations import InvitationRole
from .models.profiles import LONGEST_GOAL, LONGEST_INSTRUMENT, MOST_INSTRUMENTS, Level
from .models.users import WeekStart
from .photo_forms import PhotoField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

GUEST_DAYS = 30
GUEST_DAYS_MAX = 365


class BrowserZoneField(forms.CharField):
    """A hidden field that a small script fills in; whatever is not a zone counts as not said."""

    widget = forms.HiddenInput(attrs={"data-time-zone": ""})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=64, **kwargs)

    def clean(self, value: Any) -> str:
        return value if isinstance(value, str) and is_time_zone(value) else ""


class TimeZoneField(LineField):
    """A zone by its largest city; ``accounts/_zones.html`` lists the cities and offers the device's own."""

    def __init__(self, *, current: str, **kwargs: Any) -> None:
        self.current = current
        known = {"list": "time-zones", "autocomplete": "off", "data-zone": current}
        super().__init__(
            max_length=64,
            initial=city_of(current),
            label=_("Time zone"),
            widget=forms.TextInput(attrs=known),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """The zone's own name. What was shown and left alone stays what it was, an old name too."""
        typed: str = super().clean(value)
        zone = self.current if typed == self.initial else find_zone(typed)
        if zone is not None:
            return zone
        if similar := similar_cities(typed):
            cities = ", ".join(similar)
            raise forms.ValidationError(
                _("We do not know this city. Do you mean one of these: %(cities)s?"),
                params={"cities": cities},
                code="similar",
            )
        raise forms.ValidationError(
            _("We do not know this city. Please type a large city where the clocks are the same as yours."),
            code="unknown",
        )


class SignupDetailsForm(forms.Form):
    """What signing up asks beside address and password."""

    display_name = LineField(
        label=_("Your name"),
        max_length=100,
        help_text=_("As your teacher, your students or your family know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = BrowserZoneField()
    field_order = ["display_name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Complete the account. An invitation's link confirms its own address and no other."""
        user.display_name = self.cleaned_data["display_name"]
        user.time_zone = self.cleaned_data["time_zone"] or user.time_zone
        user.language = get_language() or user.language
        user.save(update_fields=["display_name", "time_zone", "language"])
        if request.session.get("account_verified_email") != user.email:
            get_adapter().unstash_verified_email(request)
        if known := request.session.get(JOIN_HASH):
            # The confirming link may be opened on another device, which knows nothing of this one.
            services.remember_opener(token_hash=known, user=user)


class AddressForm(forms.Form):
    """An address to send an invitation to, and the language to write in."""

    role: InvitationRole
    # None where the student is still to be said.
    student: Student | None
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, student: Student | None, by: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.student, self.by, self.now = student, by, now
        self.duplicate: Invitation | None = None
        self.fields["language"].initial = by.language

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if not email:
            return ""
        if email in (self.by.email.lower(), *queries.confirmed_addresses(self.by)):
            raise forms.ValidationError(_("This is your own address."), code="own")
        if self.student is not None and queries.is_guardian_address(self.student, email):
            raise forms.ValidationError(self.already_guardian(self.student), code="guardian")
        waiting = Invitation.objects.pending(self.now).filter(role=self.role, email=email)
        mine = {"student": self.student} if self.student else {"student": None, "invited_by": self.by}
        self.duplicate = waiting.filter(**mine).first()
        if self.duplicate is not None:
            raise forms.ValidationError(
                _("An invitation to this address is already waiting for an answer."), code="pending"
            )
        return email

    def already_guardian(self, student: Student) -> str:
        return _("Somebody with this address is already a guardian of %(name)s.") % {"name": student.name}


class InvitationForm(AddressForm):
    """Invite a guardian, or the student."""

    def __init__(self, *args: Any, role: InvitationRole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role


class UntilForm(forms.Form):
    """A last day, which is included: today, or a day within a year."""

    too_far: "_StrPromise"
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def count_from(self, now: datetime, *, zone: str) -> None:
        """The days of this zone; before anything is cleaned."""
        self.zone, self.today = zone, calendar_day(now, zone)
        self.last = self.today + timedelta(days=GUEST_DAYS_MAX)
        self.fields["until"].widget.attrs |= {"min": self.today.isoformat(), "max": self.last.isoformat()}

    def clean_until(self) -> datetime | None:
        """The last second of the day."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."), code="past")
        if day > self.last:
            raise forms.ValidationError(self.too_far, code="far")
        return datetime.combine(day, time(23, 59, 59), tzinfo=zone_of(self.zone))


class LastDayForm(UntilForm, AddressForm):
    """Let somebody in until a date."""

    student: Student
    too_far = _("A guest may stay for a year at most.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count_from(self.now, zone=self.student.time_zone)


class GrantForm(LastDayForm):
    """A guest of the family."""

    role = InvitationRole.GRANTEE
    level = forms.ChoiceField(
        label=_("What they may do"),
        choices=GrantLevel.choices,
        initial=GrantLevel.VIEW,
        widget=forms.RadioSelect,
    )
    field_order = ["email", "level", "until", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = self.today + timedelta(days=GUEST_DAYS)


class CodeField(forms.CharField):
    """The six characters of a code, however they were typed; the value is as codes are looked up."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.widget.attrs |= {
            "autocomplete": "one-time-code",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "autofocus": True,
            "class": "code-input",
        }

    def clean(self, value: Any) -> str:
        code = clean_code(super().clean(value))
        if code is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return code


class CodeForm(forms.Form):
    """The code that a teacher or guardian handed over."""

    code = CodeField(
        label=_("Your code"),
        help_text=_("Six letters and digits. Capitals, spaces and hyphens do not matter."),
        error_messages={
            "required": _("Type the code first."),
            "invalid": _(
                "This code is not one that waits. Look at it once more: there is no 0, O, 1, I or L in it. "
                "A code works once, for seven days; whoever gave it to you can make a new one."
            ),
        },
    )


class ZoneForm(forms.Form):
    """A form with a time zone among its fields."""

    @property
    def cities(self) -> Iterable[str]:
        return zones_by_city()


class StudentForm(ZoneForm):
    """A student's name, what they say of themselves, and the zone that decides what day it is for them."""

    name = LineField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    instruments = LinesField(
        label=_("Instruments"),
        required=False,
        most=MOST_INSTRUMENTS,
        longest=LONGEST_INSTRUMENT,
        help_text=_("One on each line, for example cello or voice. What lessons are for is known already."),
    )
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[("", _("not said")), *Level.choices],
        help_text=_("As you would say it yourself. Nobody is tested."),
    )
    goal = LongTextField(
        label=_("What I want to reach"),
        required=False,
        max_length=LONGEST_GOAL,
        help_text=_("In the student's own words. Everybody who sees this diary reads it."),
    )

    picture = forms.ChoiceField(
        label=_("Picture"),
        required=False,
        choices=[("", _("the first letters of the name"))]
        + [(each.code, format_lazy("{} {}", each.sign, each.word)) for each in DRAWINGS],
        widget=forms.RadioSelect,
        help_text=_("It stands beside the name. There are no photos of students."),
    )

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = student.name
        self.fields["picture"].initial = student.picture
        profile = getattr(student, "profile", None)
        for name in ("instruments", "level", "goal"):
            self.fields[name].initial = getattr(profile, name, None)
        self.fields["time_zone"] = TimeZoneField(
            current=student.time_zone,
            help_text=_(
                "A large city, for example Berlin. It decides which day a practice session belongs to."
            ),
        )


class LimitForm(forms.Form):
    """How long one session of a student may be; empty is the usual limit."""

    max_minutes = forms.IntegerField(
        label=_("Longest session in minutes"),
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Write the minutes as a whole number, for example 360.")},
    )

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = settings.PRACTICE_TAUGHT_MAX_MINUTES
        self.fields["max_minutes"].initial = student.max_minutes
        self.fields["max_minutes"].help_text = _("Leave it empty for the usual limit: %(usual)d minutes.") % {
            "usual": usual
        }

    def clean_max_minutes(self) -> int | None:
        minutes: int | None = self.cleaned_data["max_minutes"]
        least, most = settings.PRACTICE_TAUGHT_MAX_MINUTES, settings.PRACTICE_MAX_MINUTES
        if minutes is not None and minutes < least:
            raise forms.ValidationError(
                _("%(least)d minutes are allowed anyway. Write a larger number, or leave it empty."),
                params={"least": least},
                code="small",
            )
        if minutes is not None and minutes > most:
            raise forms.ValidationError(
                _("A day has %(most)d minutes. Write a smaller number."), params={"most": most}, code="large"
            )
        return minutes


class SettingsForm(ZoneForm):
    """A person's own settings. Of children there are no photos (ADR 0021)."""

    display_name = LineField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of the pages and of your mail.")
    )
    week_starts_on = forms.TypedChoiceField(
        label=_("The week starts on"), choices=WeekStart.choices, coerce=int, widget=forms.RadioSelect
    )

    photo = PhotoField(
        label=_("Your photo"),
        help_text=_(
            "If you like: a JPEG, PNG or WebP file of 5 MB at most. Whoever stands with you on a student's "
            "page sees it. Of the file we keep two small squares, and nothing of when and where it was taken."
        ),
    )
    field_order = ["display_name", "photo", "language", "time_zone", "week_starts_on"]

    def __init__(self, *args: Any, user: User, may_show_face: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_show_face:
            del self.fields["photo"]
        for name in ("display_name", "language", "week_starts_on"):
            self.fields[name].initial = getattr(user, name)
        clock = timezone.localtime(timezone.now(), zone_of(user.time_zone))
        self.fields["time_zone"] = TimeZoneField(
            current=user.time_zone,
            help_text=_("A large city, for example Berlin. With your zone it is now %(time)s.")
            % {"time": clock.strftime("%H:%M")},
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """No page can send a chosen file back: it is said where another field came back with a mistake."""
        if self.errors and self.cleaned_data.get("photo"):
            self.ask_again()
        return self.cleaned_data

    def ask_again(self) -> None:
        self.add_error("photo", _("Please choose the photo again: it was not kept."))
