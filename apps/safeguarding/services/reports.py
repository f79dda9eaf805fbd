"""What becomes of a report, and what is kept from being erased."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Student, User
from apps.core import audit
from apps.safeguarding import emails, queries
from apps.safeguarding.items import Item
from apps.safeguarding.models import LegalHold, Report, ReportNote
from apps.safeguarding.models.reports import ReportState


@transaction.atomic
def report_item(*, item: Item, by: User, category: str, words: str, now: datetime) -> Report:
    """Put it into the safeguarding queue with what stood there, and tell the team.

    As long as a report of the same person about the same item is not closed, that one is the answer.
    """
    report, is_new = Report.objects.unsettled().get_or_create(
        reporter=by,
        kind=item.kind,
        item_id=item.pk,
        defaults={
            "student_id": item.student_id,
            "author_id": item.author_id,
            "category": category,
            "words": words,
            "evidence": item.text,
            "reported_at": now,
            "due_at": now + timedelta(hours=settings.REPORT_DUE_HOURS[category]),
        },
    )
    if is_new:
        _note("report.made", report, by, now=now, kind=item.kind, category=category)
        emails.tell_team(report=report, readers=queries.team(), now=now)
    return report


def _note(action: str, report: Report, by: User, *, now: datetime, **details: str) -> None:
    audit.record(action=action, actor=by, target=report, now=now, student_id=report.student_id, **details)


@transaction.atomic
def take_report(*, report: Report, by: User, now: datetime) -> bool:
    """``by`` looks after it from now on; false if it is closed."""
    taken = Report.objects.unsettled().filter(pk=report.pk).update(state=ReportState.WORK, assigned_to=by)
    if taken:
        _note("report.taken", report, by, now=now)
    return bool(taken)


@transaction.atomic
def close_report(*, report: Report, by: User, now: datetime) -> bool:
    """Settle it, and tell whoever reported it; false if that was done before."""
    closed = Report.objects.unsettled().filter(pk=report.pk).update(state=ReportState.CLOSED, closed_at=now)
    if closed:
        _note("report.closed", report, by, now=now)
        emails.tell_reporter(report=report, now=now)
    return bool(closed)


@transaction.atomic
def add_note(*, report: Report, by: User, body: str, now: datetime) -> ReportNote:
    note = ReportNote.objects.create(report=report, author=by, body=body, written_at=now)
    _note("report.noted", report, by, now=now)
    return note


@transaction.atomic
def place_hold(
    *, student: Student | None, person: User | None, reason: str, by: User, now: datetime
) -> LegalHold:
    """Nothing of the diary, and nothing of the account, is erased from this commit on."""
    hold = LegalHold.objects.create(
        student=student, person=person, reason=reason, placed_at=now, placed_by=by
    )
    audit.record(
        action="hold.placed", actor=by, target=hold, now=now, student_id=student.pk if student else None
    )
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User, now: datetime) -> bool:
    """What was to be erased meanwhile is erased in its next round; false if it was lifted before."""
    lifted = LegalHold.objects.live().filter(pk=hold.pk).update(lifted_at=now, lifted_by=by)
    if lifted:
        audit.record(action="hold.lifted", actor=by, target=hold, now=now, student_id=hold.student_id)
    return bool(lifted)
