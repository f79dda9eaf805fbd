"""The words that people agree to: fixed once they were shown, and told to whoever runs an installation."""

import hashlib
from pathlib import Path

import pytest
from django.utils import translation

from apps.consent.models import Purpose
from apps.consent.texts import CURRENT, TEXTS, NoSuchText, Text, text_of

DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "consents.md"
# Whoever changes words that may have been agreed to already must write a new version beside them.
FINGERPRINTS = {
    ("core", 1): "067a55856033dd9f",
    ("core", 2): "f1d1287e3bf6f767",
    ("recordings", 1): "7aea9e1d2fd08d33",
    ("email", 1): "691dff9e42b7c6cf",
    ("sms", 1): "0924d0ee9321e082",
    ("leaderboard", 1): "943f3088682b74a0",
    ("insights", 1): "003a6f2f880fde71",
}


def fingerprint(text: Text) -> str:
    with translation.override("en"):
        words = "\n".join(map(str, (text.title, text.what, text.means)))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def test_words_that_were_agreed_to_never_change() -> None:
    assert {(text.purpose.value, text.version): fingerprint(text) for text in TEXTS} == FINGERPRINTS


def test_each_purpose_has_words_of_its_own() -> None:
    assert set(CURRENT) == set(Purpose)
    assert len({(text.purpose, text.version) for text in TEXTS}) == len(TEXTS)


@pytest.mark.parametrize(("purpose", "version"), [("core", 99), ("all", None), ("all", 1)])
def test_what_nobody_was_shown(purpose: str, version: int | None) -> None:
    with pytest.raises(NoSuchText):
        text_of(purpose, version)


def test_the_documents_hold_the_same_words() -> None:
    document = " ".join(DOCS.read_text().split())
    with translation.override("en"):
        for text in TEXTS:
            for words in (text.title, text.what, text.means):
                assert str(words) in document, (text.purpose, text.version)


def test_the_words_are_german_for_who_reads_german() -> None:
    for text in TEXTS:
        for words in (text.what, text.means, text.plain):
            with translation.override("en"):
                english = str(words)
            with translation.override("de"):
                assert str(words) != english
