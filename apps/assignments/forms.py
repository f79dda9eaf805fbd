"""Forms of assignments; what cannot be gets a sentence beside its field."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField, LongTextField
from apps.practice.models.entries import MOST_REPETITIONS
from apps.private_teaching.models import Teaching
from apps.repertoire.forms import RefusingForm, day_field
from apps.repertoire.models.pieces import FASTEST, LAST_BAR, SLOWEST
from apps.repertoire.services import NotPossible

from .above import Group
from .content import AssignmentContent, StepContent, WorkContent
from .models import (
    LONGEST_DESCRIPTION,
    LONGEST_LABEL,
    LONGEST_TITLE,
    MOST_MINUTES,
    MOST_STEPS,
    Assignment,
    StepKind,
    Template,
)
from .queries import AssignmentNow, StepNow
from .services import DueDayIsOver, NobodyIsLeft, NothingWasDone
from .state import Kind, Target

SHOWN_STEPS = 4
# A group that no row stands for.
EVERYBODY = UUID(int=0)
# A hyphen, or one of the two dashes that a telephone makes of it.
BARS = re.compile(r"\s*([0-9]{1,4})\s*(?:[-\u2013\u2014]\s*([0-9]{1,4})\s*)?")


class AmountField(forms.CharField):
    """How much: a whole number, or bars like 9-16. Which of them, the form knows that asks."""


class StudentsField(forms.MultipleChoiceField):
    """Keys of teachings. Whoever is no pupil any more since the page was drawn is the service's business."""

    # Chosen each time anew: words that come back from the device must not choose for whom they are.
    widget = forms.CheckboxSelectMultiple(attrs={"data-draft-never": ""})

    def validate(self, value: list[str]) -> None:
        """Whether it is enough, the form knows: a group may be chosen instead."""

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(each) for each in dict.fromkeys(super().clean(value))]
        except ValueError as error:
            raise ValidationError(gettext("This choice makes no sense any more."), code="invalid") from error


class GivingForm(RefusingForm):
    """A form by which something is given."""

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, DueDayIsOver):
            text = gettext("That day is over where %(name)s lives.")
            self.add_error("due_on", text % {"name": error.name})
        elif isinstance(error, NobodyIsLeft):
            text = gettext(
                "Nobody got it: the lessons ended or pause, or nothing may be written about them at the "
                "moment. What you typed is still here."
            )
            self.add_error("students" if "students" in self.fields else None, text)
        else:
            super().refuse(error)


class ForStudentsForm(GivingForm):
    """It says for whom: for students, for groups of them, or both."""

    students = StudentsField(label=_("For whom"), required=False)
    groups = StudentsField(label=_("For everybody in"), required=False)

    def offer(self, teachings: list[Teaching], groups: Sequence[Group]) -> None:
        """All whom one teaches, the only one chosen; and one's groups, of which the first is everybody."""
        field = self.fields["students"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (declared above)
        field.choices = [(str(each.pk), f"{each.student.name} · {each.instrument}") for each in teachings]
        if len(teachings) == 1:
            field.initial = [str(teachings[0].pk)]
        if len(teachings) > 1:
            all_of_them = [each.pk for each in teachings]
            groups = [Group(EVERYBODY, gettext("All my students"), all_of_them), *groups]
        self._groups = {group.key: group for group in groups}
        if groups:
            others = self.fields["groups"]
            assert isinstance(others, forms.MultipleChoiceField)  # noqa: S101  (declared above)
            others.choices = [(str(group.key), group.name) for group in groups]
        else:
            del self.fields["groups"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"students", "groups"} & set(self.errors) and not self.chosen():
            self.add_error("students", gettext("Choose at least one student."))
        return found

    def chosen(self) -> list[UUID]:
        """Teachings, each once. Who is in a group is asked when it is sent."""
        groups = [self._groups[key] for key in self.cleaned_data.get("groups", []) if key in self._groups]
        everybody = [
            *self.cleaned_data.get("students", []),
            *(key for group in groups for key in group.teachings),
        ]
        return list(dict.fromkeys(everybody))


class AssignmentForm(GivingForm):
    title = LineField(
        label=_("What to practise"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    about = LineField(
        label=_("Piece, section or skill"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("If the student has it under this name, practice for it counts there too."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "list": "known-things"}),
    )
    description = LongTextField(
        label=_("How"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text=_("The student and the guardians read it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    due_on = day_field(_("Due on"), required=False)
    target_minutes = forms.IntegerField(
        label=_("Minutes a day"),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("Only if time matters. What is done is said by the steps."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("1 to 600 minutes, in whole numbers.")
        ),
    )

    def content(self, steps: list[StepContent]) -> AssignmentContent:
        names = ("title", "about", "description", "target_minutes", "due_on")
        return AssignmentContent(steps=steps, **{name: self.cleaned_data[name] for name in names})


class GiveForm(ForStudentsForm, AssignmentForm):
    """``key`` is made when the page is drawn, so that sending twice gives once.

    ``is_fixed``: on a page about one student nobody is asked for whom it is.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    lesson = forms.UUIDField(required=False, widget=forms.HiddenInput)
    field_order = ["key", "lesson", "title", "about", "description", "due_on", "target_minutes"]

    def __init__(
        self,
        data: Any = None,
        *,
        teachings: list[Teaching],
        groups: Sequence[Group] = (),
        initial: dict[str, Any] | None = None,
        is_fixed: bool = False,
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), **(initial or {})})
        self.offer(teachings, groups)
        if is_fixed:
            self.fields["students"].widget = forms.MultipleHiddenInput()


class EditForm(AssignmentForm):
    """``version`` says what the page was drawn from."""

    version = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, found: AssignmentNow) -> None:
        row = found.row
        names = ("title", "about", "description", "due_on", "target_minutes", "version")
        super().__init__(data, initial={name: getattr(row, name) for name in names})


class StepForm(forms.Form):
    """A row without any words is none."""

    # A row that nobody touched is not cleaned at all.
    found = StepContent()

    # Which step it was: its words may be put right without losing what was done for it.
    step = forms.UUIDField(required=False, widget=forms.HiddenInput)
    label = LineField(
        label=_("Step"),
        required=False,
        max_length=LONGEST_LABEL,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    kind = forms.ChoiceField(
        label=_("Finished by"), required=False, choices=StepKind.choices, initial=Kind.TICK
    )
    goal = AmountField(
        label=_("How much"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind, goal = Kind(data.get("kind") or Kind.TICK), data.get("goal") or ""
        found: dict[str, int | None] = {}
        if kind is Kind.BARS:
            found = self._bars(goal)
        elif kind is Kind.TICK and goal:
            text = gettext("A tick has no amount. Choose what finishes the step, or empty this.")
            self.add_error("goal", text)
        elif kind is not Kind.TICK:
            least, most = (1, MOST_REPETITIONS) if kind is Kind.REPETITIONS else (SLOWEST, FASTEST)
            if goal.isdecimal() and least <= int(goal) <= most:
                found = {"amount": int(goal)}
            else:
                text = gettext("A whole number from %(least)d to %(most)d, please.")
                self.add_error("goal", text % {"least": least, "most": most})
        self.found = StepContent(kind=kind, label=data.get("label") or "", key=data.get("step"), **found)
        return data

    def _bars(self, goal: str) -> dict[str, int | None]:
        match = BARS.fullmatch(goal)
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if 1 <= first <= last <= LAST_BAR:
            return {"from_bar": first, "to_bar": last}
        self.add_error("goal", gettext("Say the bars like 9-16."))
        return {}

    @property
    def says_nothing(self) -> bool:
        """Only after ``is_valid``: a tick without words."""
        return self.found == StepContent()


def begin_like(row: Assignment | Template) -> dict[str, Any]:
    """What a form begins with that gives the same to others."""
    return {name: getattr(row, name) for name in ("title", "about", "description", "target_minutes")}


def steps_formset(data: Any = None, *, steps: Sequence[StepContent] = ()) -> "forms.BaseFormSet[StepForm]":
    """The steps there are, and rows for some more."""
    # The one tick of an assignment without steps is no step that somebody wrote.
    initial = [] if list(steps) == [StepContent()] else [_initial(step) for step in steps]
    extra = max(SHOWN_STEPS - len(initial), 1) if len(initial) < MOST_STEPS else 0
    factory = forms.formset_factory(
        StepForm, extra=extra, max_num=MOST_STEPS, absolute_max=MOST_STEPS, validate_max=True
    )
    return factory(data, initial=initial, prefix="steps")


def _initial(step: StepContent) -> dict[str, Any]:
    goal = f"{step.from_bar}-{step.to_bar}" if step.kind is Kind.BARS else step.amount or ""
    return {"step": step.key, "label": step.label, "kind": step.kind.value, "goal": goal}


def contents_of(steps: "forms.BaseFormSet[StepForm]") -> list[StepContent]:
    """Only after ``is_valid``."""
    return [form.found for form in steps.forms if not form.says_nothing]


def worked(target: Target, typed: str) -> WorkContent | None:
    """What was typed for a step, or nothing where it makes no sense for it."""
    if target.kind is Kind.TICK:
        return WorkContent()
    if target.kind is Kind.BARS:
        match = BARS.fullmatch(typed)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        is_here = first <= (target.to_bar or 0) and last >= (target.from_bar or 0)
        return WorkContent(from_bar=first, to_bar=last) if 1 <= first <= last and is_here else None
    most = MOST_REPETITIONS if target.kind is Kind.REPETITIONS else FASTEST
    is_possible = typed.isdecimal() and 1 <= int(typed) <= most
    return WorkContent(**{target.kind.value: int(typed)}) if is_possible else None


def not_done() -> str:
    return gettext("Say how much, in whole numbers; bars like 9-16.")


class WorkForm(RefusingForm):
    """What was done for one step: a number, bars, or nothing but the press."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    done = AmountField(required=False, max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    LABELS = {
        Kind.REPETITIONS: _("How many times"),
        Kind.TEMPO: _("How fast"),
        Kind.BARS: _("Which bars"),
        Kind.TICK: _("Done"),
    }

    def __init__(self, data: Any = None, *, step: StepNow) -> None:
        super().__init__(data, initial={"key": uuid4()}, auto_id=f"id_{step.pk}_%s")
        self.step, kind = step, step.target.kind
        field = self.fields["done"]
        field.label = self.LABELS[kind]
        if kind is Kind.TICK:
            field.widget = forms.HiddenInput()
        elif kind is not Kind.BARS:
            field.widget.attrs["inputmode"] = "numeric"

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, NothingWasDone):
            self.add_error("done", not_done())
        else:
            super().refuse(error)

    def content(self) -> WorkContent:
        return worked(self.step.target, self.cleaned_data["done"]) or WorkContent()


class CarryForm(GivingForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    due_on = day_field(_("Due on"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4()})
