"""What the tests of translations share: the catalogues, and the words that a page shows."""

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polib
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3

CHECKOUT = Path(__file__).resolve().parent.parent
OURS = CHECKOUT / "locale" / "de" / "LC_MESSAGES" / "django.po"
LIBRARIES = CHECKOUT / "locale" / "_libraries" / "de" / "LC_MESSAGES" / "django.po"
# Their English, said more simply.
PLAIN = CHECKOUT / "locale" / "_libraries" / "en" / "LC_MESSAGES" / "django.po"

HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAGS = re.compile(r"</?\w+[^>]*>")
# "Sie", "Ihr" with a capital are how strangers are addressed, wherever they stand.
FORMAL = re.compile(r"\b(Sie|Ihr|Ihre[mnrs]?|Ihnen)\b")
SILENT_TAGS = {"script", "style", "template"}
SPEAKING_ATTRIBUTES = {"aria-label", "aria-description", "placeholder", "title", "alt", "data-confirm"}


@cache
def catalogue(path: Path) -> polib.POFile:
    return polib.pofile(str(path))


def source(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def translations(entry: polib.POEntry) -> list[str]:
    """The German: one text, or one for each plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def holes(text: str) -> Counter[str]:
    """The placeholders and tags in a text, each with how often it stands there."""
    return Counter(HOLES.findall(text) + TAGS.findall(text))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT_TAGS
        for name, value in attrs:
            if name in SPEAKING_ATTRIBUTES and value:
                self.add(value)
        if ("name", "description") in attrs:
            self.add(dict(attrs).get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT_TAGS

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.add(data)

    def add(self, text: str) -> None:
        text = " ".join(text.split())
        if re.search(r"[^\W\d_]{2}", text):
            self.found.add(text)


def words(html: str) -> set[str]:
    """Every text of the page that somebody reads or hears."""
    parser = _Words()
    parser.feed(html)
    return parser.found


def same_in_both() -> set[str]:
    """Words that German shares with English, and names."""
    shared = {
        entry.msgid
        for path in (OURS, LIBRARIES)
        for entry in catalogue(path)
        if entry.msgid in translations(entry)
    }
    return shared | months() | {"Woodshed", "English", "Deutsch"}


def months() -> set[str]:
    """Names of months that are the same in both, like "Nov"."""
    names = []
    for language in ("en", "de"):
        with translation.override(language):
            names.append({str(name).capitalize() for known in (MONTHS, MONTHS_3) for name in known.values()})
    return names[0] & names[1]
