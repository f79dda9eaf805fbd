"""A name for filters."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField

from .models.filters import LONGEST_FILTER_NAME
from .services.filters import (
    MOST_FILTERS,
    FilterIsNotPossible,
    FiltersAreTooLong,
    FilterSavedBefore,
    NameIsUsed,
)


class FilterNameForm(forms.Form):
    """``key`` is made when the page is drawn, so that sending twice saves once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = LineField(
        label=_("Name"),
        max_length=LONGEST_FILTER_NAME,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Only you see it."),
        error_messages={"required": _("Give it a name.")},
    )

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        super().__init__(data, initial={"key": uuid4(), "name": name})

    def refuse(self, error: FilterIsNotPossible) -> None:
        """Put the service's answer beside its field."""
        if isinstance(error, NameIsUsed):
            self.add_error("name", gettext("You have one with this name. Choose another name."))
        elif isinstance(error, FiltersAreTooLong):
            words = gettext("These filters are too long to be kept. Search for fewer words, then save them.")
            self.add_error(None, words)
        elif isinstance(error, FilterSavedBefore):
            words = gettext(
                "This filter is saved already, with what was sent first. If this is another one, press Save "
                "again."
            )
            self.begin_anew(words)
        else:
            words = gettext("You have %(most)d saved filters of this diary. Delete one first.")
            self.add_error(None, words % {"most": MOST_FILTERS})

    def begin_anew(self, words: str) -> None:
        """The key was used for something else: a fresh one, and once more."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["key"] = str(uuid4())  # type: ignore[index]
        self.add_error(None, words)
