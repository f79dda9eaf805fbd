"""What is posted is stored once, sent once, and tells the truth of the moment it is sent."""

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import translation

from apps.core import outbox
from apps.notifications import services
from apps.notifications.models import Delivery, DeliveryState
from tests.conftest import Cast

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Rendered = outbox.Email | Exception | None


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Rendered], None]:
    """Make the kind ``test.note`` answer with this mail, this error, or nothing."""
    answer: list[Rendered] = [outbox.Email(subject="Hello", text="How are you?", html="<p>How are you?</p>")]

    def render(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
        if isinstance(answer[0], Exception):
            raise answer[0]
        return answer[0]

    monkeypatch.setitem(outbox._kinds, "test.note", render)
    return lambda new: answer.__setitem__(0, new)


def post(key: str = "test.note:1", *, email: str = "ada@people.example", now: datetime = NOW) -> None:
    outbox.post(
        kind="test.note",
        key=key,
        email=email,
        payload={"secret": "link"},
        language="en",
        now=now,
        expires_at=now + timedelta(hours=2),
    )


def deliver(now: datetime = NOW) -> int:
    return services.deliver_due(clock=lambda: now)


@pytest.mark.django_db
@pytest.mark.usefixtures("says")
class TestSending:
    def test_a_message_leaves_once_and_its_payload_goes(self) -> None:
        post()
        assert deliver() == 1
        assert deliver() == 0
        (message,) = mail.outbox
        delivery = Delivery.objects.get()
        assert (message.subject, message.to) == ("Hello", ["ada@people.example"])
        assert message.extra_headers["Message-ID"] == delivery.message_id
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert (delivery.state, delivery.payload, delivery.sent_at) == (DeliveryState.SENT, {}, NOW)

    def test_the_same_key_is_stored_once(self) -> None:
        post()
        post(email="eve@people.example")
        assert list(Delivery.objects.values_list("email", flat=True)) == ["ada@people.example"]

    def test_it_goes_with_its_transaction(self) -> None:
        with transaction.atomic():
            post()
            transaction.set_rollback(True)
        assert not Delivery.objects.exists()

    def test_after_its_date_it_is_not_sent(self) -> None:
        post()
        assert deliver(NOW + timedelta(hours=2)) == 0
        assert (Delivery.objects.get().state, mail.outbox) == (DeliveryState.EXPIRED, [])

    def test_what_is_no_longer_wanted_is_cancelled(self, says: Callable[[Rendered], None]) -> None:
        post()
        says(None)
        assert deliver() == 0
        assert (Delivery.objects.get().state, Delivery.objects.get().payload) == (DeliveryState.CANCELLED, {})

    def test_a_poisoned_message_does_not_stop_the_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
            raise KeyError("name")

        monkeypatch.setitem(outbox._kinds, "test.broken", broken)
        post()
        Delivery.objects.create(
            key="bad",
            kind="test.broken",
            email="eve@people.example",
            language="en",
            created_at=NOW,
            due_at=NOW - timedelta(minutes=1),
            expires_at=NOW + timedelta(hours=1),
        )
        assert deliver() == 1
        bad = Delivery.objects.get(key="bad")
        assert (bad.state, bad.attempts, bad.last_error) == (DeliveryState.PENDING, 1, "KeyError")
        assert bad.due_at > NOW

    def test_it_is_rendered_in_the_readers_language(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[str] = []

        def render(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
            seen.append(translation.get_language() or "")
            return None

        monkeypatch.setitem(outbox._kinds, "test.note", render)
        post()
        Delivery.objects.update(language="de")
        deliver()
        assert seen == ["de"]


@pytest.mark.django_db
class TestTrouble:
    def test_it_is_tried_again_later_and_at_last_given_up(self, says: Callable[[Rendered], None]) -> None:
        post()
        says(ConnectionRefusedError())
        now = NOW
        for attempt in range(1, services.MAX_ATTEMPTS + 1):
            Delivery.objects.update(expires_at=now + timedelta(days=1))
            assert deliver(now) == 0
            delivery = Delivery.objects.get()
            assert delivery.attempts == attempt
            assert deliver(now) == 0, "not before it is due again"
            now = max(delivery.due_at, now)
        assert (delivery.state, delivery.last_error) == (DeliveryState.FAILED, "ConnectionRefusedError")

    @pytest.mark.parametrize(
        ("error", "state"),
        [
            (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), DeliveryState.FAILED),
            (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), DeliveryState.PENDING),
            (smtplib.SMTPDataError(554, b"no"), DeliveryState.FAILED),
            (smtplib.SMTPDataError(451, b"later"), DeliveryState.PENDING),
            (smtplib.SMTPServerDisconnected(), DeliveryState.PENDING),
            (smtplib.SMTPAuthenticationError(535, b"who are you"), DeliveryState.PENDING),
            (smtplib.SMTPConnectError(554, b"not now"), DeliveryState.PENDING),
        ],
    )
    def test_a_final_no_is_final(
        self, says: Callable[[Rendered], None], error: Exception, state: DeliveryState
    ) -> None:
        post()
        says(error)
        deliver()
        assert Delivery.objects.get().state == state

    def test_staff_send_a_dead_letter_again(self, says: Callable[[Rendered], None], cast: Cast) -> None:
        Delivery.objects.all().delete()
        post()
        says(smtplib.SMTPDataError(554, b"no"))
        deliver()
        delivery = Delivery.objects.get()
        says(outbox.Email(subject="Hello", text="Again", html=""))
        services.replay(delivery=delivery, by=cast.user("staff"), now=NOW)
        assert deliver() == 1
        assert [message.body for message in mail.outbox] == ["Again"]
        with pytest.raises(services.DeliveryHasNotFailed):
            services.replay(delivery=delivery, by=cast.user("staff"), now=NOW)

    def test_the_pause_doubles_and_has_a_limit(self) -> None:
        for attempts in range(1, 20):
            seconds = services.backoff(attempts).total_seconds()
            middle = min(30 * 2 ** (attempts - 1), 21600)
            assert 0.75 * middle <= seconds <= 1.25 * middle

    @pytest.mark.usefixtures("says")
    def test_a_worker_that_died_is_replaced_when_its_lease_ends(self) -> None:
        post()
        claimed = services.claim(now=NOW)
        assert claimed is not None
        assert deliver(NOW + services.LEASE) == 0
        assert deliver(NOW + services.LEASE + timedelta(seconds=1)) == 1
        assert mail.outbox[0].extra_headers["Message-ID"] == claimed.message_id

    @pytest.mark.usefixtures("says")
    def test_a_crash_after_sending_repeats_the_same_message_id(self, monkeypatch: pytest.MonkeyPatch) -> None:
        post()
        settle = services._settle

        def die(*args: object) -> bool:
            raise SystemExit

        monkeypatch.setattr(services, "_settle", die)
        with pytest.raises(SystemExit):
            deliver()
        monkeypatch.setattr(services, "_settle", settle)
        assert deliver(NOW + services.LEASE + timedelta(seconds=1)) == 1
        first, second = mail.outbox
        assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]

    @pytest.mark.usefixtures("says")
    def test_a_message_that_kills_its_workers_is_given_up(self) -> None:
        post("deadly")
        now = NOW
        for _attempt in range(services.MAX_ATTEMPTS):
            assert services.claim(now=now) is not None
            now += services.LEASE + timedelta(seconds=1)
        assert deliver(now) == 0
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.last_error) == (DeliveryState.FAILED, "WorkerDied")
        assert mail.outbox == []

    @pytest.mark.usefixtures("says")
    def test_a_worker_that_lost_its_lease_does_not_overwrite_the_next_one(self) -> None:
        post()
        slow = services.claim(now=NOW)
        assert slow is not None
        later = NOW + services.LEASE + timedelta(seconds=1)
        assert deliver(later) == 1
        services._retry(slow, TimeoutError(), now=later)
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.last_error, delivery.payload) == (DeliveryState.SENT, "", {})

    def test_a_server_that_is_away_ends_the_round(self, says: Callable[[Rendered], None]) -> None:
        for number in range(services.PATIENCE + 2):
            post(f"note:{number}")
        says(ConnectionRefusedError())
        assert deliver() == 0
        assert Delivery.objects.filter(attempts=1).count() == services.PATIENCE
        assert Delivery.objects.filter(attempts=0).count() == 2

    def test_a_dead_letter_loses_its_secrets_when_it_expires(self, says: Callable[[Rendered], None]) -> None:
        post()
        says(smtplib.SMTPDataError(554, b"no"))
        deliver()
        assert Delivery.objects.get().payload == {"secret": "link"}
        deliver(NOW + timedelta(hours=2))
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.payload) == (DeliveryState.EXPIRED, {})
