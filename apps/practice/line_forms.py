"""The lines of a session's form: a piece or an exercise each, as many as are needed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField

from .models.entries import ItemKind
from .services import MOST_LINES

# Empty lines beside the first one, for browsers without JavaScript, which cannot add any.
SPARE_LINES = 3


class LineForm(forms.Form):
    """One line; an empty one counts for nothing."""

    title = LineField(
        label=_("Piece or exercise"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=1440,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("minutes") and not found.get("title") and "title" not in self.errors:
            self.add_error("title", _("Say what these minutes were for."))
        return found

    def is_used(self) -> bool:
        """Whether it says something, or is wrong."""
        return bool(self["title"].value() or self["minutes"].value() or (self.is_bound and self.errors))


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
