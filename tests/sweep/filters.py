"""Saved filters of the sweep's world."""

from datetime import datetime

from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.practice import make_filter


def filters_of(cast: Cast, now: datetime) -> dict[str, str]:
    """Of Mia's diary: by a guardian, by her teacher, and by somebody who may not read it any more."""
    found = {}
    for name, who in (("own", "guardian"), ("of_teacher", "teacher"), ("lost", "former_teacher")):
        user, word = cast.user(who), f"Qzfilter{name.replace('_', '')}"
        row = make_filter(user, cast.student, f"Exam {word}", query=f"q={word}words", now=now)
        for text in (word, f"{word}words"):
            cast.canaries.plant(f"{text} of a filter", text, tap.only(user))
        found[name] = str(row.pk)
    return found
