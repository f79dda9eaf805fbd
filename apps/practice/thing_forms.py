"""A field for what an entry may name: an instrument, an occasion."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.gear.models import Gear
from apps.repertoire.models import Occasion

from .models import PracticeEntry
from .queries import instruments_to_name, occasions_to_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ThingField(forms.ChoiceField):
    """One of the rows on offer, or None. They come from one query, which has asked whose they are."""

    def __init__(self, *, nothing: "str | _StrPromise", **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.nothing = nothing
        self.error_messages["invalid_choice"] = _("This is not there any more. Choose again.")

    def offer(self, found: Callable[[], Sequence[Gear | Occasion]]) -> None:
        """Asked once, and not at all by an answer that names nothing."""
        self.rows = cache(lambda: {str(row.pk): row for row in found()})
        self.choices = lambda: [("", self.nothing), *((key, str(row)) for key, row in self.rows().items())]

    def clean(self, value: Any) -> Gear | Occasion | None:
        key = super().clean(value)
        return self.rows()[key] if key else None


def offer_things(form: forms.Form, student: Student, entry: PracticeEntry | None, today: date) -> None:
    """Who has no instrument and nothing coming up is not asked for them, and what a page did not offer, its
    answer does not hold. Two queries to draw the form; to save it one for each thing that is named."""
    found: dict[str, Callable[[], Sequence[Gear | Occasion]]] = {
        "instrument": lambda: instruments_to_name(student, entry),
        "occasion": lambda: occasions_to_name(student, today, entry),
    }
    for name, rows in found.items():
        field = form.fields[name]
        assert isinstance(field, ThingField)  # noqa: S101  (declared so)
        field.offer(rows)
        if not (name in form.data if form.is_bound else field.rows()):
            del form.fields[name]
