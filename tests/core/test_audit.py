"""The audit log: ids only, in the caller's transaction, and nobody changes it afterwards."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction

from apps.core import audit
from apps.core.models import AuditEvent
from tests.conftest import Cast

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_row_says_who_did_what_to_what_and_for_whom(cast: Cast) -> None:
    event = audit.record(
        action="teaching.ended",
        actor=cast.user("guardian"),
        target=cast.teaching,
        now=NOW,
        student_id=cast.student.pk,
        reason="moved",
    )
    event.refresh_from_db()
    assert event.at == NOW
    assert event.actor == cast.user("guardian")
    assert (event.target_type, event.target_id) == ("private_teaching.teaching", cast.teaching.pk)
    assert event.student_id == cast.student.pk
    assert event.details == {"reason": "moved"}
    assert str(event) == f"teaching.ended private_teaching.teaching {cast.teaching.pk}"


@pytest.mark.parametrize("actor", [None, AnonymousUser()])
def test_nobody_is_an_actor_too(cast: Cast, actor: AnonymousUser | None) -> None:
    event = audit.record(action="invitation.declined", actor=actor, target=cast.student, now=NOW)
    assert event.actor_id is None


def test_a_row_outlives_the_account_it_names(cast: Cast) -> None:
    stranger = cast.user("stranger")
    event = audit.record(action="looked", actor=stranger, target=cast.student, now=NOW)
    gone = stranger.pk
    stranger.delete()
    assert AuditEvent.objects.get(pk=event.pk).actor_id == gone


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET action = 'forged' WHERE id = %s",
        "DELETE FROM core_auditevent WHERE id = %s",
    ],
)
def test_the_database_refuses_to_forget(cast: Cast, statement: str) -> None:
    event = audit.record(action="looked", actor=None, target=cast.student, now=NOW)
    refused = pytest.raises(ProgrammingError, match="Cannot update or delete")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement, [event.pk])
    assert AuditEvent.objects.get(pk=event.pk).action == "looked"


def test_a_failed_change_leaves_no_row(cast: Cast) -> None:
    with transaction.atomic():
        audit.record(action="looked", actor=None, target=cast.student, now=NOW)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.filter(action="looked").exists()
