"""A connection that is removed while somebody is on their way in by it: they are out, it stays removed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import User, UserSession
from apps.core.models import AuditEvent
from tests.factories.accounts import make_user
from tests.totp import code_of

from .conftest import go, is_in, make_connection, said, url
from .server import IdentityServer

HOME = reverse("home:index")


def end(row: SocialAccount) -> bool:
    """By its owner, in another browser."""
    return services.end_connection(connection=row, by=row.user, session_key=None, now=timezone.now())


def another_waits() -> bool:
    """For something that this connection holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def meanwhile(job: Callable[[], object], *, is_undone: bool) -> Iterator[list[object]]:
    """What the block does is not committed before ``job``, on a connection of its own, waits for it."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(job())
        finally:
            connection.close()

    tab, until = Thread(target=run), time.monotonic() + 20
    with transaction.atomic():
        yield found
        tab.start()
        while not another_waits():
            assert time.monotonic() < until
            assert tab.is_alive(), found
            time.sleep(0.01)
        assert found == []
        transaction.set_rollback(is_undone)
    tab.join()


def marks() -> tuple[int, int, int]:
    """Connections, sessions on somebody's list, rows about an end."""
    ended = AuditEvent.objects.filter(action="connection.ended")
    return SocialAccount.objects.count(), UserSession.objects.count(), ended.count()


@pytest.mark.parametrize("is_undone", [False, True])
def test_a_removal_beats_a_sign_in_that_looked_before_it(
    school: IdentityServer, transactional_db: None, is_undone: bool
) -> None:
    """The stranger finds the row, which is as good as gone; and if the removal fails, they come in."""
    row = make_connection(make_user("Anna"))
    stranger = Client()
    with meanwhile(lambda: go(stranger, school)["Location"], is_undone=is_undone) as answers:
        end(row)
    assert answers == [HOME if is_undone else url("unknown")]
    assert is_in(stranger) is is_undone
    assert marks() == ((1, 1, 0) if is_undone else (0, 0, 1))


def test_without_a_second_look_the_stranger_would_be_in(
    school: IdentityServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race is real, and it is the second look that decides it."""
    monkeypatch.setattr(services, "note_sign_in", lambda **given: True)
    row = make_connection(make_user("Anna"))
    stranger = Client()
    with meanwhile(lambda: go(stranger, school)["Location"], is_undone=False) as answers:
        end(row)
    assert (answers, is_in(stranger)) == ([HOME], True)


@pytest.mark.parametrize("is_undone", [False, True])
def test_the_second_look_waits_for_a_removal(transactional_db: None, is_undone: bool) -> None:
    """Of the row alone: nothing else that is held decides it."""
    row = make_connection(make_user("Anna"))

    def look() -> bool:
        return services.note_sign_in(connection=row, now=timezone.now())

    with meanwhile(look, is_undone=is_undone) as answers:
        SocialAccount.objects.all().delete()
    assert answers == [is_undone]


def test_who_came_in_before_it_is_out_with_it(school: IdentityServer, anna: User) -> None:
    row = make_connection(anna)
    stranger = Client()
    go(stranger, school)
    assert is_in(stranger)
    end(row)
    assert not is_in(stranger)


@pytest.mark.parametrize("is_removed", [False, True])
def test_removed_before_the_second_step(school: IdentityServer, anna: User, is_removed: bool) -> None:
    row = make_connection(anna)
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    stranger = Client()
    step = go(stranger, school, next="/settings/")["Location"]
    if is_removed:
        end(row)
    answer = stranger.post(step, {"code": code_of(secret)})
    unknown = f"{url('unknown')}?next=%2Fsettings%2F"
    assert answer["Location"] == (unknown if is_removed else "/settings/")
    assert is_in(stranger) is not is_removed
    assert marks() == ((0, 0, 1) if is_removed else (1, 1, 0))


def test_connected_anew_is_another_connection(school: IdentityServer, anna: User) -> None:
    """Also the same account, by the same person: who looked before did not look at this one."""
    old = make_connection(anna)
    SocialAccount.objects.all().delete()
    make_connection(anna)
    assert services.note_sign_in(connection=old, now=timezone.now()) is False


def test_whoever_is_out_is_not_welcomed(
    school: IdentityServer, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "note_sign_in", lambda **given: False)
    make_connection(anna)
    stranger = Client()
    html = said(stranger, go(stranger, school))
    assert "We do not know this account yet" in html
    assert anna.display_name not in html
    assert "_auth_user_id" not in stranger.session
    assert "account_authentication_methods" not in stranger.session
