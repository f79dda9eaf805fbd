"""An entry's words, for the search."""

from collections.abc import Iterable

from apps.practice import words
from apps.practice.content import Line
from apps.practice.models import PracticeEntry
from apps.practice.models.entries import TEXTS


def words_of(entry: PracticeEntry, lines: Iterable[Line]) -> words.Statement:
    """The statement that writes them. It runs in the transaction that saves the entry, so that none is found
    by what it does not say."""
    return words.writing([spoken(entry, lines)])


def spoken(entry: PracticeEntry, lines: Iterable[Line]) -> words.Spoken:
    texts = [*(getattr(entry, name) for name in TEXTS), *(line.title for line in lines)]
    return entry.pk, entry.student_id, words.said(*texts)
