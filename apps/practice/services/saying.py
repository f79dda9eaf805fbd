"""Whether an entry says already what somebody wants to save: it was sent twice."""

from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeEntry
from apps.practice.models.entries import SHOWN_OF_A_LINE

from .errors import EntryAlreadyLogged, SavedBeforeOtherwise


def saved_before(entry: PracticeEntry, content: EntryContent) -> Exception:
    """What to raise for a key that has an entry: it is this one, or somebody changed the words since."""
    return EntryAlreadyLogged(entry.pk) if says(entry, content) else SavedBeforeOtherwise()


def says(entry: PracticeEntry, content: EntryContent) -> bool:
    """Whether the saved entry holds exactly this."""
    words = content.columns()
    rows = entry.items.order_by("position").values_list(*SHOWN_OF_A_LINE)
    lines = [Line(*row) for row in rows]
    return (
        {name: getattr(entry, name) for name in words} == words
        and lines == list(content.lines)
        and set(entry.focus_areas.all()) == set(content.focus_areas)
        and all(each.is_said(entry) for each in content.along)
    )
