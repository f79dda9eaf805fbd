"""A field for what an entry may name: an instrument, an occasion."""

from collections.abc import Sequence
from datetime import date
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
        self.rows: dict[str, Gear | Occasion] = {}
        self.error_messages["invalid_choice"] = _("This is not there any more. Choose again.")

    def offer(self, rows: Sequence[Gear | Occasion]) -> None:
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [("", self.nothing), *((key, str(row)) for key, row in self.rows.items())]

    def clean(self, value: Any) -> Gear | Occasion | None:
        return self.rows.get(super().clean(value))


def offer_things(
    fields: dict[str, forms.Field], student: Student, entry: PracticeEntry | None, today: date
) -> None:
    """Who has no instrument and nothing coming up is not asked for them. Two queries."""
    found: dict[str, Sequence[Gear | Occasion]] = {
        "instrument": instruments_to_name(student, entry),
        "occasion": occasions_to_name(student, today, entry),
    }
    for name, rows in found.items():
        field = fields[name]
        assert isinstance(field, ThingField)  # noqa: S101  (declared so)
        field.offer(rows)
        if not rows:
            del fields[name]
