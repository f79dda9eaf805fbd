"""Making a copy: waiting, ready until a date, gone; limits, mails, failures and killed workers."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.accounts.models import Guardianship
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.practice.models import PracticeEntry
from apps.privacy import archive
from apps.privacy.models import Export, ExportState
from apps.privacy.services import exports, work
from tests.conftest import Cast

from .conftest import make_export


def test_it_is_waiting_then_ready_until_a_date_then_gone(cast: Cast, settings: Any) -> None:
    guardian, now = cast.user("guardian"), timezone.now()
    export = exports.request_export(by=guardian, student=cast.student, now=now)
    assert (export.state, export.is_under_way, export.path) == (ExportState.REQUESTED, True, "")
    assert exports.run_due(clock=lambda: now) == 1
    export.refresh_from_db()
    assert export.expires_at == now + timedelta(days=settings.EXPORT_DAYS)
    assert default_storage.size(export.path) == export.size > 1000
    assert len(export.path) > 64
    path = export.path
    assert exports.run_due(clock=lambda: now + timedelta(days=8)) == 0
    export.refresh_from_db()
    assert (export.state, export.path, default_storage.exists(path)) == (ExportState.GONE, "", False)


def test_asking_twice_makes_one(cast: Cast) -> None:
    guardian, now = cast.user("guardian"), timezone.now()
    first = exports.request_export(by=guardian, student=cast.student, now=now)
    assert exports.request_export(by=guardian, student=cast.student, now=now) == first
    assert exports.request_export(by=guardian, student=None, now=now) != first


def test_there_is_a_limit_a_day(cast: Cast, settings: Any) -> None:
    settings.EXPORTS_PER_PERSON_AND_DAY = 2
    guardian = cast.user("guardian")
    make_export(guardian)
    make_export(guardian, cast.student)
    with pytest.raises(exports.TooManyExports):
        exports.request_export(by=guardian, student=None, now=timezone.now())
    exports.request_export(by=guardian, student=None, now=timezone.now() + timedelta(days=1, seconds=9))


def test_what_was_done_is_audited(cast: Cast) -> None:
    export = make_export(cast.user("guardian"), cast.student)
    events = AuditEvent.objects.filter(target_id=export.pk).order_by("pk")
    assert list(events.values_list("action", "actor_id", "student_id")) == [
        ("export.requested", cast.user("guardian").pk, cast.student.pk),
        ("export.made", None, cast.student.pk),
    ]


def test_a_mail_leads_to_the_page_never_to_the_file(cast: Cast) -> None:
    export = make_export(cast.user("guardian"), cast.student)
    deliver_due(clock=timezone.now)
    message = mail.outbox[-1]
    assert message.to == ["guardian@people.example"]
    assert f"/students/{cast.student.pk}/data/" in message.body
    assert str(export.pk) not in message.body
    assert export.path not in message.body


def test_the_mail_is_dropped_when_the_copy_is_no_longer_theirs(cast: Cast) -> None:
    make_export(cast.user("guardian"), cast.student)
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    deliver_due(clock=timezone.now)
    assert [d.state for d in Delivery.objects.filter(kind="privacy.export-ready")] == ["cancelled"]


def test_a_right_lost_meanwhile_makes_no_copy(cast: Cast) -> None:
    export = exports.request_export(by=cast.user("guardian"), student=cast.student, now=timezone.now())
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert exports.run_due(clock=timezone.now) == 0
    export.refresh_from_db()
    assert (export.state, export.path) == (ExportState.GONE, "")


class Killed(BaseException):
    """As good as a SIGKILL: nothing of ours catches it."""


def test_a_killed_worker_leaves_no_file_and_the_next_one_makes_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, media: Any
) -> None:
    now = timezone.now()
    export = exports.request_export(by=cast.user("guardian"), student=cast.student, now=now)
    with monkeypatch.context() as patch:
        # The file is in the storage, the row does not say so yet.
        patch.setattr(exports, "_finish", lambda *args, **more: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            exports.run_due(clock=lambda: now)
    assert exports.run_due(clock=lambda: now) == 0
    assert exports.run_due(clock=lambda: now + work.LEASE * 2) == 1
    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.READY, 2)
    assert [path.name for path in media.rglob("*.zip")] == [export.path.removeprefix("exports/")]


def test_what_fails_is_tried_again_and_given_up_at_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **more: Any) -> None:
        raise OSError("disk full")

    now = timezone.now()
    export = exports.request_export(by=cast.user("guardian"), student=None, now=now)
    monkeypatch.setattr(archive, "write", broken)
    for attempt in range(1, exports.MAX_ATTEMPTS + 1):
        later = now + timedelta(hours=attempt)
        exports.run_due(clock=partial(timezone.localtime, later))
        export.refresh_from_db()
        assert (export.attempts, export.last_error) == (attempt, "OSError")
    assert export.state == ExportState.FAILED
    monkeypatch.undo()
    assert make_export(cast.user("guardian")).state == ExportState.READY


def test_a_copy_that_kills_its_worker_is_given_up(cast: Cast) -> None:
    export = exports.request_export(by=cast.user("guardian"), student=None, now=timezone.now())
    Export.objects.filter(pk=export.pk).update(attempts=exports.MAX_ATTEMPTS)
    exports.run_due(clock=timezone.now)
    export.refresh_from_db()
    assert (export.state, export.last_error) == (ExportState.FAILED, "WorkerDied")


def test_progress_is_told_and_a_lost_lease_ends_the_work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    export = exports.request_export(by=cast.user("guardian"), student=None, now=timezone.now())
    seen: list[int] = []

    def slow(file: Any, copy: Any, *, now: Any, progress: Any) -> None:
        progress(500, 1000)
        export.refresh_from_db()
        seen.append(export.percent)
        Export.objects.filter(pk=export.pk).update(lease_until=timezone.now() + timedelta(hours=9))
        progress(900, 1000)

    monkeypatch.setattr(archive, "write", slow)
    assert exports.run_due(clock=timezone.now) == 0
    export.refresh_from_db()
    assert (seen, export.state, export.rows_done) == ([50], ExportState.RUNNING, 500)


def test_a_second_worker_that_was_quicker_keeps_its_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    export = exports.request_export(by=cast.user("guardian"), student=None, now=timezone.now())

    def overtaken(file: Any, copy: Any, *, now: Any, progress: Any) -> None:
        file.write(b"late")
        Export.objects.filter(pk=export.pk).update(lease_until=timezone.now() + timedelta(hours=1))

    monkeypatch.setattr(archive, "write", overtaken)
    assert exports.run_due(clock=timezone.now) == 0
    export.refresh_from_db()
    assert export.state == ExportState.RUNNING
    assert not default_storage.exists(export.path)


def test_a_large_diary_takes_no_more_memory(cast: Cast) -> None:
    """Ten times the rows, the same peak: rows go through the disk."""
    import tracemalloc  # only this test measures

    def peak() -> int:
        tracemalloc.start()
        make_export(cast.user("guardian"), cast.student)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        Export.objects.all().delete()
        return used

    PracticeEntry.objects.bulk_create(entries_of(cast, 100))
    small = peak()
    PracticeEntry.objects.bulk_create(entries_of(cast, 1000))
    assert peak() < small * 2


def entries_of(cast: Cast, count: int) -> list[PracticeEntry]:
    return [
        PracticeEntry(
            student=cast.student,
            practised_on=cast.entry.practised_on,
            time_zone="UTC",
            minutes=5,
            description="x" * 200,
            created_at=timezone.now(),
        )
        for _number in range(count)
    ]
