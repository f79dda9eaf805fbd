"""Form fields that every app uses."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# They turn the reading direction of whatever follows, so a name could rewrite the page around it.
DIRECTION_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class LineField(forms.CharField):
    """One line of plain text: no line breaks, no control characters, no hidden turns of direction.

    Any script and any emoji is fine; something must be visible.
    """

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        text = text.translate(DIRECTION_OVERRIDES)
        text = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
        return " ".join(text.split())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and all(unicodedata.category(char)[0] in "CZM" for char in value):
            raise ValidationError(_("Please write something that can be seen."), code="invisible")
