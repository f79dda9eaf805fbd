"""What a link to read along had opened is shut at the commit that ends it, and stays so."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import FamilyLock, Guardianship, Objection, ReaderLink, Student, User
from apps.accounts.models.family import Verdict
from apps.accounts.models.links import ReaderLinkQuerySet
from apps.accounts.services.majority import end_all_guardianships
from apps.consent.models import Purpose
from apps.consent.services import give_consent, withdraw_consent
from apps.core.ownership import Subject
from apps.notifications.services import deliver_due
from apps.privacy.services.erasures import ask_erasure, run_due
from tests.conftest import Cast
from tests.factories.accounts import make_reader_link
from tests.factories.consent import WORDS
from tests.limits import forget_tries

DAY = timedelta(days=1)
End = Callable[[Cast, datetime], object]
# Made by the second guardian; the first stays, but for what ends all guardianships.
MAKER = "second_guardian"


def row_of(cast: Cast) -> Guardianship:
    return Guardianship.objects.get(guardian=cast.user(MAKER), student=cast.student)


def end(cast: Cast, now: datetime) -> None:
    services.end_reader_link(link=ReaderLink.objects.get(), by=cast.user("guardian"), now=now)


def run_out(cast: Cast, now: datetime) -> None:
    ReaderLink.objects.update(made_at=now - 9 * DAY, expires_at=now - timedelta(seconds=1))


def leave(cast: Cast, now: datetime) -> None:
    services.leave_family(guardianship=row_of(cast), now=now)


def suspend(cast: Cast, now: datetime) -> None:
    Guardianship.objects.filter(pk=row_of(cast).pk).update(started_at=now - DAY)
    services.object_to_guardian(guardianship=row_of(cast), by=cast.user("guardian"), reason="", now=now)


def lock(cast: Cast, now: datetime) -> None:
    services.lock_family(student=cast.student, reason="An order", by=cast.user("staff"), now=now)


def stop_collecting(cast: Cast, now: datetime) -> None:
    withdraw_consent(student=cast.student, purpose=Purpose.CORE, by=cast.user("guardian"), now=now)


def come_of_age(cast: Cast, now: datetime) -> None:
    end_all_guardianships(student=Student.objects.get(pk=cast.student.pk), now=now)


def ask_to_erase(cast: Cast, now: datetime) -> None:
    ask_erasure(
        subject=Subject.STUDENT, key=cast.student.pk, by=cast.user("guardian"), at_once=False, now=now
    )


def erase(cast: Cast, now: datetime) -> None:
    ask_to_erase(cast, now)
    run_due(clock=lambda: now + 31 * DAY)
    assert not Student.objects.filter(pk=cast.student.pk).exists()


def erase_maker(cast: Cast, now: datetime) -> None:
    person = cast.user(MAKER)
    ask_erasure(subject=Subject.PERSON, key=person.pk, by=person, at_once=True, now=now)
    run_due(clock=lambda: now + DAY)
    assert not User.objects.get(pk=person.pk).is_active


def disable_maker(cast: Cast, now: datetime) -> None:
    User.objects.filter(pk=cast.user(MAKER).pk).update(is_active=False)


ENDS: list[End] = [
    end,
    run_out,
    leave,
    suspend,
    lock,
    stop_collecting,
    come_of_age,
    ask_to_erase,
    erase,
    erase_maker,
    disable_maker,
]


class Holder:
    """Whoever holds the link, with everything that they can ask for."""

    def __init__(self, link: ReaderLink) -> None:
        show = reverse("parent_portal:link-show", args=[link.token])
        open_ = reverse("parent_portal:link-open", args=[link.token])
        reading = reverse("parent_portal:reading-show")
        week = (timezone.now() - 7 * DAY).date().isoformat()
        self.client = Client()
        self.asked = [
            ("GET", show, {}),
            ("HEAD", show, {}),
            ("POST", open_, {}),
            ("GET", reading, {}),
            ("HEAD", reading, {}),
            ("GET", f"{reading}?week={week}", {}),
            ("GET", reading, {"HX-Request": "true"}),
            ("GET", reading, {"X-Requested-With": "fetch"}),
        ]
        self.client.post(open_)
        self.cookie = self.client.cookies["reader"].value

    def answers(self) -> list[int]:
        found = []
        for method, url, headers in self.asked:
            forget_tries()
            self.client.cookies["reader"] = self.cookie
            answer = self.client.generic(method, url, headers=headers)
            assert answer.status_code != 404 or b"Qzshared" not in answer.content
            found.append(answer.status_code)
        return found


@pytest.fixture
def link(cast: Cast) -> ReaderLink:
    return make_reader_link(cast.student, cast.user(MAKER))


@pytest.mark.parametrize("kind", ENDS)
def test_nothing_answers_afterwards(
    cast: Cast, link: ReaderLink, kind: End, capsys: pytest.CaptureFixture[str]
) -> None:
    holder = Holder(link)
    before = holder.answers()
    assert before == [200, 200, 302, 200, 200, 200, 200, 200]
    kind(cast, timezone.now())
    after = holder.answers()
    with capsys.disabled():
        print(f"\n{kind.__name__}: {len(before)} channels were open, {sum(a != 404 for a in after)} answer")
    assert after == [404] * len(before)
    mail.outbox = []
    deliver_due(clock=timezone.now, limit=200)
    assert not [each for each in mail.outbox if link.token in each.body or each.to == [link.email]]


def unlock(cast: Cast, now: datetime) -> None:
    services.unlock_family(lock=FamilyLock.objects.get(), by=cast.user("staff"), now=now)


def dismiss(cast: Cast, now: datetime) -> None:
    services.decide_objection(
        objection=Objection.objects.get(), verdict=Verdict.DISMISSED, by=cast.user("staff"), now=now
    )


def collect_again(cast: Cast, now: datetime) -> None:
    give_consent(student=cast.student, purpose=Purpose.CORE, version=WORDS, by=cast.user("guardian"), now=now)


@pytest.mark.parametrize(
    ("kind", "undo"), [(lock, unlock), (suspend, dismiss), (stop_collecting, collect_again)]
)
def test_what_ended_it_may_be_undone_and_it_stays_shut(
    cast: Cast, link: ReaderLink, kind: End, undo: End
) -> None:
    holder, now = Holder(link), timezone.now()
    kind(cast, now)
    undo(cast, now)
    assert set(holder.answers()) == {404}
    link.refresh_from_db()
    assert link.ended_at == now


@pytest.mark.parametrize("kind", [leave, suspend])
def test_what_another_guardian_sent_goes_on(cast: Cast, link: ReaderLink, kind: End) -> None:
    other = make_reader_link(cast.student, cast.user("guardian"), email="other@people.example")
    kind(cast, timezone.now())
    assert set(Holder(other).answers()) == {200, 302}


def test_another_consent_ends_nothing(cast: Cast, link: ReaderLink) -> None:
    by, now = cast.user("guardian"), timezone.now()
    give_consent(student=cast.student, purpose=Purpose.RECORDINGS, version=1, by=by, now=now)
    withdraw_consent(student=cast.student, purpose=Purpose.RECORDINGS, by=by, now=now)
    assert set(Holder(link).answers()) == {200, 302}


def test_the_replay_sees_a_leak(cast: Cast, link: ReaderLink, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = Holder(link)
    end(cast, timezone.now())
    monkeypatch.setattr(ReaderLinkQuerySet, "live", lambda rows, now=None: rows.all())
    assert 404 not in holder.answers()
