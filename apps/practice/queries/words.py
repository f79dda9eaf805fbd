"""Which entries say what somebody looks for."""

from functools import reduce
from operator import and_

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from apps.practice.models import EntryWords
from apps.practice.words import LANGUAGES, said

Query = SearchQuery


def saying(sought: str) -> Q:
    """Entries that say all of these words, wherever they stand: as they are, as the beginning of a longer
    one, or in another form of the reader's language. Case, accents and punctuation do not matter.
    """
    found = [word for word in said(sought).split() if any(map(str.isalnum, word))]
    if not found:
        return Q(pk__in=[])
    language = LANGUAGES.get((get_language() or "").partition("-")[0])
    query = reduce(and_, (_form_of(word, language) for word in found))
    return Q(Exists(EntryWords.objects.filter(entry=OuterRef("pk"), words=query)))


def _form_of(word: str, language: str | None) -> Query:
    """A word that ``said`` left: letters, digits and their marks, so nothing in it could end the quotes."""
    beginning = SearchQuery(f"'{word}':*", config="simple", search_type="raw")
    return beginning | SearchQuery(word, config=language, search_type="plain") if language else beginning
