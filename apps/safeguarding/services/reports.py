"""What becomes of a report, and what is kept from being erased."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import Student, User
from apps.accounts.services import avatars, remove_avatar
from apps.core import audit
from apps.safeguarding import emails, queries
from apps.safeguarding.items import PHOTO, Item
from apps.safeguarding.models import LegalHold, Report, ReportNote
from apps.safeguarding.models.reports import MOST_TEXT, ReportState, words_unless


@transaction.atomic
def report_item(*, item: Item, by: User, category: str, words: str, now: datetime) -> Report:
    """Put it into the safeguarding queue with what stood there, and tell the team.

    As long as a report of the same person about the same item is not closed, what they say goes into that
    one, and the team hears of it again.
    """
    if item.kind == PHOTO:
        item = _of_now(item)
    due_at = now + timedelta(hours=settings.REPORT_DUE_HOURS[category])
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
            "due_at": due_at,
        },
    )
    if is_new:
        _note("report.made", report, by, now=now, kind=item.kind, category=category)
        emails.tell_team(report=report, readers=queries.team(), now=now)
        return report
    # Two additions at once wait for each other; closed meanwhile, it is a report of its own.
    locked = Report.objects.unsettled().select_for_update().filter(pk=report.pk).first()
    if locked is None:
        return report_item(item=item, by=by, category=category, words=words, now=now)
    _add(locked, item.text, by=by, category=category, words=words, due_at=due_at, now=now)
    return locked


def _of_now(item: Item) -> Item:
    """Hold the account: whoever removes its photo waits, and then finds this report. Where no page said
    which photo it was, it is what the row names now. An account that was erased meanwhile wrote nothing."""
    row = User.objects.select_for_update(no_key=True).filter(pk=item.pk).first()
    if row is None:
        return replace(item, author_id=None)
    return item if item.text else replace(item, text=row.avatar)


def _add(
    report: Report, text: str, *, by: User, category: str, words: str, due_at: datetime, now: datetime
) -> None:
    """What is new goes below what was said before; the graver kind and the earlier day hold. The same once
    more is a button that was pressed twice."""
    before = (report.words, report.evidence, report.category)
    report.words = _below(report.words, words, now)
    report.evidence = _below(report.evidence, text, now)
    hours = settings.REPORT_DUE_HOURS
    report.category = min(report.category, category, key=lambda kind: hours[kind])
    if before == (report.words, report.evidence, report.category):
        return
    report.due_at = min(report.due_at, due_at)
    report.save(update_fields=["words", "evidence", "category", "due_at"])
    _note("report.added-to", report, by, now=now, category=category)
    emails.tell_team_of_more(report=report, readers=queries.team(), now=now)


def _below(before: str, text: str, now: datetime) -> str:
    if not text or text in before:
        return before
    return f"{before}\n\n[{now:%Y-%m-%d %H:%M} UTC]\n{text}"[:MOST_TEXT] if before else text


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
    closed = (
        Report.objects.unsettled()
        .filter(pk=report.pk)
        # Whoever reported it was erased meanwhile: their words waited for this day alone.
        .update(state=ReportState.CLOSED, closed_at=now, words=words_unless(Q(reporter__isnull=True)))
    )
    if closed:
        _note("report.closed", report, by, now=now)
        emails.tell_reporter(report=report, now=now)
        # Somebody may have added to it since the caller read it.
        report.refresh_from_db(fields=["evidence"])
        # A picture of a diary has a row, which was kept and goes its own way.
        avatars.let_go(report.photos if report.kind == PHOTO else [], now=now)
    return bool(closed)


@transaction.atomic
def take_photo_down(*, report: Report, by: User, now: datetime) -> bool:
    """Remove the photo that was reported, and no newer one; false if the report is of something else, or
    it is not shown any more. The report keeps it for the team until it is closed."""
    if report.author_id is None:
        return False
    row = User.objects.select_for_update(no_key=True).filter(pk=report.author_id).first()
    if row is None or row.avatar not in report.photos:
        return False
    remove_avatar(user=row, by=by, why="staff", now=now)
    _note("report.photo-taken-down", report, by, now=now)
    return True


@transaction.atomic
def add_note(*, report: Report, by: User, body: str, now: datetime) -> ReportNote:
    note = ReportNote.objects.create(report=report, author=by, body=body, written_at=now)
    _note("report.noted", report, by, now=now)
    return note


@transaction.atomic
def place_hold(
    *, student: Student | None, person: User | None, reason: str, by: User, now: datetime
) -> LegalHold:
    """Nothing of the diary, and nothing of the account, is erased from this commit on.

    If that has begun already, what is gone is gone: the audit says so, and so does the desk's page.
    """
    hold = LegalHold.objects.create(
        student=student, person=person, reason=reason, placed_at=now, placed_by=by
    )
    audit.record(
        action="hold.placed",
        actor=by,
        target=hold,
        now=now,
        student_id=student.pk if student else None,
        erasure_has_begun=queries.is_late(hold),
    )
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User, now: datetime) -> bool:
    """What was to be erased meanwhile is erased in its next round; false if it was lifted before."""
    lifted = LegalHold.objects.live().filter(pk=hold.pk).update(lifted_at=now, lifted_by=by)
    if lifted:
        audit.record(action="hold.lifted", actor=by, target=hold, now=now, student_id=hold.student_id)
    if lifted and hold.person_id is not None:
        about = Report.objects.filter(kind=PHOTO, item_id=hold.person_id)
        avatars.let_go(queries.photos_of(about), now=now)
    return bool(lifted)
