"""Accounts elsewhere with which a person signs in here: adding one, and taking it away (ADR 0022)."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from apps.accounts import queries
from apps.accounts.models import User
from apps.accounts.places import places
from apps.core import audit

from .sessions import end_other_sessions


class ConnectedAlready(Exception):
    """This account elsewhere signs somebody in already. Whom, is nobody's to know."""


class AnotherIsConnected(Exception):
    """This person has connected another account of the same place."""


class ChangedMeanwhile(Exception):
    """While this was asked for, the person was suspended or got another password: it may not be them."""


class LastWayIn(Exception):
    """Without it nothing would sign this person in any more."""


@transaction.atomic
def add_connection(
    *, user: User, provider: str, uid: str, session_key: str | None, now: datetime
) -> SocialAccount:
    """From now on it signs this person in; other sessions end as with a new password.

    One of each place. Raises ConnectedAlready, AnotherIsConnected, ChangedMeanwhile.
    """
    _hold(user)
    known = SocialAccount.objects.filter(user=user, provider=provider).first()
    if known is not None and known.uid != uid:
        raise AnotherIsConnected
    try:
        with transaction.atomic():
            made: SocialAccount = SocialAccount.objects.create(user=user, provider=provider, uid=uid)
    except IntegrityError as error:
        raise ConnectedAlready from error
    audit.record(action="connection.added", actor=user, target=user, now=now, provider=provider)
    end_other_sessions(user=user, but=session_key, now=now)
    return made


@transaction.atomic
def end_connection(*, connection: SocialAccount, by: User, session_key: str | None, now: datetime) -> bool:
    """It signs nobody in any more, and who came in by it elsewhere is signed out.

    False if it had gone before: then nothing happens. Raises LastWayIn, ChangedMeanwhile.
    """
    _hold(by)
    rows = {row.provider: row for row in SocialAccount.objects.filter(user=by)}
    place = connection.provider
    held = rows.get(place)
    if held is None or held.pk != connection.pk:
        return False
    if place in places() and not queries.has_way_in_without(by, place, rows):
        raise LastWayIn
    _end(held, by, session_key, now)
    return True


@transaction.atomic
def take_away_connections(*, user: User, by: User, now: datetime) -> list[str]:
    """By the staff, for somebody whose account another one has connected to; at which places they were.

    Also the last way in: there is the reset by mail.
    """
    User.objects.select_for_update().get(pk=user.pk)
    rows = list(SocialAccount.objects.filter(user=user).order_by("pk"))
    for row in rows:
        _end(row, by, None, now)
    return [row.provider for row in rows]


def note_sign_in(*, connection: SocialAccount, now: datetime) -> bool:
    """It has signed its person in; False if it is theirs no more: then nobody may stay in by it.

    Asked when the new session stands on the list of the person's sessions already. A removal deletes the row
    first and ends the sessions then, and this statement waits for one that has begun: so either the removal
    ends the new session, too, or it is seen here.
    """
    row = SocialAccount.objects.filter(pk=connection.pk, user=connection.user_id)
    return bool(row.update(last_login=now))


def _end(row: SocialAccount, by: User, session_key: str | None, now: datetime) -> None:
    """The row before the sessions: see ``note_sign_in``."""
    audit.record(action="connection.ended", actor=by, target=row.user, now=now, provider=row.provider)
    row.delete()
    end_other_sessions(user=row.user, but=session_key, now=now, by=by)


def _hold(user: User) -> None:
    """Of two requests of one person at once the second waits. Raises ChangedMeanwhile.

    What the request knew of the person may be older than what ended their sessions.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    if not held.is_active or held.password != user.password:
        raise ChangedMeanwhile
