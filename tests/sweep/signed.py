"""Signed weeks of the sweep's world."""

from datetime import date

from apps.practice.models import WeekSignOff
from apps.private_teaching.models import Teaching
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.practice import make_sign_off


def sign_offs_of(cast: Cast, first: date) -> dict[str, str]:
    """Of Mia's first lessons: with a word to the teacher, and without. Of Noah's: with one."""
    noah = Teaching.objects.get(student=cast.other_student)

    def sign(teaching: Teaching, who: str, name: str) -> WeekSignOff:
        note = f"She was ill Qzsigned{name}" if name else ""
        row = make_sign_off(teaching, first, cast.user(who), note=note)
        if name:
            cast.canaries.plant(f"word with a signature {name}", f"Qzsigned{name}", tap.sign_off_readers(row))
        return row

    found = {
        "noted": sign(cast.teaching, "guardian", "mia"),
        "wordless": sign(cast.teaching, "guardian", ""),
        "foreign": sign(noah, "other_guardian", "noah"),
    }
    return {name: str(row.pk) for name, row in found.items()}
