"""The box beside the words that somebody agrees to."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .services.collection import version_of_words


class WordsBox(forms.CheckboxInput):
    """Sends the version of the words that its page shows; after an error it stays ticked for these alone."""

    def __init__(self) -> None:
        super().__init__(check_test=lambda sent: sent == self.format_value(None))

    def format_value(self, value: Any) -> str:
        return str(version_of_words())

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Any:
        return data.get(name, "")


class AgreementField(forms.BooleanField):
    """Never ticked beforehand. Whoever opened the page before the words changed has to read the new ones."""

    widget = WordsBox
    default_error_messages = {
        "required": _("Without this the diary cannot be kept."),
        "changed": _("These words have changed since you opened the page. Please read them once more."),
    }

    def __init__(self) -> None:
        super().__init__(label=_("I have read this, and I agree."), required=False)

    def to_python(self, value: Any) -> bool:
        if value and value != str(version_of_words()):
            raise ValidationError(self.error_messages["changed"], code="changed")
        return bool(value)
