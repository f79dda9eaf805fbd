"""Two workers at the same moment: with the lock each message is claimed once; without it, twice."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from apps.notifications import services
from apps.notifications.models import Delivery, DeliveryState

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def fill(count: int) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            key=f"k{number}",
            kind="test.note",
            email="ada@people.example",
            language="en",
            created_at=NOW,
            due_at=NOW,
            expires_at=NOW + timedelta(hours=1),
        )
        for number in range(count)
    )


def in_two_threads(work: "object") -> list[object]:
    barrier = threading.Barrier(2)
    results: list[object] = []

    def run() -> None:
        barrier.wait()
        try:
            results.extend(work(barrier))  # type: ignore[operator]
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


@pytest.mark.django_db(transaction=True)
def test_each_message_is_claimed_by_one_worker() -> None:
    fill(40)
    claimed = in_two_threads(
        lambda barrier: [row.pk for row in (services.claim(now=NOW) for _turn in range(30)) if row]
    )
    assert len(claimed) == len(set(claimed)) == 40
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENDING}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_take_the_same() -> None:
    fill(5)

    def careless(barrier: threading.Barrier) -> list[UUID]:
        with transaction.atomic():
            keys = list(Delivery.objects.due(NOW).values_list("pk", flat=True))
            barrier.wait()
            Delivery.objects.filter(pk__in=keys).update(
                state=DeliveryState.SENDING, lease_until=NOW + services.LEASE
            )
        return keys

    claimed = in_two_threads(careless)
    assert len(claimed) == 10, "the race that SKIP LOCKED prevents was not seen"
    assert len(set(claimed)) == 5
