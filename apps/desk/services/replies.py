"""One reply under several entries, each with its pupil's name."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from apps.accounts.models import User
from apps.accounts.services import CollectionIsOff
from apps.core.access import allowed
from apps.practice import queries, services
from apps.practice.models import PracticeEntry

# What is written in the place of a name.
NAME = "{name}"


@dataclass
class Replied:
    """Under which entries it stands now, and the names of their pupils; of whom nothing may be written; and
    how many entries are not the writer's to answer any more."""

    entries: list[UUID] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left_out: int = 0


def reply_to_many(*, key: UUID, entries: Collection[UUID], by: User, body: str, now: datetime) -> Replied:
    """Each comment is written by itself, so one that cannot be takes none along.

    The same ``key`` twice writes each once: what was sent again after a lost connection goes on where it was.
    Raises KeyIsTaken where the same key said something else.
    """
    done = Replied()
    rows = allowed(PracticeEntry.objects.filter(pk__in=entries), "comment", by).select_related("student")
    for entry in rows.order_by("student__name", "practised_on", "created_at", "pk"):
        head = queries.find_head(by, entry.student_id, "view")
        if head is None:
            continue
        try:
            services.add_comment(
                key=uuid5(key, str(entry.pk)),
                entry=entry,
                by=by,
                role=head.role,
                body=body.replace(NAME, head.student.get_short_name()),
                thread=queries.thread_for(entry, head, None),
                now=now,
            )
        except CollectionIsOff:
            done.refused.append(head.student.name)
        except services.EntryIsLocked:
            continue
        else:
            done.entries.append(entry.pk)
            done.names.append(head.student.name)
    done.left_out = len(entries) - len(done.entries) - len(done.refused)
    return done
