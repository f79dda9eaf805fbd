"""An entry's words, for the search."""

from collections.abc import Iterable

from django.db import connection

from apps.practice import words
from apps.practice.content import Line
from apps.practice.models import PracticeEntry
from apps.practice.models.entries import TEXTS


def write_words(entry: PracticeEntry, lines: Iterable[Line]) -> None:
    """In the transaction that saves them, so that no entry is found by what it does not say."""
    words.write(connection, [spoken(entry, lines)])


def spoken(entry: PracticeEntry, lines: Iterable[Line]) -> words.Spoken:
    texts = [*(getattr(entry, name) for name in TEXTS), *(line.title for line in lines)]
    return entry.pk, entry.student_id, words.said(*texts)
