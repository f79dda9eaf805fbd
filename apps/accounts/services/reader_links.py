"""Links to read along: a guardian makes one for one address, and any guardian ends it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from apps.accounts import link_emails as emails
from apps.accounts.models import ReaderLink, Student, User
from apps.core import audit
from apps.core.access import is_allowed
from apps.core.days import calendar_day, end_of_day

from .errors import AddressHasLink, LinkIsOver, OfferIsOver, TooManyReaderLinks
from .limits import spend_a_mail


@transaction.atomic
def make_reader_link(
    *, student: Student, name: str, email: str, days: int, language: str, by: User, now: datetime
) -> ReaderLink:
    """Write the link, its mail, and the news for the family.

    Raises OfferIsOver when ``by`` may not, or not any more; AddressHasLink; TooManyReaderLinks;
    TooManyInvitations.
    """
    student = Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    if not is_allowed("share_link", by, student):
        raise OfferIsOver
    live = ReaderLink.objects.live(now).filter(student=student)
    # The form has asked, too; of two guardians at once, both forms have.
    if live.filter(email=email.lower()).exists():
        raise AddressHasLink
    if live.count() >= settings.READER_LINKS_PER_STUDENT:
        raise TooManyReaderLinks(settings.READER_LINKS_PER_STUDENT)
    spend_a_mail(by=by, email=email, now=now)
    link = ReaderLink.objects.create(
        student=student,
        name=name,
        email=email.lower(),
        language=language,
        made_by=by,
        made_at=now,
        # A whole day of the child's: the page says "until" and a date.
        expires_at=end_of_day(calendar_day(now, student.time_zone) + timedelta(days=days), student.time_zone),
    )
    audit.record(action="reader-link.made", actor=by, target=link, now=now, student_id=student.pk, days=days)
    emails.send_link(link=link, now=now)
    emails.tell_who_reads(link=link, by=by, now=now)
    return link


@transaction.atomic
def open_reader_link(*, link: ReaderLink, now: datetime) -> None:
    """Somebody who holds it pressed the button; the guardians hear of the first time. Raises LinkIsOver."""
    rows = ReaderLink.objects.live(now).filter(pk=link.pk)
    opened = {"opened_at": now, "openings": F("openings") + 1}
    is_first = rows.filter(openings=0).update(**opened)
    if not is_first and not rows.update(**opened):
        raise LinkIsOver
    if is_first:
        emails.tell_opened(link=link, now=now)
    audit.record(action="reader-link.opened", actor=None, target=link, now=now, student_id=link.student_id)


@transaction.atomic
def end_reader_link(*, link: ReaderLink, by: User, now: datetime) -> None:
    """From this commit on it opens nothing, nor does any page that it had opened. Twice changes nothing."""
    _end(link, by=by, now=now)


@transaction.atomic
def end_reader_links(
    *, student: Student, by: User | None, now: datetime, made_by: User | None = None
) -> None:
    """All links into this diary end, or those that one guardian made. For good: whatever ended them may
    be taken back, but a mail from before must not open the diary again."""
    rows = ReaderLink.objects.unended().filter(student=student)
    for link in rows if made_by is None else rows.filter(made_by=made_by):
        _end(link, by=by, now=now)


def _end(link: ReaderLink, *, by: User | None, now: datetime) -> None:
    if ReaderLink.objects.unended().filter(pk=link.pk).update(ended_at=now):
        audit.record(action="reader-link.ended", actor=by, target=link, now=now, student_id=link.student_id)
