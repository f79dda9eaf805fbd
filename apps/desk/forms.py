"""Forms of the desk."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.forms import LineField, LongTextField
from apps.practice.models.comments import LONGEST_BODY

from .models import LONGEST_REASON, LONGEST_SNIPPET, MOST
from .services import NAME
from .triage import Thresholds

# One reply goes to as many entries at most.
MOST_REPLIES = 60
LONGEST_NAME: int = Student._meta.get_field("name").max_length or 0

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
        _("The last seven days: so many percent less than before"),
        "points",
        _("Than the mean of the four weeks before them."),
    )
    struggle_times = number(_("The same was hard so many times in two weeks"), "struggle_times")
    exam_weeks = number(_("An exam within so many weeks, behind its target hours"), "exam_weeks")

    def content(self) -> Thresholds:
        return Thresholds(**self.cleaned_data)


class ChosenEntries(forms.MultipleChoiceField):
    """Keys of entries, as the boxes of the inbox send them; whose they are the service asks."""

    def validate(self, value: list[str]) -> None:
        if not value:
            raise ValidationError(gettext("Choose at least one entry above."), code="required")
        if len(value) > MOST_REPLIES:
            raise ValidationError(gettext("These are too many at once: choose 60 at most."), code="many")

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(each) for each in dict.fromkeys(super().clean(value))]
        except ValueError as error:
            raise ValidationError(gettext("This choice makes no sense any more."), code="invalid") from error


class ReplyForm(forms.Form):
    """``key`` is made when the page is drawn, so that sending twice writes once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    entry = ChosenEntries(widget=forms.MultipleHiddenInput)
    body = LongTextField(
        label=_("Your reply to all that you chose"),
        max_length=LONGEST_BODY,
        help_text=_("{name} becomes the first name of each pupil."),
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4()}, auto_id="id_bulk_%s")

    def clean_body(self) -> str:
        """Long enough for the longest name, too."""
        body: str = self.cleaned_data["body"]
        if len(body) + body.count(NAME) * LONGEST_NAME > LONGEST_BODY:
            raise ValidationError(gettext("With the names in it, this is too long. Shorten it a little."))
        return body

    def refuse(self) -> None:
        """The key was used for something else: a fresh one, and once more."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["key"] = str(uuid4())  # type: ignore[index]
        self.add_error(None, gettext("This form was used before. Please press Send again."))


class SnippetForm(forms.Form):
    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    body = LongTextField(
        label=_("A sentence that you often write"),
        max_length=LONGEST_SNIPPET,
        help_text=_("{name} becomes the first name of the pupil."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    @property
    def saved_key(self) -> UUID:
        """Only after ``is_valid``; a form without one is a new thing."""
        return self.cleaned_data["key"] or uuid4()
