"""What each piece and skill got of each day: as it is stored, and counted in the plainest way."""

from apps.accounts.models import Student
from apps.practice.models import PracticeItem, ThingDay

Rows = set[tuple[object, ...]]


def stored_things(student: Student) -> Rows:
    rows = ThingDay.objects.filter(student=student)
    parts = ("practised_on", "is_private", "addressed_to", "piece", "skill", "sessions", "minutes")
    found = list(rows.values_list(*parts))
    assert len(set(found)) == len(found)
    return set(found)


def counted_things(student: Student) -> Rows:
    """Line by line."""
    sessions: dict[tuple[object, ...], set[object]] = {}
    minutes: dict[tuple[object, ...], int] = {}
    lines = PracticeItem.objects.filter(entry__student=student, entry__deleted_at__isnull=True)
    for line in lines.select_related("entry"):
        if line.piece_id or line.skill_id:
            entry = line.entry
            audience = (entry.practised_on, entry.is_private, entry.addressed_to_id)
            key = (*audience, line.piece_id, line.skill_id)
            sessions.setdefault(key, set()).add(entry.pk)
            minutes[key] = minutes.get(key, 0) + line.share_minutes
    return {(*key, len(entries), minutes[key]) for key, entries in sessions.items()}
