"""The second confirmation, with its link, and the news for the other guardians."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.consent import services
from apps.consent.models import Confirmation, ConsentEvent, Purpose
from apps.consent.texts import text_of
from apps.core.models import AuditEvent
from apps.core.tokens import hash_token
from apps.notifications.models import Delivery
from tests.conftest import Cast
from tests.consent.conftest import Deliver

SignIn = Callable[[User], Client]


def give(cast: Cast, purpose: Purpose = Purpose.RECORDINGS, who: str = "guardian") -> Confirmation:
    event = services.give_consent(
        student=cast.student,
        purpose=purpose,
        version=text_of(purpose).version,
        by=cast.user(who),
        now=timezone.now(),
    )
    assert event is not None
    return event.confirmation


def withdraw(cast: Cast, purpose: Purpose = Purpose.RECORDINGS, who: str = "guardian") -> None:
    services.withdraw_consent(student=cast.student, purpose=purpose, by=cast.user(who), now=timezone.now())


def last(cast: Cast, purpose: Purpose = Purpose.RECORDINGS) -> ConsentEvent:
    return ConsentEvent.objects.filter(student_id=cast.student.pk, purpose=purpose).latest("pk")


def test_whoever_agreed_gets_a_link_and_the_others_get_news(cast: Cast, deliver: Deliver) -> None:
    give(cast)
    mails = {mail.to[0]: mail for mail in deliver()}
    assert set(mails) == {cast.user("guardian").email, cast.user("second_guardian").email}
    own, news = mails[cast.user("guardian").email], mails[cast.user("second_guardian").email]
    assert own.subject == "You agreed to something for Mia"
    assert "you agreed for Mia: Recordings." in own.body
    assert news.subject == "A decision about the diary of Mia"
    assert "Guardian Qzguardian has agreed for Mia: Recordings." in news.body
    assert f"/students/{cast.student.pk}/consents/" in news.body
    for mail in mails.values():
        assert "Qzmia" not in mail.subject + mail.body + str(mail.alternatives)


@pytest.mark.parametrize(
    ("purpose", "words"),
    [(Purpose.CORE, "has stopped the diary of Mia"), (Purpose.RECORDINGS, "has taken back")],
)
def test_the_others_hear_that_one_took_it_back(
    cast: Cast, deliver: Deliver, purpose: Purpose, words: str
) -> None:
    if purpose != Purpose.CORE:
        give(cast)
        deliver()
    withdraw(cast, purpose)
    (news,) = deliver()
    assert news.to == [cast.user("second_guardian").email]
    assert words in news.body


def test_each_reads_it_in_their_own_language(cast: Cast, deliver: Deliver) -> None:
    User.objects.filter(pk=cast.user("second_guardian").pk).update(language="de")
    withdraw(cast, Purpose.CORE)
    (news,) = deliver()
    assert news.subject == "Eine Entscheidung über das Tagebuch von Mia"


def test_old_news_is_not_sent(cast: Cast, deliver: Deliver) -> None:
    """What was settled otherwise meanwhile, and what a reader has no right to hear any more."""
    confirmation = give(cast)
    withdraw(cast)
    Guardianship.objects.filter(guardian=cast.user("second_guardian")).update(ended_at=timezone.now())
    assert deliver() == []
    assert confirmation.used_at is None


@pytest.mark.parametrize("what", ["over", "no guardian", "erased", "gone"])
def test_a_link_that_is_worth_nothing_is_not_sent(cast: Cast, deliver: Deliver, what: str) -> None:
    confirmation = give(cast)
    Delivery.objects.filter(kind="consent.changed").delete()
    if what == "over":
        Confirmation.objects.filter(pk=confirmation.pk).update(expires_at=timezone.now())
    elif what == "no guardian":
        Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    elif what == "gone":
        confirmation.delete()
    else:
        payload = {"confirmation": str(confirmation.pk)}
        Confirmation.objects.filter(pk=confirmation.pk).update(event=other_event(cast))
        assert Delivery.objects.filter(payload=payload).exists()
    assert deliver() == []


def other_event(cast: Cast) -> ConsentEvent:
    """Of a student who is not there any more."""
    return ConsentEvent.objects.create(
        student_id="0badc0de-0000-4000-8000-000000000bad",
        purpose=Purpose.CORE,
        given=True,
        text_version=1,
        language="en",
        method="self",
        by=cast.user("guardian"),
        at=timezone.now(),
    )


# The link


def link_in(body: str) -> str:
    found = re.search(r"/consents/\w+/", body)
    assert found
    return found[0]


def test_the_link_takes_it_back_signed_out(cast: Cast, deliver: Deliver) -> None:
    confirmation = give(cast)
    (own,) = [mail for mail in deliver() if mail.to == [cast.user("guardian").email]]
    link, client = link_in(own.body), Client()
    assert link == f"/consents/{confirmation.token}/"
    for _scanner in range(3):
        answer = client.get(link)
        page = answer.content.decode()
        assert "no sign-in is needed" in page
        assert (answer["Referrer-Policy"], "no-store" in answer["Cache-Control"]) == ("strict-origin", True)
    assert last(cast).given
    assert client.post(link).status_code == 405
    assert client.get(f"{link}revoke/").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"{link}revoke/").status_code == 403
    assert client.post(f"{link}revoke/")["Location"] == link
    event = last(cast)
    assert (event.given, event.method, event.by) == (False, "mail-link", cast.user("guardian"))
    assert AuditEvent.objects.get(action="consent.withdrawn").details["method"] == "mail-link"
    after = client.get(link)
    assert after.status_code == 410
    assert "This is taken back" in after.content.decode()
    assert [mail.to for mail in deliver()] == [[cast.user("second_guardian").email]]


def test_the_link_stops_the_diary(cast: Cast) -> None:
    withdraw(cast, Purpose.CORE)
    confirmation = give(cast, Purpose.CORE)
    Client().post(f"/consents/{confirmation.token}/revoke/")
    assert not Student.objects.get(pk=cast.student.pk).collecting


@pytest.mark.parametrize("what", ["twice", "late", "newer", "withdrawn", "no guardian", "inactive"])
def test_a_link_that_is_over_changes_nothing_and_names_nobody(cast: Cast, what: str) -> None:
    confirmation, client = give(cast), Client()
    days = 31 if what == "late" else 0
    if what == "twice":
        client.post(f"/consents/{confirmation.token}/revoke/")
        give(cast)
    elif what in ("newer", "withdrawn"):
        withdraw(cast)
        if what == "newer":
            give(cast, who="second_guardian")
    elif what == "no guardian":
        Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    elif what == "inactive":
        User.objects.filter(pk=cast.user("guardian").pk).update(is_active=False)
    before = ConsentEvent.objects.count()
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        assert client.post(f"/consents/{confirmation.token}/revoke/").status_code == 302
        answer = client.get(f"/consents/{confirmation.token}/")
    assert answer.status_code == 410
    assert "Mia" not in answer.content.decode()
    assert ConsentEvent.objects.count() == before


def test_a_token_has_256_bits_and_is_not_stored(cast: Cast) -> None:
    first, second = give(cast), give(cast, Purpose.EMAIL)
    assert re.fullmatch(r"[0-9a-f]{64}", first.token)
    assert first.token != second.token
    row = Confirmation.objects.filter(pk=first.pk).values().get()
    assert row["token_hash"] == hash_token(first.token)
    assert first.token not in map(str, row.values())
    assert first.token not in str(list(Delivery.objects.values()))
    assert Client().get(f"/consents/{'f' * 64}/").status_code == 404
    assert Client().post(f"/consents/{row['token_hash']}/revoke/").status_code == 404


def test_pressing_too_often_is_slowed_down(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, as_user: SignIn
) -> None:
    confirmation = give(cast)
    monkeypatch.setattr("apps.consent.views.links.writes_too_often", lambda request: True)
    assert Client().post(f"/consents/{confirmation.token}/revoke/").status_code == 429
    assert last(cast).given
