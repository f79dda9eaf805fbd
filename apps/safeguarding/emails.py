"""Mails about what staff looked at and what became of reports. They quote nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.models import User
from apps.core import outbox
from apps.core.mailing import absolute_url, render_email

from . import queries
from .models import Impersonation, ReadingCase, Report
from .models.reports import ReportState

NEWS_LIFETIME = timedelta(days=3)


def _post(kind: str, about: UUID, reader: User, *, now: datetime, again: str = "") -> None:
    """Once for each thing and reader; ``again`` is what makes it another piece of news."""
    outbox.post(
        kind=kind,
        key=f"{kind}:{about}{again}:email:{reader.pk}",
        email=reader.email,
        payload={"about": str(about), "reader": str(reader.pk)},
        recipient=reader,
        language=reader.language,
        now=now,
        expires_at=now + NEWS_LIFETIME,
    )


def _reader(payload: outbox.Payload) -> User | None:
    return User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()


@outbox.kind("safeguarding.reading")
def reading_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That somebody of the staff may read a diary; none for who is no longer of the family."""
    case = ReadingCase.objects.select_related("student").filter(pk=UUID(str(payload["about"]))).first()
    reader = _reader(payload)
    if case is None or case.student is None or reader not in queries.family_of(case.student.pk):
        return None
    url = absolute_url("private_teaching:student-people", case.student.pk)
    return render_email("reading", {"case": case, "student": case.student, "url": url})


def tell_about_reading(*, case: ReadingCase, readers: Iterable[User], now: datetime) -> None:
    for reader in readers:
        _post("safeguarding.reading", case.pk, reader, now=now)


@outbox.kind("safeguarding.look")
def look_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That support sees the product as the reader does."""
    look = Impersonation.objects.filter(pk=UUID(str(payload["about"]))).first()
    reader = _reader(payload)
    if look is None or reader is None or look.person_id != reader.pk:
        return None
    return render_email("look", {"look": look, "url": absolute_url("accounts:settings")})


def tell_about_look(*, look: Impersonation, now: datetime) -> None:
    _post("safeguarding.look", look.pk, look.person, now=now)


@outbox.kind("safeguarding.report")
def report_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """For the team: that a report waits, and until when. What it says stands in the admin alone."""
    report = Report.objects.filter(pk=UUID(str(payload["about"])), state=ReportState.NEW).first()
    reader = _reader(payload)
    if report is None or reader is None or not queries.team().filter(pk=reader.pk).exists():
        return None
    return _report_email(report, is_more=False)


@outbox.kind("safeguarding.report-added-to")
def report_added_to_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """For the team: whoever reported has said more, also to who looks after it already."""
    report = Report.objects.unsettled().filter(pk=UUID(str(payload["about"]))).first()
    reader = _reader(payload)
    if report is None or reader is None or not queries.team().filter(pk=reader.pk).exists():
        return None
    return _report_email(report, is_more=True)


def _report_email(report: Report, *, is_more: bool) -> outbox.Email:
    url = absolute_url("admin:safeguarding_report_change", report.pk)
    return render_email("report", {"report": report, "is_more": is_more, "url": url})


def tell_team_of_more(*, report: Report, readers: Iterable[User], now: datetime) -> None:
    for reader in readers:
        _post("safeguarding.report-added-to", report.pk, reader, now=now, again=f":{now.isoformat()}")


def tell_team(*, report: Report, readers: Iterable[User], now: datetime) -> None:
    for reader in readers:
        _post("safeguarding.report", report.pk, reader, now=now)


@outbox.kind("safeguarding.report-closed")
def report_closed_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """That it was looked at. Not what was done: that may be another family's business."""
    report = Report.objects.filter(pk=UUID(str(payload["about"])), state=ReportState.CLOSED).first()
    reader = _reader(payload)
    if report is None or reader is None or report.reporter_id != reader.pk:
        return None
    return render_email("report_closed", {"report": report, "url": absolute_url("home:index")})


def tell_reporter(*, report: Report, now: datetime) -> None:
    if report.reporter is not None:
        _post("safeguarding.report-closed", report.pk, report.reporter, now=now)
