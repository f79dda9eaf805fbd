"""What copies and erasures share: a clock, a lease that a worker keeps, a row in the audit log."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core import audit
from apps.privacy.models import Erasure, Export

TASK = "privacy.run_due"
LEASE = timedelta(minutes=5)

Clock = Callable[[], datetime]
Job = TypeVar("Job", Export, Erasure)


class LeaseIsLost(Exception):
    """Another worker does this by now."""


def note(action: str, job: Export | Erasure, by: User | None, *, now: datetime) -> None:
    audit.record(action=action, actor=by, target=job, now=now, student_id=job.student_id)


def still_ours(job: Job) -> "QuerySet[Job]":
    """The row, if no other worker has claimed it since; empty otherwise."""
    found: QuerySet[Job] = type(job)._default_manager.filter(
        pk=job.pk, state="running", lease_until=job.lease_until
    )
    return found


def keep(job: Job, *, now: datetime, **values: object) -> None:
    """Write how far it is, and hold the lease on. Raises LeaseIsLost."""
    values["lease_until"] = now + LEASE
    if not still_ours(job).update(**values):
        raise LeaseIsLost
    for name, value in values.items():
        setattr(job, name, value)
