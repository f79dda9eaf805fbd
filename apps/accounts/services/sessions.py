"""Where a person is signed in: what is noted of it, and ending it (ADR 0020)."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps.accounts.models import User, UserSession
from apps.core import audit

# What "last seen" is right to; a session is written to no more often.
SEEN_EVERY = timedelta(minutes=15)


def begin_session(*, session_key: str, user: User, browser: str, now: datetime) -> None:
    """Put the session on its owner's list, in one statement; what stood there of it before is replaced.

    A session that ended a moment ago stays off it.
    """
    row = UserSession(session_id=session_key, user=user, browser=browser, signed_in_at=now, seen_at=now)
    try:
        with transaction.atomic():
            UserSession.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["session"],
                update_fields=["user", "browser", "signed_in_at", "seen_at"],
            )
    except IntegrityError:
        return


def note_seen(*, session_key: str, now: datetime) -> None:
    """Of several requests at once the first one writes."""
    due = UserSession.objects.filter(session_id=session_key, seen_at__lte=now - SEEN_EVERY)
    due.update(seen_at=now)


@transaction.atomic
def end_session(*, session: UserSession, by: User, now: datetime) -> None:
    """Whoever uses it is signed out with their next step."""
    audit.record(action="session.ended", actor=by, target=session, now=now)
    _end(UserSession.objects.filter(pk=session.pk))


@transaction.atomic
def end_other_sessions(*, user: User, but: str | None, now: datetime, by: User | None = None) -> int:
    """End every session of this person, except the one with the key ``but``; how many they were.

    ``by`` is who did it, if not the person.
    """
    others = UserSession.objects.filter(user=user).exclude(session_id=but)
    ended = _end(others)
    if ended:
        audit.record(action="session.others_ended", actor=by or user, target=user, now=now, count=ended)
    return ended


def _end(rows: QuerySet[UserSession]) -> int:
    """The sessions go, and their rows with them."""
    keys = list(rows.values_list("session_id", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
