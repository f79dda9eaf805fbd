"""The chain that shows whether anybody has tampered with the audit log.

A trigger writes a digest into each row, so writers never wait for one another. From time to time the rows
that are settled are sealed: a seal holds their digests, and the hash of the seal before. Whoever changes,
deletes or inserts a sealed row, and even mends its digest, must also rewrite every later seal; a head that
was copied to another machine shows that (ADR 0017).
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection, transaction

from .models import DIGEST_SQL, AuditEvent, AuditSeal

logger = logging.getLogger(__name__)

# So many rows stand in one seal at most.
BATCH = 10_000
# Any number, the same in all processes: one seals at a time.
LOCK = 7_305_521
# How long the writers may be held up while those that have begun finish.
BARRIER = "250ms"
KEY, DIGEST = 8, 32
LEAF = KEY + DIGEST
ROWS = f"SELECT id, digest, {DIGEST_SQL.format(row='core_auditevent')} FROM core_auditevent"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal: enough to prove later that the history up to it is the same."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def head() -> Head | None:
    last = AuditSeal.objects.order_by("-number").first()
    return Head(last.number, last.hash) if last else None


def seal(*, now: datetime) -> int:
    """Seal what is settled, and log the new head; return how many rows were sealed.

    Nothing is done while another process seals, or while a writer takes long: the next round will do it.
    """
    sealed = 0
    with transaction.atomic():
        if not _is_alone():
            return 0
        settled = _settled()
        if settled is None:
            return 0
        while count := _seal_batch(settled, now=now):
            sealed += count
    if sealed:
        logger.info("The audit log is sealed up to %s", head())
    return sealed


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        found = cursor.fetchone()
    return bool(found and found[0])


def _settled() -> int | None:
    """The highest key below which no row can come any more; None when writers take too long to wait for.

    A key is drawn under the lock that an INSERT holds on the table until its end. So at the moment when
    nobody holds it, every row up to the highest one is there, or never will be.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{BARRIER}'")
            cursor.execute("SAVEPOINT barrier")
            cursor.execute("LOCK TABLE core_auditevent IN SHARE MODE")
            cursor.execute("SELECT max(id) FROM core_auditevent")
            found = cursor.fetchone()
            # The lock goes with the savepoint: writers go on while the batch is read.
            cursor.execute("ROLLBACK TO SAVEPOINT barrier")
    except OperationalError:
        return None
    return found[0] if found else None


def _seal_batch(settled: int, *, now: datetime) -> int:
    last = AuditSeal.objects.order_by("-number").first()
    rows = AuditEvent.objects.filter(pk__lte=settled).order_by("pk").values_list("pk", "digest")
    if last is not None:
        rows = rows.filter(pk__gt=last.upto)
    batch = list(rows[:BATCH])
    if not batch:
        return 0
    new = AuditSeal(
        number=last.number + 1 if last else 1,
        upto=batch[-1][0],
        previous=last.hash if last else "",
        leaves=b"".join(_leaf(pk, digest) for pk, digest in batch),
        sealed_at=now,
    )
    new.hash = hash_of(new)
    new.save(force_insert=True)
    return len(batch)


def _leaf(pk: int, digest: str) -> bytes:
    """A row that came past the trigger has no digest: it gets one that can fit nothing."""
    return pk.to_bytes(KEY, "big", signed=True) + (bytes.fromhex(digest) if digest else bytes(DIGEST))


def hash_of(seal: AuditSeal) -> str:
    """Everything that the seal says."""
    said = f"{seal.number}|{seal.upto}|{seal.previous}|{seal.sealed_at.timestamp():.6f}|"
    return hashlib.sha256(said.encode() + bytes(seal.leaves)).hexdigest()


def leaves_of(seal: AuditSeal) -> dict[int, str]:
    """The digest of each row that was sealed, by its key."""
    raw = bytes(seal.leaves)
    return {
        int.from_bytes(raw[at : at + KEY], "big", signed=True): raw[at + KEY : at + LEAF].hex()
        for at in range(0, len(raw), LEAF)
    }


def problems(*, since: Head | None = None) -> Iterator[str]:
    """What is wrong with the log, each row by its key; nothing when all is as it was written.

    ``since`` is a head that was kept elsewhere: the chain must still hold it.
    """
    previous, below, number = "", None, 0
    heads = {}
    for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=10):
        number += 1
        if seal.number != number:
            yield f"seal {number} is missing"
            number = seal.number
        if seal.previous != previous:
            yield f"seal {seal.number} does not follow the one before it"
        if seal.hash != hash_of(seal):
            yield f"seal {seal.number} was changed"
        yield from _differences(leaves_of(seal), _rows(below, seal.upto))
        previous, below = seal.hash, seal.upto
        heads[seal.number] = seal.hash
    for pk, (stored, right) in _rows(below, None).items():
        if stored != right:
            yield f"row {pk} was changed"
    if since is not None and heads.get(since.number) != since.hash:
        yield f"the chain does not hold the head {since}: the history before it was rewritten"


def _differences(leaves: dict[int, str], rows: dict[int, tuple[str, str]]) -> Iterator[str]:
    for pk in sorted(leaves.keys() | rows.keys()):
        if pk not in rows:
            yield f"row {pk} was deleted"
        elif pk not in leaves:
            yield f"row {pk} was inserted"
        elif rows[pk] != (leaves[pk], leaves[pk]):
            yield f"row {pk} was changed"


def _rows(above: int | None, upto: int | None) -> dict[int, tuple[str, str]]:
    """The digest that each row carries, and the one that its columns have now."""
    limits = [("id > %s", above), ("id <= %s", upto)]
    wanted = [(text, value) for text, value in limits if value is not None]
    where = " AND ".join(text for text, _ in wanted) or "true"
    with connection.cursor() as cursor:
        cursor.execute(f"{ROWS} WHERE {where}", [value for _, value in wanted])
        return {pk: (stored, right) for pk, stored, right in cursor.fetchall()}
