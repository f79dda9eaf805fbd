"""Which entries say what somebody looks for."""

from uuid import UUID

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from apps.practice.models import EntryWords
from apps.practice.words import LANGUAGES, LONGEST_WORD, diary_key, said

# A single letter is a word, or the name of a note, and no beginning.
LEAST_BEGINNING = 2
# One word: 'k…slow':* | 'k…slow', of which the second is the stem. A word that its language leaves out has
# none. The database works it out before it plans.
WORD = "%s::text || coalesce((ts_lexize(%s::regdictionary, %s))[1], %s) || %s::text"


class _Says(Func):
    """A row of words and what is looked for in it."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    arity = 2
    output_field = BooleanField()


def sought_words(sought: str) -> list[str]:
    """The words of it; signs alone are none, and nothing says them."""
    return [word[:LONGEST_WORD] for word in said(sought).split() if any(map(str.isalnum, word))]


def saying(sought: str, student: UUID) -> Q:
    """Entries of this diary that say all of these words, wherever they stand: as they are, as the beginning
    of a longer one, or in another form of the reader's language. Case, accents and punctuation do not matter.
    """
    found = sought_words(sought)
    if not found:
        return Q(pk__in=[])
    language = (get_language() or "").partition("-")[0]
    forms = [_forms_of(word, LANGUAGES.get(language, "simple"), diary_key(student)) for word in found]
    parts = " || ' & ' || ".join([WORD] * len(forms))
    query = RawSQL(  # noqa: S611  (constants; what was typed goes beside them)
        f"({parts})::tsquery", [value for form in forms for value in form], SearchQueryField()
    )
    return Q(Exists(EntryWords.objects.filter(_Says(F("words"), query), entry=OuterRef("pk"))))


def _forms_of(word: str, stemmer: str, diary: str) -> tuple[str, ...]:
    """A word that ``said`` left: letters, digits and their marks, so nothing in it could end the quotes."""
    beginning = ":*" if len(word) >= LEAST_BEGINNING else ""
    return f"('{diary}{word}'{beginning} | '{diary}", stemmer, word, word, "')"
