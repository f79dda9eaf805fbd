"""A teacher asks the family to sign each week of practice, or asks no more."""

from datetime import date, datetime, timedelta

from django.db import transaction

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.services import lock_student
from apps.core import audit
from apps.core.days import week_start
from apps.core.weeks import DAYS_PER_WEEK
from apps.private_teaching.models import Teaching


@transaction.atomic
def ask_to_sign(*, teaching: Teaching, asks: bool, by: User, now: datetime) -> None:
    """From the week that holds the student's today on. What was signed stays. Twice changes nothing.

    Who asks again within a week goes on with the weeks from before: one of them may wait to be signed.
    """
    student = lock_student(teaching.student)
    rows = Teaching.objects.current().select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=teaching.pk).first()
    if row is None or row.asks_sign_off == asks:
        return
    today = student.today(now)
    if not asks:
        row.sign_off_until = today
    elif row.sign_off_since is None:
        row.sign_off_since = week_start(today, first_weekday(student))
    else:
        row.sign_off_since = counted_on(row.sign_off_since, stopped=row.sign_off_until or today, today=today)
        row.sign_off_until = None
    row.save(update_fields=["sign_off_since", "sign_off_until"])
    action = "teaching.asks-to-sign" if asks else "teaching.asks-no-more"
    audit.record(action=action, actor=by, target=teaching, now=now, student_id=student.pk)


def counted_on(since: date, *, stopped: date, today: date) -> date:
    """Since when weeks are counted after a break: as before if it was short, else from this week on.

    They begin with the same day of the week as before, so that no two overlap.
    """
    if (today - stopped).days < DAYS_PER_WEEK:
        return since
    return today - timedelta(days=(today - since).days % DAYS_PER_WEEK)


def first_weekday(student: Student) -> int:
    """What the student's week begins with: as they chose, else as their first guardian did."""
    if student.user is not None and student.has_own_voice:
        return student.user.week_starts_on
    rows = Guardianship.objects.current().filter(student=student).order_by("started_at", "pk")
    row = rows.select_related("guardian").first()
    return row.guardian.week_starts_on if row else 0
