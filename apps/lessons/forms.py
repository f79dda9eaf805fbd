"""Forms of lessons; what cannot be gets a sentence beside its field."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField, LinkField, LongTextField
from apps.core.templatetags.ui import moment
from apps.private_teaching.models import Teaching
from apps.repertoire.forms import RefusingForm, day_field
from apps.repertoire.services import GoneMeanwhile, NotPossible

from .content import LessonContent, NotesContent, Repeat
from .models import (
    LONGEST,
    LONGEST_LINK,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_REASON,
    SHORTEST,
    Attendance,
    Lesson,
)
from .services import AttendanceIsNotYet, DayIsTooFar, LessonOverlaps

USUAL_MINUTES = 30
LONGEST_SERIES = timedelta(days=366)


def following_field(label: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=label,
        required=False,
        help_text=_("Those of which nothing is noted yet."),
    )


def keep_following(form: forms.Form, lesson: Lesson) -> None:
    """Only what was planned as a row has lessons that follow."""
    if lesson.series is None:
        del form.fields["following"]


def overlap_words(error: LessonOverlaps) -> str:
    if error.other is None:
        return gettext("You have another lesson at that time.")
    words = {
        "student": error.other.teaching.student.name,
        "begin": moment(error.other.starts_at),
        "minutes": error.other.minutes,
    }
    return gettext("You have a lesson with %(student)s then: %(begin)s, %(minutes)d min.") % words


class LessonForm(RefusingForm):
    """When, how long and where. Days and times are those of the teacher's clocks."""

    day = day_field(_("Day"), required=True)
    time = forms.TimeField(
        label=_("Begins at"),
        localize=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 60}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=USUAL_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("A lesson lasts 5 to 480 minutes, in whole numbers.")
        ),
    )
    place = LineField(
        label=_("Place"),
        required=False,
        max_length=LONGEST_PLACE,
        help_text=_("A room, an address, or nothing."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    link = LinkField(
        label=_("Link"), required=False, max_length=LONGEST_LINK, help_text=_("For a lesson by video.")
    )

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, LessonOverlaps):
            self.add_error("time", overlap_words(error))
        elif isinstance(error, DayIsTooFar):
            self.add_error("day", gettext("Lessons can be written down for the last year and the next two."))
        elif isinstance(error, GoneMeanwhile):
            self.add_error(
                None,
                gettext("These lessons ended or pause, so nothing was saved. What you typed is still here."),
            )
        else:
            super().refuse(error)

    def content(self) -> LessonContent:
        data = self.cleaned_data
        wall = datetime.combine(data["day"], data["time"].replace(second=0, microsecond=0))
        return LessonContent(wall=wall, minutes=data["minutes"], place=data["place"], link=data["link"])


class LessonAddForm(LessonForm):
    """``key`` is made when the page is drawn, so that sending twice plans once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    teaching = forms.ChoiceField(label=_("Student"))
    weeks = forms.ChoiceField(
        label=_("Repeat"),
        required=False,
        choices=[("", _("once")), ("1", _("every week")), ("2", _("every two weeks"))],
    )
    until = day_field(_("Until"), required=False)
    field_order = ["key", "teaching"]

    def clean(self) -> dict[str, Any]:
        """What is repeated has a last day, within a year."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, until = data.get("day"), data.get("until")
        if not data.get("weeks") or day is None or "until" in self.errors:
            return data
        if until is None:
            self.add_error("until", _("Say until when, too."))
        elif not day <= until <= day + LONGEST_SERIES:
            self.add_error("until", _("The last day is not before the first one, and within a year of it."))
        return data

    @property
    def repeat(self) -> Repeat | None:
        """Only after ``is_valid``; none for a lesson that is once."""
        weeks = self.cleaned_data["weeks"]
        return Repeat(weeks=int(weeks), until=self.cleaned_data["until"]) if weeks else None

    def __init__(
        self, data: Any = None, *, teachings: list[Teaching], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), **(initial or {})})
        self.teachings = {str(each.pk): each for each in teachings}
        choices = [(key, f"{each.student.name} · {each.instrument}") for key, each in self.teachings.items()]
        if len(choices) > 1:
            choices.insert(0, ("", gettext("Choose a student")))
        self.fields["teaching"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Teaching:
        """Only after ``is_valid``."""
        return self.teachings[self.cleaned_data["teaching"]]

    @property
    def saved_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key


class LessonEditForm(LessonForm):
    """``version`` says what the page was drawn from."""

    version = forms.Field(required=False, widget=forms.HiddenInput)
    following = following_field(_("Change those that follow in this row, too"))
    reason = LineField(
        label=_("If it moves: why"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("The family reads it in the mail about the new time."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, lesson: Lesson) -> None:
        begin = timezone.localtime(lesson.starts_at)
        super().__init__(
            data,
            initial={
                "version": lesson.version,
                "day": begin.date(),
                "time": begin.time(),
                "minutes": lesson.minutes,
                "place": lesson.place,
                "link": lesson.link,
            },
        )
        keep_following(self, lesson)


class CancelForm(RefusingForm):
    following = following_field(_("Call off those that follow in this row, too"))
    reason = LineField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("The family reads it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, lesson: Lesson) -> None:
        super().__init__(data)
        keep_following(self, lesson)


class NotesForm(RefusingForm):
    version = forms.Field(required=False, widget=forms.HiddenInput)
    attendance = forms.ChoiceField(label=_("Attendance"), required=False)
    shared_note = LongTextField(
        label=_("Note for the family"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("The student and the guardians read it."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    own_note = LongTextField(
        label=_("Private note"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("For you alone: nobody of the family and no other teacher ever reads it."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, lesson: Lesson, own_note: str) -> None:
        super().__init__(
            data,
            initial={
                "version": lesson.version,
                "attendance": lesson.attendance,
                "shared_note": lesson.shared_note,
                "own_note": own_note,
            },
        )
        self._lesson = lesson
        self._offer_attendance(lesson)
        if data is None:
            # Words that wait on a device belong to what was there when they were typed.
            self.fields["version"].widget.attrs["data-draft-kept"] = ""

    def _offer_attendance(self, lesson: Lesson) -> None:
        """What can be noted now, and what is noted already; nobody asks about a lesson that is called off."""
        possible = lesson.attendances(timezone.now())
        if not possible and not lesson.attendance:
            del self.fields["attendance"]
            return
        offered = [each for each in Attendance if each in possible or each == lesson.attendance]
        field = self.fields["attendance"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = [("", gettext("not noted")), *((each.value, each.label) for each in offered)]

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, AttendanceIsNotYet):
            self.add_error("attendance" if "attendance" in self.fields else None, not_yet())
        else:
            super().refuse(error)

    def content(self) -> NotesContent:
        data = self.cleaned_data
        return NotesContent(
            attendance=data.get("attendance", self._lesson.attendance),
            shared_note=data["shared_note"],
            own_note=data["own_note"],
        )


def not_yet() -> str:
    return gettext("Who was there can be noted once the lesson has begun, and not of one that is called off.")


def next_full_hour(now: datetime) -> datetime:
    """What an empty form begins with, on the reader's clocks."""
    return (timezone.localtime(now) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
