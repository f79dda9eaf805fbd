"""In the form of a session: what it was for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.practice.content import Line
from apps.practice.models.entries import MOST_REPETITIONS

from .content import WorkContent
from .forms import AmountField, not_done, worked
from .queries import AssignmentNow, StepNow
from .services import Picked
from .state import Done, Kind
from .words import step_progress, step_words

PREFIX = "given"
# In every form that has this part, whatever is answered there.
SHOWN = f"{PREFIX}-shown"


def named_in(data: QueryDict | None) -> set[UUID]:
    """The steps that a form was sent with."""
    names = [name.removeprefix(f"{PREFIX}-") for name in data or () if name.startswith(f"{PREFIX}-")]
    return {key for key in map(key_of, names[:100]) if key is not None}


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class PickForm(forms.Form):
    """A field for each step that is open, was done in this session, or was sent.

    ``found``: the assignments, each with what the session did for it before; ``asked`` is the one through
    which the way led here.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        found: Sequence[tuple[AssignmentNow, dict[UUID, Done]]],
        asked: UUID | None = None,
    ) -> None:
        said = {step: done for _now, own in found for step, done in own.items()}
        super().__init__(data, prefix=PREFIX)
        self.found, self._said, self._asked = found, said, asked
        self._named = named_in(data)
        self.steps: dict[UUID, StepNow] = {}
        for now, _own in found:
            for step in now.steps:
                if not step.progress.is_done or step.pk in said or step.pk in self._named:
                    self.steps[step.pk] = step
                    self.fields[str(step.pk)] = _field(step, said.get(step.pk))

    @property
    def is_open(self) -> bool:
        """Something in it was said, or is wrong, or the way here led through it."""
        wrong = bool(self.is_bound and self.errors)
        return self._asked is not None or wrong or bool(self._said) or bool(self.is_bound and self._done())

    @property
    def groups(self) -> list[tuple[AssignmentNow, list[forms.BoundField]]]:
        return [
            (now, [self[str(step.pk)] for step in now.steps if step.pk in self.steps])
            for now, _own in self.found
        ]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if any(self.data.get(f"{PREFIX}-{key}") for key in self._named - self.steps.keys()):
            self.add_error(None, gettext("A step was changed meanwhile. Please look at it once more."))
        for key, step in self.steps.items():
            typed = found.get(str(key))
            if typed and step.target.kind is not Kind.TICK and worked(step.target, typed) is None:
                self.add_error(str(key), not_done())
        return found

    def _done(self) -> dict[UUID, WorkContent]:
        self.is_valid()
        typed = {key: self.cleaned_data.get(str(key)) for key in self.steps}
        found = {
            key: worked(self.steps[key].target, "" if each is True else each)
            for key, each in typed.items()
            if each
        }
        return {key: content for key, content in found.items() if content is not None}

    def along(self) -> Picked:
        return Picked(self._done(), frozenset(self.steps))

    def lines(self) -> list[Line]:
        """One for each thing that this session is about now, and was not before."""
        done = self._done()
        made = []
        for now, own in self.found:
            here = [done[step.pk] for step in now.steps if step.pk in done]
            # What it is called was said to one family by one teacher; a line is read by all of them.
            if here and not own and now.row.about:
                times = sum(each.repetitions or 0 for each in here)
                fastest = max((each.tempo or 0 for each in here), default=0)
                made.append(
                    Line(
                        # The words say what it is attached to, as in every line.
                        now.row.about,
                        tempo=fastest or None,
                        repetitions=min(times, MOST_REPETITIONS) or None,
                    )
                )
        return made

    def drawn(self) -> SafeString:
        return render_to_string("assignments/_pick.html", {"form": self})


def _field(step: StepNow, said: Done | None) -> forms.Field:
    if step.target.kind is Kind.TICK:
        return forms.BooleanField(label=step_words(step), required=False, initial=said is not None)
    hints = {
        Kind.REPETITIONS: gettext("How many times in this session? So far: %(progress)s."),
        Kind.TEMPO: gettext("How fast in this session? So far: %(progress)s."),
        Kind.BARS: gettext("Which bars in this session, like 9-16? So far: %(progress)s."),
    }
    attrs = {"autocomplete": "off"} | ({} if step.target.kind is Kind.BARS else {"inputmode": "numeric"})
    return AmountField(
        label=step_words(step),
        required=False,
        max_length=20,
        initial=_typed(said) if said else "",
        help_text=hints[step.target.kind] % {"progress": step_progress(step)},
        widget=forms.TextInput(attrs=attrs),
    )


def _typed(said: Done) -> str:
    if said.from_bar is not None:
        return f"{said.from_bar}-{said.to_bar}"
    return str(said.repetitions or said.tempo or "")
