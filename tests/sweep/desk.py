"""Whom the teachers of the sweep's world put aside."""

from datetime import datetime, timedelta

from apps.desk.models import Snippet, Snooze
from tests import canaries as tap
from tests.conftest import Cast


def put_aside(cast: Cast, now: datetime) -> None:
    """Mia, by her first teacher, with a reason that is nobody else's."""
    until = cast.student.today(now) + timedelta(days=7)
    Snooze.objects.create(
        teacher=cast.user("teacher"),
        student=cast.student,
        until=until,
        reason="Ill Qzsnoozereason",
        snoozed_at=now,
    )
    cast.canaries.plant("why Mia is put aside", "Qzsnoozereason", tap.snooze_readers(cast.teaching))


def snippets_of(cast: Cast, now: datetime) -> dict[str, str]:
    found = {}
    for name, who in (("own", "teacher"), ("foreign", "other_teacher")):
        owner, word = cast.user(who), f"Qz{name}snippet"
        row = Snippet.objects.create(owner=owner, body=f"Slowly {word}", created_at=now)
        cast.canaries.plant(f"the {name} snippet", word, tap.owner_alone(owner))
        found[name] = str(row.pk)
    return found
