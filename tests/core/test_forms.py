"""One line of text: what is cleaned, what is refused, what passes as it is."""

import pytest
from django.core.exceptions import ValidationError

from apps.core.forms import LineField, LongTextField


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Mia   Berg ", "Mia Berg"),
        ("Mia\x00Berg", "Mia Berg"),
        ("Mia\r\nBcc: all@people.example", "Mia Bcc: all@people.example"),
        ("\u202egnp.aiM", "gnp.aiM"),
        ("\u2066Mia\u2069", "Mia"),
        ("👩‍👧 Mia", "👩‍👧 Mia"),
        ("מיה", "מיה"),
        ("می‌خواهم", "می‌خواهم"),
        ("<b>Mia</b>", "<b>Mia</b>"),
    ],
)
def test_a_line(typed: str, stored: str) -> None:
    assert LineField(max_length=100).clean(typed) == stored


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\u200b", "\u200d\ufeff", "x" * 101])
def test_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        LineField(max_length=100).clean(typed)


def test_may_be_empty_if_not_required() -> None:
    assert LineField(required=False).clean(None) == ""


def test_a_long_text_is_counted_in_characters_and_never_cut_by_the_browser() -> None:
    field = LongTextField(max_length=10)
    assert field.clean("🎻" * 10) == "🎻" * 10
    with pytest.raises(ValidationError):
        field.clean("x" * 11)
    assert field.widget.attrs == {"cols": "40", "rows": 3, "dir": "auto", "data-count": 10}
