"""What was I working on? The newest entries, for somebody who wants to go on."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode
from uuid import UUID

from apps.accounts.models import User
from apps.practice.content import NOTHING, About
from apps.practice.models import EntryComment, PracticeEntry, PracticeItem

from .choices import AT_WORK
from .filters import choices_of
from .lists import LOOK_BACK, recent_entries
from .overviews import latest_teacher_comments
from .people import DiaryHead

MOST_STRUGGLES = 5
MOST_WAITING = 6
COMMENTS = 2


@dataclass(frozen=True, slots=True)
class Struggle:
    """What somebody found hard, and how to begin with what it was about."""

    entry: PracticeEntry
    begin: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece at work, or a skill, that none of the newest sessions had."""

    name: str
    begin: str


@dataclass(frozen=True)
class Resume:
    """``last`` is the newest session with lines, else the newest one."""

    last: PracticeEntry | None
    struggles: Sequence[Struggle]
    waiting: Sequence[Waiting]
    comments: Sequence[EntryComment]
    looked_back: int = LOOK_BACK

    @property
    def can_go_on(self) -> bool:
        return self.last is not None and bool(self.last.shown_lines)


def resume_of(user: User, head: DiaryHead) -> Resume:
    """From a head that was asked ``with_filters``. Only the newest entries are looked at, so a long diary
    costs what a short one costs. Three queries.
    """
    entries = recent_entries(user, head.student, LOOK_BACK)
    with_lines = (entry for entry in entries if entry.shown_lines)
    last = next(with_lines, entries[0] if entries else None)
    abouts = _abouts(entries)
    return Resume(
        last=last,
        struggles=_struggles(entries, abouts),
        waiting=_waiting(head, abouts.values()) if entries else [],
        comments=latest_teacher_comments(user, head.student, COMMENTS),
    )


def _abouts(entries: Iterable[PracticeEntry]) -> dict[UUID, list[About]]:
    """What the lines of each entry are attached to, in their order."""
    found: dict[UUID, list[About]] = {entry.pk: [] for entry in entries}
    rows = PracticeItem.objects.filter(entry__in=list(found)).order_by("position")
    for entry, *keys in rows.values_list("entry", "piece", "section", "skill"):
        if about := About(*keys):
            found[entry].append(about)
    return found


def _struggles(entries: Iterable[PracticeEntry], abouts: dict[UUID, list[About]]) -> list[Struggle]:
    """The newest first, each once however often it was said."""
    said: dict[str, PracticeEntry] = {}
    for entry in entries:
        if entry.struggles:
            said.setdefault(entry.struggles.casefold(), entry)
    found = list(said.values())[:MOST_STRUGGLES]
    return [Struggle(entry, _begin(next(iter(abouts[entry.pk]), NOTHING))) for entry in found]


def _waiting(head: DiaryHead, lately: Iterable[Sequence[About]]) -> list[Waiting]:
    had = {key for abouts in lately for about in abouts for key in (about.piece, about.skill)}
    choices = choices_of(head)
    at_work = [UUID(row["id"]) for row in head.things["pieces"] if row["status"] in AT_WORK]
    pieces = [(choices.pieces[pk], About(piece=pk)) for pk in at_work if pk not in had]
    skills = [(name, About(skill=pk)) for pk, name in choices.skills.items() if pk not in had]
    return [Waiting(name, _begin(about)) for name, about in (*pieces, *skills)][:MOST_WAITING]


def _begin(about: About) -> str:
    """The query string of a form that begins with it."""
    return urlencode({name: str(key) for name, key in asdict(about).items() if key})
