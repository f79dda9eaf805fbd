"""The mails about lessons, rendered when they are sent: by then it may have moved again."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import access, news, outbox
from apps.core.days import zone_of
from apps.core.mailing import absolute_url, render_email
from apps.core.templatetags.ui import moment
from apps.private_teaching.queries import accounts_of

from .models import ChangeKind, Lesson, LessonChange
from .news import KIND


@outbox.kind(KIND)
def lesson_changed(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """What it was and what it is now, on the reader's clocks; none when a later change says all of it, or the
    reader no longer reads of it."""
    reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
    change = LessonChange.objects.filter(pk=UUID(str(payload["change"]))).first()
    if reader is None or change is None:
        return None
    rows = Lesson.objects.select_related("teaching__student", "teacher").filter(pk=change.lesson_id)
    lesson = access.allowed(rows, "view", reader).first()
    newest = LessonChange.objects.filter(lesson=change.lesson_id).order_by("-changed_at", "-pk").first()
    # What was said of a whole row is news also when one of it changed once more.
    if lesson is None or (newest != change and not change.with_following):
        return None
    with timezone.override(zone_of(reader.time_zone)):
        words = {
            "teacher": lesson.teacher.get_full_name(),
            "student": lesson.teaching.student.get_short_name(),
            "instrument": lesson.teaching.instrument,
            "before": moment(change.was_at),
            "now": moment(lesson.starts_at),
        }
    return render_email("family_news", _letter(change, lesson, words))


def _letter(change: LessonChange, lesson: Lesson, words: dict[str, str]) -> dict[str, object]:
    if change.kind == ChangeKind.CANCELLED:
        subject = _("The lesson of %(student)s on %(before)s is called off")
        news = _("%(teacher)s called off the lesson of %(student)s (%(instrument)s) on %(before)s.")
    else:
        subject = _("The lesson of %(student)s is now on %(now)s")
        news = _(
            "%(teacher)s moved the lesson of %(student)s (%(instrument)s): it was to be on %(before)s, and "
            "is now on %(now)s."
        )
    paragraphs = [news % words]
    if change.with_following:
        paragraphs.append(
            _("The lessons that follow in this row are called off, too.")
            if change.kind == ChangeKind.CANCELLED
            else _("The lessons that follow in this row move likewise.")
        )
    if change.reason:
        paragraphs.append(_("What they say about it: %(reason)s") % {"reason": change.reason})
    return {
        "subject": subject % words,
        "paragraphs": paragraphs,
        "url": absolute_url("lessons:lesson-detail", lesson.pk),
        "label": _("See the lesson"),
    }


def tell_family(*, change: LessonChange, now: datetime) -> None:
    """The guardians and the student's own login; no longer than until it would have begun."""
    lesson = change.lesson
    expires_at = max(change.was_at, lesson.starts_at)
    student = lesson.teaching.student
    readers = list(accounts_of(student).exclude(pk=lesson.teacher_id).order_by("pk"))
    word = news.Word(about=change.pk, student_id=student.pk, readers=readers)
    news.tell(kind=KIND, words=[word], now=now)
    for reader in readers:
        outbox.post(
            kind=KIND,
            key=f"{KIND}:{change.pk}:email:{reader.pk}",
            email=reader.email,
            payload={"change": str(change.pk), "reader": str(reader.pk)},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=expires_at,
        )
