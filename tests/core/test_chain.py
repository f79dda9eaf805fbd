"""Tampering with the audit log is found, and the row is named."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from apps.core import chain, tasks
from apps.core.models import DIGEST_SQL, AuditEvent, AuditSeal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def write(count: int) -> list[int]:
    """Rows of all shapes; their keys in order."""
    rows = [
        AuditEvent(
            at=NOW + timedelta(microseconds=number),
            action="test.row",
            target_type="core.test",
            target_id=uuid4(),
            student_id=uuid4() if number % 2 else None,
            details={"ü": number, "a": None, "deep": [1, {"x": "y"}]},
        )
        for number in range(count)
    ]
    return sorted(row.pk for row in AuditEvent.objects.bulk_create(rows, batch_size=2000))


def write_one() -> None:
    write(1)


def tamper(statement: str, *values: int) -> None:
    """What somebody with the rights of the database's owner can do."""
    with connection.cursor() as cursor:
        for table in ("core_auditevent", "core_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in ("core_auditevent", "core_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def keys(db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Three seals of a hundred rows, and fifty rows that wait."""
    monkeypatch.setattr(chain, "BATCH", 100)
    chain.seal(now=NOW)
    keys = write(300)
    assert chain.seal(now=NOW) == 300
    return keys + write(50)


def found() -> list[str]:
    return list(chain.problems())


def test_untouched_rows_are_right_whatever_the_zone_of_who_asks(keys: list[int]) -> None:
    assert found() == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Kolkata'")
        cursor.execute("SET LOCAL extra_float_digits = 0")
    rows = chain._rows(None, None)
    assert len(rows) >= 350
    assert [pk for pk, (stored, right) in rows.items() if stored != right] == []


def test_seals_follow_one_another(keys: list[int]) -> None:
    seals = list(AuditSeal.objects.order_by("number"))[-3:]
    assert [len(chain.leaves_of(seal)) for seal in seals] == [100, 100, 100]
    assert [seals[1].previous, seals[2].previous] == [seals[0].hash, seals[1].hash]
    assert chain.head() == chain.Head(seals[2].number, seals[2].hash)
    assert chain.seal(now=NOW) == 50
    assert chain.seal(now=NOW) == 0


COLUMNS = {
    "action": "action = 'test.Row'",
    "at": "at = at + interval '1 microsecond'",
    "actor": "actor_id = 'a0000000-0000-4000-8000-000000000000'",
    "target": "target_id = 'a0000000-0000-4000-8000-000000000000'",
    "target type": "target_type = 'core.tesT'",
    "student": "student_id = 'a0000000-0000-4000-8000-000000000000'",
    "details": """details = '{"a": null, "deep": [1, {"x": "z"}]}'""",
    "digest": "digest = translate(digest, '0123456789abcdef', '123456789abcdef0')",
}


@pytest.mark.parametrize("where", [0, 123, 299, 320], ids=["first", "middle", "last sealed", "not sealed"])
@pytest.mark.parametrize("column", COLUMNS)
def test_one_byte_is_found_and_its_row_named(keys: list[int], column: str, where: int) -> None:
    tamper(f"UPDATE core_auditevent SET {COLUMNS[column]} WHERE id = %s", keys[where])
    assert found() == [f"row {keys[where]} was changed"]


def test_a_mended_digest_does_not_help(keys: list[int]) -> None:
    right = DIGEST_SQL.format(row="core_auditevent")
    tamper("UPDATE core_auditevent SET action = 'forged' WHERE id = %s", keys[5])
    tamper(f"UPDATE core_auditevent SET digest = {right} WHERE id = %s", keys[5])
    assert found() == [f"row {keys[5]} was changed"]


def test_a_deleted_row_is_found(keys: list[int]) -> None:
    tamper("DELETE FROM core_auditevent WHERE id = %s", keys[150])
    assert found() == [f"row {keys[150]} was deleted"]


@pytest.mark.parametrize("key", [-5, 0])
def test_an_inserted_row_is_found(keys: list[int], key: int) -> None:
    AuditEvent.objects.create(pk=key, at=NOW, action="forged", target_type="x", target_id=uuid4())
    assert found() == [f"row {key} was inserted"]


def test_rewritten_seals_are_found_by_a_head_kept_elsewhere(keys: list[int]) -> None:
    """Whoever owns the database can make the whole chain anew; then only a copy of the head shows it."""
    kept = chain.head()
    assert kept is not None
    tamper("UPDATE core_auditevent SET action = 'forged' WHERE id = %s", keys[5])
    right = DIGEST_SQL.format(row="core_auditevent")
    tamper(f"UPDATE core_auditevent SET digest = {right} WHERE id = %s", keys[5])
    tamper("DELETE FROM core_auditseal")
    chain.seal(now=NOW)
    assert found() == []
    assert list(chain.problems(since=kept)) == [
        f"the chain does not hold the head {kept}: the history before it was rewritten"
    ]


def test_a_head_of_before_is_still_held(keys: list[int]) -> None:
    kept = chain.head()
    chain.seal(now=NOW)
    assert chain.head() != kept
    assert list(chain.problems(since=kept)) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "DELETE FROM core_auditseal WHERE number = (SELECT max(number) - 1 FROM core_auditseal)",
            "is missing",
        ),
        ("UPDATE core_auditseal SET sealed_at = now() WHERE number = 1", "was changed"),
        ("UPDATE core_auditseal SET previous = repeat('0', 64) WHERE number = 2", "does not follow"),
    ],
)
def test_a_tampered_seal_is_found(keys: list[int], statement: str, says: str) -> None:
    tamper(statement)
    assert any(says in problem for problem in found())


def test_a_row_that_came_past_the_trigger_fits_nothing(keys: list[int]) -> None:
    chain.seal(now=NOW)
    tamper(
        "INSERT INTO core_auditevent (at, action, target_type, target_id, details, digest)"
        " VALUES (now(), 'forged', 'x', gen_random_uuid(), '{}', '')"
    )
    chain.seal(now=NOW)
    (problem,) = found()
    assert problem.endswith("was changed")


@pytest.mark.parametrize("table", ["core_auditevent", "core_auditseal", "safeguarding_reportnote"])
def test_nothing_is_emptied_by_one_word(db: None, table: str) -> None:
    refused = pytest.raises(ProgrammingError, match="append-only")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("SET LOCAL woodshed.may_truncate = 'off'")
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.parametrize("statement", ["UPDATE core_auditseal SET upto = 1", "DELETE FROM core_auditseal"])
def test_a_seal_stays(keys: list[int], statement: str) -> None:
    refused = pytest.raises(ProgrammingError, match="Cannot update or delete")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement)


# The command


def test_the_command_says_how_many_and_the_head(keys: list[int]) -> None:
    out = StringIO()
    call_command("verify_audit", "--seal", stdout=out)
    assert f"{AuditEvent.objects.count()} rows are as they were written" in out.getvalue()
    assert str(chain.head()) in out.getvalue()
    call_command("verify_audit", f"--since-head={chain.head()}", stdout=out)


def test_the_command_names_the_row_and_fails(keys: list[int]) -> None:
    tamper("UPDATE core_auditevent SET action = 'forged' WHERE id = %s", keys[7])
    err = StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_audit", stderr=err)
    assert err.getvalue().strip() == f"row {keys[7]} was changed"


def test_the_head_is_logged_to_be_copied(db: None, caplog: pytest.LogCaptureFixture) -> None:
    write(1)
    with caplog.at_level("INFO", logger="apps.core.chain"):
        tasks.seal_audit()
    assert str(chain.head()) in caplog.text


def test_staff_see_the_heads_and_not_the_leaves(keys: list[int]) -> None:
    assert "leaves" in admin.site._registry[AuditSeal].exclude  # type: ignore[operator]


# Several at once


def in_thread(work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_a_row_that_commits_late_is_not_sealed_out(transactional_db: None) -> None:
    """A writer that has drawn its key holds the sealing up until it has committed; then both are sealed."""
    sealed: list[int] = []
    with transaction.atomic():
        early = write(1)
        in_thread(write_one)
        in_thread(lambda: sealed.append(chain.seal(now=NOW)))
        assert sealed == [0]
    assert chain.seal(now=NOW) >= 2
    assert found() == []
    last = AuditSeal.objects.latest("number")
    assert early[0] in chain.leaves_of(last)


def test_a_second_sealer_does_nothing(transactional_db: None) -> None:
    sealed: list[int] = []
    write(3)
    with transaction.atomic():
        assert chain.seal(now=NOW) >= 3
        in_thread(lambda: sealed.append(chain.seal(now=NOW)))
    assert sealed == [0]


def test_writers_do_not_wait_for_one_another(transactional_db: None) -> None:
    with transaction.atomic():
        write(1)
        in_thread(write_one)
        assert AuditEvent.objects.filter(action="test.row").count() == 2
