"""Forms of challenges."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField, LongTextField
from apps.private_teaching.models import Teaching
from apps.repertoire.forms import day_field
from apps.repertoire.services import GoneMeanwhile, NotPossible

from .above import Group
from .content import ChallengeContent
from .forms import ForStudentsForm
from .models import HIGHEST_TARGET, LONGEST_NAME, LONGEST_WORDS, Aim, Challenge, Measure
from .services import LastDayIsOver, TooLong, TooManyChallenges, TooManyPupils

# What a form takes over from a challenge that the new one shall be like.
LIKE = ("title", "description", "aim", "measure", "target")


class AskingForm(ForStudentsForm):
    """It asks families whether their child takes part."""

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, LastDayIsOver):
            name = "ends_on" if "ends_on" in self.fields else None
            self.add_error(name, gettext("That day is over already."))
        elif isinstance(error, TooLong):
            text = gettext("A challenge has %(most)d days at most.")
            self.add_error("ends_on", text % {"most": error.most})
        elif isinstance(error, TooManyChallenges):
            text = gettext("%(most)d challenges are running already. Take one back first.")
            self.add_error(None, text % {"most": error.most})
        elif isinstance(error, TooManyPupils):
            text = gettext("%(most)d students at most can be asked.")
            self.add_error("students", text % {"most": error.most})
        elif isinstance(error, GoneMeanwhile):
            self.add_error(None, gettext("This challenge was taken back meanwhile. Nobody was asked."))
        else:
            super().refuse(error)

    def offer(self, teachings: list[Teaching], groups: Sequence[Group]) -> None:
        """Each student once, whatever they learn."""
        first: dict[Any, Teaching] = {}
        for row in teachings:
            first.setdefault(row.student_id, row)
        super().offer(list(first.values()), groups)


class AskMoreForm(AskingForm):
    def __init__(self, data: Any = None, *, teachings: list[Teaching], groups: Sequence[Group]) -> None:
        super().__init__(data)
        self.offer(teachings, groups)


class ChallengeForm(AskingForm):
    """``key`` is made when the page is drawn, so that sending twice sets one."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    title = LineField(
        label=_("What it is called"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    description = LongTextField(
        label=_("A word about it"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=_("The families of all whom you ask read it, so it names nobody."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    aim = forms.ChoiceField(
        label=_("Who reaches it"),
        choices=[(Aim.TOGETHER.value, _("All together")), (Aim.EACH.value, _("Each for themselves"))],
        initial=Aim.TOGETHER,
        widget=forms.RadioSelect,
    )
    target = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=HIGHEST_TARGET,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("A whole number from 1 to 100000, please.")
        ),
    )
    measure = forms.ChoiceField(label=_("Of what"), choices=Measure.choices, initial=Measure.SESSIONS)
    starts_on = day_field(_("First day"), required=True)
    ends_on = day_field(_("Last day"), required=True)
    field_order = [
        "key",
        "title",
        "description",
        "aim",
        "target",
        "measure",
        "starts_on",
        "ends_on",
        "students",
        "groups",
    ]

    def __init__(
        self,
        data: Any = None,
        *,
        teachings: list[Teaching],
        groups: Sequence[Group],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), **(initial or {})})
        self.offer(teachings, groups)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day comes before the first."))
        return found

    def content(self) -> ChallengeContent:
        names = (*LIKE, "starts_on", "ends_on")
        return ChallengeContent(**{name: self.cleaned_data[name] for name in names})


def begin_like(row: Challenge) -> dict[str, Any]:
    return {name: getattr(row, name) for name in LIKE}
