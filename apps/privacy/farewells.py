"""The mail that something is erased now. It is posted as the doors close, and outlives what it tells of:
it names nobody, for who was erased has no name any more, and its row goes when it has left.
"""

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.core import outbox
from apps.core.mailing import render_email
from apps.core.ownership import Subject
from apps.notifications.models import Delivery, DeliveryState
from apps.private_teaching.models import Teaching

from . import queries
from .models import Erasure

KIND = "privacy.erased"
LIFETIME = timedelta(days=3)


@outbox.kind(KIND)
def erased_message(payload: outbox.Payload, now: datetime) -> outbox.Email:
    """``what``: the reader's account ("mine"), a diary of the family ("diary") or of a pupil ("pupil"),
    an account of the family ("family") or the teacher's ("teacher"). ``since``: a day that the reader knows.
    """
    since = date.fromisoformat(str(payload["since"]))
    return render_email("erased", {"what": payload["what"], "since": since})


def post(erasure: Erasure, *, now: datetime) -> None:
    """Tell everybody whom it concerns; nobody, when a backup had only brought it back."""
    if erasure.asked_by_id is None:
        return
    asked = localdate(erasure.asked_at)
    if erasure.subject == Subject.STUDENT:
        _post_about_diary(erasure, asked, now=now)
    else:
        _post_about_account(erasure, asked, now=now)


def _post_about_diary(erasure: Erasure, asked: date, *, now: datetime) -> None:
    readers = {user.pk: user for user in queries.family_of(erasure.subject_id)}
    asker = queries.account(erasure.asked_by_id)
    if asker is not None and asker.is_active:
        readers[asker.pk] = asker
    for reader in readers.values():
        _post(erasure, "diary", reader, asked, now=now)
    for teaching in queries.teachers_of(erasure.subject_id).exclude(teacher__in=readers):
        _post(erasure, "pupil", teaching.teacher, localdate(teaching.started_at), now=now)


def _post_about_account(erasure: Erasure, asked: date, *, now: datetime) -> None:
    person = queries.account(erasure.subject_id)
    if person is None or person.is_erased or not person.is_active:
        return
    _post(erasure, "mine", person, asked, now=now)
    told = {person.pk}
    families = queries.diaries_that_stay(person.pk).values_list("pk", flat=True)
    taught = Teaching.objects.current().by(person).values_list("student_id", flat=True)
    for what, students in (("family", families), ("teacher", taught)):
        for reader in {user for student in students for user in queries.family_of(student)}:
            if reader.pk not in told:
                told.add(reader.pk)
                _post(erasure, what, reader, asked, now=now)


def _post(erasure: Erasure, what: str, reader: User, since: date, *, now: datetime) -> None:
    outbox.post(
        kind=KIND,
        key=f"{KIND}:{erasure.pk}:{what}:email:{reader.pk}",
        email=reader.email,
        payload={"what": what, "since": since.isoformat()},
        # No recipient: an erased account's messages go with it, and this one must not.
        language=reader.language,
        now=now,
        expires_at=now + LIFETIME,
    )


def forget_sent() -> None:
    """An address that is left behind nowhere else must not be left behind here."""
    waiting = [DeliveryState.PENDING, DeliveryState.SENDING]
    Delivery.objects.filter(kind=KIND).exclude(state__in=waiting).delete()
