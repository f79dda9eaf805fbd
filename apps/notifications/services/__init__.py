"""Writing, claiming and sending what is in the outbox. One commit per message that leaves."""

import logging
import random
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation

from apps.accounts.models import User
from apps.core import audit, jobs, outbox
from apps.notifications.models import Delivery, DeliveryState

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
# With the pauses of backoff() a mail server may be away for half a day.
MAX_ATTEMPTS = 12
BATCH = 50
# So many unreachable servers in a row end a round.
PATIENCE = 3
AWAY = {"ConnectionRefusedError", "TimeoutError", "gaierror"}

Clock = Callable[[], datetime]


class DeliveryHasNotFailed(Exception):
    """Only what was given up can be sent again."""


def write(
    *,
    kind: str,
    key: str,
    email: str,
    payload: outbox.Payload,
    recipient: AbstractBaseUser | None,
    language: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Store one message in the caller's transaction and wake a worker after it. The same key writes once."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                key=key,
                kind=kind,
                email=email,
                payload=dict(payload),
                recipient=recipient if isinstance(recipient, User) else None,
                language=language,
                created_at=now,
                due_at=now,
                expires_at=expires_at,
            )
        ],
        ignore_conflicts=True,
    )
    jobs.wake("notifications.deliver_due")


def claim(*, now: datetime) -> Delivery | None:
    """Take the next due message, or none; no other worker gets it until the lease runs out.

    The attempt is counted here: a message that kills its worker is given up too, at last.
    """
    with transaction.atomic():
        due = Delivery.objects.due(now).order_by("due_at", "pk")
        delivery = due.select_for_update(skip_locked=True).first()
        if delivery is not None:
            delivery.state, delivery.lease_until = DeliveryState.SENDING, now + LEASE
            delivery.attempts += 1
            delivery.save(update_fields=["state", "lease_until", "attempts"])
    return delivery


def deliver_due(*, clock: Clock, limit: int = BATCH) -> int:
    """Send what is due, one message at a time; return how many left. A bad one never stops the others.

    Each is claimed just before it is sent, so that a slow mail server cannot outlast the leases of
    a batch. Several refused connections in a row end the round: the server is away.
    """
    _forget_dead_letters(now=clock())
    left = unreachable = 0
    for _turn in range(limit):
        delivery = claim(now=clock())
        if delivery is None:
            break
        left += _deliver(delivery, now=clock())
        is_away = delivery.state == DeliveryState.PENDING and delivery.last_error in AWAY
        unreachable = unreachable + 1 if is_away else 0
        if unreachable == PATIENCE:
            logger.warning("The mail server is away; the next round tries again")
            break
    return left


def _forget_dead_letters(*, now: datetime) -> None:
    """What was given up may be replayed until it expires; after that its secrets go."""
    Delivery.objects.filter(state=DeliveryState.FAILED, expires_at__lte=now).update(
        state=DeliveryState.EXPIRED, payload={}
    )


def _deliver(delivery: Delivery, *, now: datetime) -> bool:
    """Render as of now, send, and commit the outcome. A crash in between repeats the same Message-ID."""
    if delivery.expires_at <= now:
        return _finish(delivery, DeliveryState.EXPIRED)
    if delivery.attempts > MAX_ATTEMPTS:
        return _give_up(delivery, "WorkerDied")
    try:
        with translation.override(delivery.language):
            email = outbox.renderer(delivery.kind)(delivery.payload, now)
        if email is None:
            return _finish(delivery, DeliveryState.CANCELLED)
        _send(delivery, email)
    except (smtplib.SMTPException, OSError) as error:
        return _retry(delivery, error, now=now)
    except Exception as error:
        # A message that cannot even be rendered must not take the batch with it.
        logger.exception("Message %s of kind %s cannot be rendered", delivery.pk, delivery.kind)
        return _retry(delivery, error, now=now)
    delivery.sent_at = now
    _finish(delivery, DeliveryState.SENT)
    return True


def _send(delivery: Delivery, email: outbox.Email) -> None:
    message = EmailMultiAlternatives(
        subject=" ".join(email.subject.split()),
        body=email.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.email],
        headers={
            "Message-ID": delivery.message_id,
            "Auto-Submitted": "auto-generated",
            **email.headers,
        },
    )
    if email.html:
        message.attach_alternative(email.html, "text/html")
    message.send()


def _finish(delivery: Delivery, state: DeliveryState) -> bool:
    delivery.payload = {}
    return _settle(delivery, state)


def _give_up(delivery: Delivery, code: str) -> bool:
    delivery.last_error = code
    return _settle(delivery, DeliveryState.FAILED)


def _settle(delivery: Delivery, state: DeliveryState) -> bool:
    """Write the outcome, unless the lease ran out and the message is another worker's by now."""
    claimed = Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, lease_until=delivery.lease_until
    )
    delivery.state, delivery.lease_until = state, None
    claimed.update(
        state=state,
        lease_until=None,
        payload=delivery.payload,
        sent_at=delivery.sent_at,
        due_at=delivery.due_at,
        last_error=delivery.last_error,
    )
    return False


def backoff(attempts: int) -> timedelta:
    """Twice as long after each attempt, from half a minute to six hours, give or take a quarter."""
    seconds = min(30 * 2 ** (attempts - 1), 6 * 3600)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 (spreads load, no secret)


def _retry(delivery: Delivery, error: Exception, *, now: datetime) -> bool:
    """Later again; after the last attempt the message is a dead letter that staff can replay."""
    if delivery.attempts >= MAX_ATTEMPTS or _is_permanent(error):
        return _give_up(delivery, _code(error))
    delivery.last_error = _code(error)
    delivery.due_at = now + backoff(delivery.attempts)
    return _settle(delivery, DeliveryState.PENDING)


def _code(error: Exception) -> str:
    """The kind of error, never its text: servers repeat addresses in theirs."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _is_permanent(error: Exception) -> bool:
    """A final no to this message or its address; a refused login or greeting is our own to mend."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


@transaction.atomic
def replay(*, delivery: Delivery, by: User, now: datetime) -> None:
    """Send a dead letter again from the beginning. Raises DeliveryHasNotFailed."""
    revived = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED).update(
        state=DeliveryState.PENDING, attempts=0, due_at=now
    )
    if not revived:
        raise DeliveryHasNotFailed
    audit.record(action="delivery.replayed", actor=by, target=delivery, now=now)
    jobs.wake("notifications.deliver_due")
