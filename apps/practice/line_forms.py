"""The lines of a session's form: a piece or an exercise each, as many as are needed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField
from apps.repertoire.models.pieces import FASTEST, SLOWEST

from .content import NOTHING, About, Line
from .models import PracticeEntry, PracticeItem
from .models.entries import LONGEST_TITLE, MOST_REPETITIONS, SHOWN_OF_A_LINE, ItemKind
from .services import MOST_LINES

# Empty lines beside the first one, for browsers without JavaScript, which cannot add any.
SPARE_LINES = 3


class AnyLinesField(forms.MultipleChoiceField):
    """Lines to log again, each as ``kind:title``. What was offered when the page was drawn stays valid."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, lines: Sequence[PracticeItem], chosen: Sequence[str]) -> None:
        offered = [f"{line.kind}:{line.name_now}" for line in lines]
        offered += [value for value in chosen if value not in offered and self.valid_value(value)]
        self.choices = [(value, value.partition(":")[2]) for value in offered]

    def valid_value(self, value: str) -> bool:
        kind, _colon, title = value.partition(":")
        return kind in ItemKind.values and 0 < len(title.strip()) <= LONGEST_TITLE and "\0" not in title


def lines_of(values: Sequence[str]) -> list[Line]:
    return [
        Line(title=title.strip(), kind=kind) for kind, _colon, title in (v.partition(":") for v in values)
    ]


def _number(label: Any, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class LineForm(forms.Form):
    """One line; an empty one counts for nothing."""

    title = LineField(
        label=_("Piece, skill or exercise"),
        required=False,
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "list": "known-things"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices, required=False)
    minutes = _number(_("Minutes"), 1, 1440)
    tempo = _number(_("Tempo reached"), SLOWEST, FASTEST)
    repetitions = _number(_("Repetitions"), 1, MOST_REPETITIONS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if last := self.initial.get("last_tempo"):
            # Beside the title: the fold, which most leave shut, need not stand open for it.
            self.fields["title"].help_text = gettext("Tempo last time: %(tempo)d") % {"tempo": last}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not found.get("title") and "title" not in self.errors:
            if found.get("minutes"):
                self.add_error("title", _("Say what these minutes were for."))
            elif found.get("tempo") or found.get("repetitions"):
                self.add_error("title", _("Say what this was."))
        return found

    @property
    def given_minutes(self) -> int | None:
        """The minutes that it began with, from last time; the form takes them along to and fro."""
        sent = self.data.get(self.add_prefix("given")) if self.is_bound else self.initial.get("given")
        given = str(sent)
        return int(given) if given.isdecimal() and len(given) < 5 else None

    def is_used(self) -> bool:
        """Whether it says something, or is wrong."""
        return self._says("title", "minutes", "tempo", "repetitions") or bool(self.is_bound and self.errors)

    def has_more(self) -> bool:
        """Whether what is folded away must stand open: something in it was said, or is wrong."""
        wrong = {"tempo", "repetitions"} & set(self.errors) if self.is_bound else set()
        return self._says("tempo", "repetitions") or bool(wrong)

    def _says(self, *names: str) -> bool:
        return any(self[name].value() for name in names)


# The stubs know formsets by their form; Django itself does not.
if TYPE_CHECKING:
    BaseLines = forms.BaseFormSet[LineForm]
else:
    BaseLines = forms.BaseFormSet


class Lines(BaseLines):
    """``shown`` are the lines up to the last used one, and one to write into; ``spare`` are folded away."""

    @cached_property
    def _shown_count(self) -> int:
        used = [number for number, line in enumerate(self.forms, start=1) if line.is_used()]
        return max(used, default=0) + 1

    @property
    def shown(self) -> list[LineForm]:
        return self.forms[: self._shown_count]

    @property
    def spare(self) -> list[LineForm]:
        return self.forms[self._shown_count :]


LineFormSet = forms.formset_factory(
    LineForm,
    formset=Lines,
    extra=1 + SPARE_LINES,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)


def line_rows(entry: PracticeEntry) -> list[dict[str, Any]]:
    """What a form of a saved entry begins with."""
    names = (*SHOWN_OF_A_LINE, "piece", "section", "skill")
    return [dict(row) for row in entry.items.order_by("position").values(*names)]


class SavedAbouts:
    """What the words of saved lines mean: two lines of one title may mean two things."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = [
            (row["title"], About(row["piece"], row["section"], row["skill"]))
            for row in rows
            if "piece" in row
        ]

    def of(self, title: str, place: int) -> About:
        """Of the line at this place of the form, if these are its words; else what they mean in every line
        that has them."""
        if self._rows[place : place + 1] and self._rows[place][0] == title:
            return self._rows[place][1]
        meant = {about for words, about in self._rows if words == title}
        return meant.pop() if len(meant) == 1 else NOTHING
