"""What stands in rows that several people write, as a report takes it along: with whose words they may be."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User

from .models.kept import Kept


def has_other_hands(rows: Iterable[Kept], user: User) -> bool:
    """Whether anything there may be somebody else's, so that this reader is offered to report it."""
    return bool(_hands(rows) - {user.pk})


def only_hand(rows: Iterable[Kept]) -> UUID | None:
    """Who wrote all of it, or None where it was more than one: nobody answers for another's words."""
    hands = _hands(rows)
    return hands.pop() if len(hands) == 1 else None


def _hands(rows: Iterable[Kept]) -> set[UUID | None]:
    return {hand for row in rows for hand in row.hands}


def said_by(row: Kept, *texts: str) -> str:
    """The row's words with the names of those who wrote them. Asks for ``added_by`` and ``changed_by``."""
    people = [row.added_by, row.changed_by] if row.changed_at else [row.added_by]
    names = [person.get_full_name() if person else _("Somebody who left") for person in people]
    return f"{', '.join(dict.fromkeys(names))}: " + "\n".join(filter(None, texts))
