"""An entry as plain text: what the safeguarding team keeps when somebody reports it."""

from apps.practice.models import PracticeEntry

TEXTS = ("description", "struggles", "achievements", "notes")


def readable_text(entry: PracticeEntry) -> str:
    """Day, minutes, lines and every text that was filled in."""
    lines = [f"{line.title} ({line.kind})" for line in entry.items.all()]
    said = [f"{name}: {getattr(entry, name)}" for name in TEXTS if getattr(entry, name)]
    return "\n".join([f"{entry.practised_on}, {entry.minutes} min", *lines, *said])
