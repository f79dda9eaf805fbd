"""Links to read along: who makes them, who is told, what ends them, and what they never say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import queries, services
from apps.accounts.models import FamilyLock, Guardianship, ReaderLink, Student, User
from apps.accounts.models.links import LinkState
from apps.accounts.models.students import AgeBand
from apps.core.access import allowed
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.privacy.services.erasures import ask_erasure, stop_erasure
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_reader_link, make_student, make_user

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)


def url(name: str, *arguments: object) -> str:
    return reverse(f"accounts:link-{name}", args=arguments)


def sent(**fields: Any) -> dict[str, Any]:
    return {"name": "Grandma", "email": "Gran@people.example", "days": "30", "language": "de"} | fields


def link_of(cast: Cast, **fields: Any) -> ReaderLink:
    return make_reader_link(cast.student, cast.user("guardian"), **fields)


def states(student: Student, now: datetime | None = None) -> list[LinkState]:
    return [state for _link, state in queries.reader_links_of(student, now or timezone.now())]


def test_a_guardian_sends_one(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.user("guardian")).post(url("create", cast.student.pk), sent())
    assert answer["Location"] == reverse("accounts:grant-list", args=[cast.student.pk])
    link = ReaderLink.objects.get()
    assert (link.name, link.email, link.language) == ("Grandma", "gran@people.example", "de")
    zone = ZoneInfo(cast.student.time_zone)
    assert link.last_day == link.made_at.astimezone(zone).date() + 30 * DAY
    assert link.token not in (link.token_hash, link.nonce)
    audit = AuditEvent.objects.get(action="reader-link.made")
    assert (audit.actor_id, audit.student_id) == (cast.user("guardian").pk, cast.student.pk)
    assert audit.details == {"days": 30}


def test_the_mail_has_the_link_and_no_surname(cast: Cast) -> None:
    link = link_of(cast, language="de")
    deliver_due(clock=timezone.now)
    [message] = [each for each in mail.outbox if each.to == ["gran@people.example"]]
    assert f"/family/read/{link.token}/" in message.body
    assert "Mia" in message.body
    assert "Qz" not in message.body
    assert "Mia" not in message.subject
    assert "Qz" not in message.subject
    assert message.subject == "Guardian lässt dich in einem Übetagebuch mitlesen"


def test_the_family_is_told_as_when_somebody_joins(cast: Cast) -> None:
    link_of(cast)
    told = Delivery.objects.filter(kind="accounts.reader-link-made").values_list("email", flat=True)
    assert set(told) == {cast.user("second_guardian").email, cast.user("student").email}
    deliver_due(clock=timezone.now)
    [message] = [each for each in mail.outbox if each.to == [cast.user("student").email]]
    assert "Guardian has sent a link to somebody: Grandma." in message.body
    assert reverse("private_teaching:student-people", args=[cast.student.pk]) in message.body


@pytest.mark.parametrize("end", ["ended", "left", "closed"])
def test_news_that_are_none_any_more_are_not_sent(cast: Cast, end: str) -> None:
    link, now = link_of(cast), timezone.now()
    if end == "ended":
        services.end_reader_link(link=link, by=cast.user("guardian"), now=now)
    elif end == "left":
        Guardianship.objects.filter(guardian=cast.user("second_guardian")).update(ended_at=now)
    else:
        User.objects.filter(pk=cast.user("second_guardian").pk).update(is_active=False)
    deliver_due(clock=timezone.now)
    assert cast.user("second_guardian").email not in [each.to[0] for each in mail.outbox]
    sent_anyway = [each for each in mail.outbox if each.to == ["gran@people.example"]]
    assert len(sent_anyway) == (0 if end == "ended" else 1)


def test_everybody_sees_who_reads_along(cast: Cast, as_user: SignIn) -> None:
    link = link_of(cast)
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    for name in ("student", "guardian", "teacher", "viewer"):
        page = as_user(cast.user(name)).get(people).content.decode()
        assert "Grandma (by a link)" in page
        assert link.email not in page
    diary = reverse("practice:entry-list", args=[cast.student.pk])
    assert "Grandma (by a link)" in as_user(cast.user("student")).get(diary).content.decode()
    assert "Grandma" not in as_user(cast.user("teacher")).get(diary).content.decode()
    child = as_user(cast.user("student")).get(reverse("home:readers")).content.decode()
    assert "Reads by a link that a grown-up of your family sent." in child
    services.end_reader_link(link=link, by=cast.user("guardian"), now=timezone.now())
    assert "Grandma" not in as_user(cast.user("student")).get(diary).content.decode()


def test_the_page_of_guests_says_how_each_stands(cast: Cast, as_user: SignIn) -> None:
    now = timezone.now()
    page = reverse("accounts:grant-list", args=[cast.student.pk])
    link = link_of(cast)
    assert states(cast.student) == [LinkState.WAITING]
    services.open_reader_link(link=link, now=now)
    services.open_reader_link(link=link, now=now)
    html = as_user(cast.user("second_guardian")).get(page).content.decode()
    assert "Opened 2 times, last on" in html
    assert url("end", link.pk) in html
    assert (states(cast.student), states(cast.student, now + 31 * DAY)) == (
        [LinkState.OPENED],
        [LinkState.EXPIRED],
    )
    services.end_reader_link(link=link, by=cast.user("guardian"), now=now)
    assert states(cast.student) == [LinkState.ENDED]
    html = as_user(cast.user("guardian")).get(page).content.decode()
    assert url("end", link.pk) not in html
    assert states(cast.student, now + 61 * DAY) == []


def test_any_guardian_ends_it_and_twice_changes_nothing(cast: Cast, as_user: SignIn) -> None:
    link = link_of(cast)
    for _turn in range(2):
        answer = as_user(cast.user("second_guardian")).post(url("end", link.pk))
        assert answer["Location"] == reverse("accounts:grant-list", args=[cast.student.pk])
    [audit] = AuditEvent.objects.filter(action="reader-link.ended")
    assert audit.actor_id == cast.user("second_guardian").pk
    assert not ReaderLink.objects.live().exists()


def test_who_manages_a_link(cast: Cast) -> None:
    rows = ReaderLink.objects.filter(pk=link_of(cast).pk)
    for action in ("view", "manage"):
        found = {name for name, user in vars(cast.people).items() if allowed(rows, action, user).exists()}
        assert found == {"guardian", "second_guardian"}


@pytest.mark.parametrize("change", [{"collecting": False}, {"age_band": AgeBand.ADULT}, "locked"])
def test_when_none_can_be_sent(cast: Cast, as_user: SignIn, change: dict[str, Any] | str) -> None:
    if isinstance(change, str):
        staff = cast.user("staff")
        services.lock_family(student=cast.student, reason="An order", by=staff, now=timezone.now())
    else:
        Student.objects.filter(pk=cast.student.pk).update(**change)
    client = as_user(cast.user("guardian"))
    assert client.post(url("create", cast.student.pk), sent()).status_code == 403
    page = client.get(reverse("accounts:grant-list", args=[cast.student.pk])).content.decode()
    assert "Links to read along" not in page
    with pytest.raises(services.OfferIsOver):
        link_of(cast)
    assert not ReaderLink.objects.exists()


def test_who_is_none_any_more_when_the_form_arrives(
    cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door was open a moment ago."""

    def shut(**fields: object) -> None:
        raise services.OfferIsOver

    monkeypatch.setattr(services, "make_reader_link", shut)
    assert as_user(cast.user("guardian")).post(url("create", cast.student.pk), sent()).status_code == 403


def test_who_was_quicker_with_the_same_address(
    cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both forms were asked before the first link was there: the service asks again."""

    def taken(**fields: object) -> None:
        raise services.AddressHasLink

    with pytest.raises(services.AddressHasLink):
        link_of(cast, email=link_of(cast).email.upper())
    assert ReaderLink.objects.count() == 1
    monkeypatch.setattr(services, "make_reader_link", taken)
    sent_again = sent(email="new@people.example")
    answer = as_user(cast.user("second_guardian")).post(url("create", cast.student.pk), sent_again)
    assert "This address has a link already." in str(answer.context["form"].errors["email"])
    assert "Grandma" in answer.content.decode()


def test_a_few_at_most(cast: Cast, as_user: SignIn, settings: Any) -> None:
    settings.READER_LINKS_PER_STUDENT = 2
    client = as_user(cast.user("guardian"))
    first = link_of(cast)
    link_of(cast, email="other@people.example")
    answer = client.post(url("create", cast.student.pk), sent(email="third@people.example"))
    assert "2 links into this diary are open already" in answer.content.decode()
    assert ReaderLink.objects.count() == 2
    services.end_reader_link(link=first, by=cast.user("guardian"), now=timezone.now())
    answer = client.post(url("create", cast.student.pk), sent(email="third@people.example"))
    assert answer.status_code == 302


def test_mails_of_links_count_with_those_of_invitations(cast: Cast, as_user: SignIn, settings: Any) -> None:
    settings.INVITATIONS_PER_ADDRESS_AND_DAY = 1
    other = make_student("Ben")
    make_guardianship(other, cast.user("guardian"))
    make_reader_link(other, cast.user("guardian"))
    answer = as_user(cast.user("guardian")).post(url("create", cast.student.pk), sent())
    assert "Too many mails today" in answer.content.decode()
    assert ReaderLink.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "GUARDIAN@people.example"}, "This is your own address."),
        ({"email": "gran@people.example"}, "This address has a link already."),
        ({"email": "no address"}, "e-mail address"),
        ({"name": " "}, "Please fill this in."),
        ({"name": "\u200b"}, "Please write something that can be seen."),
        ({"name": "G" * 61}, "60"),
        ({"days": "90"}, "Select a valid choice."),
        ({"language": "xx"}, "Select a valid choice."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    cast: Cast, as_user: SignIn, fields: dict[str, str], words: str
) -> None:
    link_of(cast)
    answer = as_user(cast.user("guardian")).post(
        url("create", cast.student.pk), sent(email="new@people.example") | fields
    )
    errors = answer.context["form"].errors
    assert list(errors) == list(fields)
    assert words in str(errors)
    assert ReaderLink.objects.count() == 1


def test_a_link_that_is_over_is_in_nobodys_way(cast: Cast, as_user: SignIn) -> None:
    link = link_of(cast)
    services.end_reader_link(link=link, by=cast.user("guardian"), now=timezone.now())
    answer = as_user(cast.user("guardian")).post(url("create", cast.student.pk), sent())
    assert answer.status_code == 302


def test_opening_counts_and_is_audited_without_a_person(cast: Cast) -> None:
    link, now = link_of(cast), timezone.now()
    services.open_reader_link(link=link, now=now)
    link.refresh_from_db()
    assert (link.openings, link.opened_at) == (1, now)
    assert AuditEvent.objects.get(action="reader-link.opened").actor_id is None
    services.end_reader_link(link=link, by=cast.user("guardian"), now=now)
    with pytest.raises(services.LinkIsOver):
        services.open_reader_link(link=link, now=now)
    assert AuditEvent.objects.filter(action="reader-link.opened").count() == 1


def test_the_guardians_hear_when_it_is_first_opened(cast: Cast) -> None:
    """Once; the child, the teachers and whoever is no guardian any more do not."""
    link, now = link_of(cast), timezone.now()
    for _turn in range(2):
        services.open_reader_link(link=link, now=now)
    told = Delivery.objects.filter(kind="accounts.reader-link-opened").values_list("email", flat=True)
    assert sorted(told) == sorted(cast.user(name).email for name in ("guardian", "second_guardian"))
    Guardianship.objects.filter(guardian=cast.user("second_guardian")).update(ended_at=now)
    deliver_due(clock=timezone.now)
    news = [each for each in mail.outbox if each.subject == "The link into the diary of Mia was opened"]
    assert [each.to for each in news] == [[cast.user("guardian").email]]
    assert "Somebody opened the link that your family sent to Grandma." in news[0].body
    assert reverse("accounts:grant-list", args=[cast.student.pk]) in news[0].body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "now", "last"),
    [
        ("America/Los_Angeles", "2026-12-02T05:00:00+00:00", "2026-12-08"),
        ("Pacific/Auckland", "2026-12-02T12:00:00+00:00", "2026-12-10"),
        ("UTC", "2026-12-02T00:00:00+00:00", "2026-12-09"),
    ],
)
def test_it_works_to_the_end_of_the_day_that_is_named(zone: str, now: str, last: str) -> None:
    """On the child's own calendar: in Los Angeles it is still the day before."""
    student, guardian = make_student(time_zone=zone), make_user("Parent")
    make_guardianship(student, guardian)
    link = make_reader_link(student, guardian, days=7, now=datetime.fromisoformat(now))
    assert str(link.last_day) == last
    over = datetime.fromisoformat(f"{last}T23:59:59").replace(tzinfo=ZoneInfo(zone))
    assert ReaderLink.objects.live(over).filter(pk=link.pk).exists()
    assert not ReaderLink.objects.live(over + timedelta(seconds=1)).filter(pk=link.pk).exists()


def test_none_is_sent_into_a_diary_that_is_about_to_be_erased(cast: Cast, as_user: SignIn) -> None:
    """By another guardian, in the days in which it can still be stopped."""
    now, client = timezone.now(), as_user(cast.user("second_guardian"))
    by = cast.user("guardian")
    erasure = ask_erasure(subject=Subject.STUDENT, key=cast.student.pk, by=by, at_once=False, now=now)
    assert client.post(url("create", cast.student.pk), sent()).status_code == 403
    with pytest.raises(services.OfferIsOver):
        link_of(cast)
    stop_erasure(erasure=erasure, by=by, now=now)
    assert client.post(url("create", cast.student.pk), sent()).status_code == 302


def test_a_link_that_was_shut_by_itself_says_that_it_ended(cast: Cast) -> None:
    """Nobody pressed anything: whoever sent it cannot sign in any more."""
    link_of(cast)
    User.objects.filter(pk=cast.user("guardian").pk).update(is_active=False)
    assert states(cast.student) == [LinkState.ENDED]


def test_only_the_lock_of_this_family_shuts_it(cast: Cast) -> None:
    link_of(cast)
    for student, standing in [(cast.other_student, LinkState.WAITING), (cast.student, LinkState.ENDED)]:
        services.lock_family(student=student, reason="An order", by=cast.user("staff"), now=timezone.now())
        assert states(cast.student) == [standing]
    # The lock alone is enough, whatever ended the link besides.
    ReaderLink.objects.update(ended_at=None)
    assert not ReaderLink.objects.live().exists()
    services.unlock_family(
        lock=FamilyLock.objects.get(student=cast.student), by=cast.user("staff"), now=timezone.now()
    )
    assert ReaderLink.objects.live().exists()


def test_two_links_share_no_secret(cast: Cast) -> None:
    one, two = link_of(cast), link_of(cast, email="other@people.example")
    assert len({one.token, two.token, one.token_hash, two.token_hash}) == 4
    assert len(one.token) == 64
    assert str(one) == f"Grandma: {cast.student.name}"


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"email": ""}, {"openings": 3}, {"expires_at": timezone.now() - 99 * DAY}]
)
def test_the_database_refuses_half_a_link(cast: Cast, fields: dict[str, Any]) -> None:
    link = link_of(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaderLink.objects.filter(pk=link.pk).update(**fields)


def test_it_goes_with_the_diary_and_shuts_with_its_maker(cast: Cast) -> None:
    link = link_of(cast)
    assert ReaderLink.objects.live().filter(pk=link.pk).exists()
    other = make_user("Zoe")
    ReaderLink.objects.filter(pk=link.pk).update(made_by=other)
    assert not ReaderLink.objects.live().filter(pk=link.pk).exists(), "no guardian, no link"
    ReaderLink.objects.filter(pk=link.pk).update(made_by=None)
    assert not ReaderLink.objects.live().filter(pk=link.pk).exists()
