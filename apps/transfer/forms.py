"""Choosing a file, and saying what its columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField
from apps.practice.forms import audiences_of
from apps.practice.models.entries import LONGEST_TITLE
from apps.practice.queries import DiaryHead

from .fields import FIELDS, REQUIRED
from .problems import file_sentence
from .reading.errors import FileIsNotPossible
from .values.days import Order
from .values.durations import Unit

PREFIX = "column"
SHOWN = 3


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty."),
            "missing": _("Choose a file first."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MOST_BYTES:
            raise forms.ValidationError(file_sentence("FileIsTooLarge", settings.IMPORT_MOST_BYTES))
        return file

    def refuse(self, error: FileIsNotPossible) -> None:
        self.add_error("file", file_sentence(type(error).__name__, settings.IMPORT_MOST_BYTES))


class ColumnsForm(forms.Form):
    """A choice for each column of the file, and what goes for all rows."""

    order = forms.ChoiceField(
        label=_("Which number is the month?"),
        required=False,
        choices=[
            ("", _("The file tells")),
            (Order.DAY_FIRST.value, _("The second: 21/11/2026 is in November")),
            (Order.MONTH_FIRST.value, _("The first: 11/21/2026 is in November")),
        ],
        widget=forms.RadioSelect,
    )
    unit = forms.ChoiceField(
        label=_("A length without a unit is in"),
        choices=[
            (Unit.MINUTES.value, _("minutes")),
            (Unit.HOURS.value, _("hours")),
            (Unit.SECONDS.value, _("seconds")),
        ],
    )
    fill = LineField(
        label=_("For rows that do not say what was practised"),
        required=False,
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("For example: Practice. If it stays empty, these rows cannot go in."),
    )
    audience = forms.ChoiceField(
        label=_("Who may read rows that do not say it"),
        required=False,
        help_text=_("What is shared cannot be taken back after a day."),
    )
    doubles = forms.BooleanField(
        label=_("Rows that say exactly the same are sessions of their own"), required=False
    )
    make = forms.BooleanField(label=_("Add pieces and skills that are not in the lists yet"), required=False)

    def __init__(
        self, data: Any = None, *, head: DiaryHead, samples: Sequence[Sequence[str]], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.samples = samples
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)  # noqa: S101  (declared above)
        audience.choices = audiences_of(head)
        if not head.is_family:
            del self.fields["audience"]
        meanings = [("", gettext("Leave out")), *((field.key, field.label) for field in FIELDS)]
        by_column = {place: key for key, place in initial.get("mapping", {}).items()}
        for place, heading in enumerate(samples[0]):
            self.fields[f"{PREFIX}{place}"] = forms.ChoiceField(
                label=heading or gettext("Column %(number)d") % {"number": place + 1},
                choices=meanings,
                required=False,
                initial=by_column.get(place, ""),
            )

    @property
    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each with what stands below its heading in the first rows."""
        return [(self[f"{PREFIX}{place}"], self._below(place)) for place in range(len(self.samples[0]))]

    def _below(self, place: int) -> list[str]:
        said = [row[place] for row in self.samples[1:] if place < len(row) and row[place]]
        return list(dict.fromkeys(said))[:SHOWN]

    @property
    def mapping(self) -> dict[str, int]:
        """Only after ``is_valid``."""
        return {
            key: place
            for place in range(len(self.samples[0]))
            if (key := self.cleaned_data.get(f"{PREFIX}{place}"))
        }

    @property
    def options(self) -> dict[str, Any]:
        names = ("order", "unit", "fill", "audience", "doubles", "make")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        chosen: dict[str, str] = {}
        for place in range(len(self.samples[0])):
            name = f"{PREFIX}{place}"
            key = found.get(name)
            if key and key in chosen:
                self.add_error(name, _("Another column has this meaning already."))
            elif key:
                chosen[key] = name
        labels = {field.key: field.label for field in FIELDS}
        for key in REQUIRED:
            if key not in chosen:
                words = gettext("Say which column is “%(meaning)s”.") % {"meaning": labels[key]}
                self.add_error(None, words)
        return found

    def ask_order(self) -> None:
        """Said at the top as well: a file may have sixty columns before the question."""
        self.add_error(None, _("Say below which number of a date is the month."))
        self.add_error("order", _("The file does not tell: 3/4/2026 may be in March or in April."))
