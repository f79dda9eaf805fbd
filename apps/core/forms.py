"""Form fields that every app uses."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# They turn the reading direction of whatever follows, so a name could rewrite the page around it.
DIRECTION_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def refuse_invisible(text: str) -> None:
    """Somebody who reads it must see something: not only blanks, marks and joiners."""
    if text and all(unicodedata.category(char)[0] in "CZM" for char in text):
        raise ValidationError(_("Please write something that can be seen."), code="invisible")


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
        refuse_invisible(value)


class LinesField(forms.CharField):
    """Several short lines, one thing on each, as a list without empty lines and without doubles.

    ``most`` lines of ``longest`` characters; each is held to what a LineField takes.
    """

    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})

    def __init__(self, *, most: int, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.longest = most, longest
        self.line = LineField(required=False)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        found: dict[str, str] = {}
        for typed in str(super().clean(value)).splitlines():
            if line := self.line.clean(typed):
                found.setdefault(line.casefold(), line)
        lines = list(found.values())
        if len(lines) > self.most:
            raise ValidationError(
                _("These are too many: %(most)d at most."), params={"most": self.most}, code="many"
            )
        if any(len(line) > self.longest for line in lines):
            raise ValidationError(
                _("A line is too long: %(longest)d characters at most."),
                params={"longest": self.longest},
                code="long",
            )
        return lines


class LongTextField(forms.CharField):
    """Lines of text up to ``max_length`` characters; counter.js counts them, the server holds the limit.

    The browser gets no limit of its own: it would count an emoji twice, and cut what is pasted
    without a word. Something must be visible.
    """

    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs | {"data-count": self.max_length}

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_invisible(value)


class LinkField(forms.URLField):
    """An address of the web that is safe to show: http or https, a host, and no name and password in it.

    Nobody here asks it, and nobody vouches for what is there.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)
        self.widget.attrs |= {"inputmode": "url", "autocomplete": "off"}

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        scheme, colon, rest = text.partition(":")
        return f"{scheme.lower()}{colon}{rest}"

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not is_safe_link(value):
            raise ValidationError(
                _("Please give an address that begins with https:// or http:// and holds no password."),
                code="unsafe",
            )


def is_safe_link(text: str) -> bool:
    """Whether a page may make a link of it."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_plain = text.isprintable() and "@" not in parts.netloc
    return is_plain and parts.scheme in ("http", "https") and bool(parts.hostname)
