"""Translations are compiled where gettext's programs are missing."""

import gettext
import os
from pathlib import Path

import pytest

from config import messages

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Practice"
msgstr "Üben"

#, fuzzy
msgid "Lesson"
msgstr "Stunde?"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE)
    return path


def test_compiles_what_changed(source: Path, tmp_path: Path) -> None:
    assert messages.compile_all(tmp_path) == [source]
    with source.with_suffix(".mo").open("rb") as compiled:
        translation = gettext.GNUTranslations(compiled)
    assert translation.gettext("Practice") == "Üben"
    assert translation.gettext("Lesson") == "Lesson", "a guess is not a translation"
    assert messages.compile_all(tmp_path) == []
    os.utime(source, (2_000_000_000, 2_000_000_000))
    assert messages.compile_all(tmp_path) == [source]


def test_broken_catalogue_is_refused(source: Path, tmp_path: Path) -> None:
    source.write_text(CATALOGUE + "\nnot a catalogue\n")
    with pytest.raises(OSError, match="Syntax error"):
        messages.compile_all(tmp_path)
