"""A teacher's page from the first word to the list, and nothing of it before the staff have read it."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import NotGrownUp
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from apps.private_teaching import queries, services
from apps.private_teaching.models import Application, PublishedPage, TeacherProfile
from apps.safeguarding.models import Report
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import approve, make_application, make_page, make_teaching
from tests.factories.safeguarding import make_member

from .walks import SignIn, address, html

WRITTEN = {
    "display_name": "Thea",
    "bio": "I teach the cello with a lot of songs.",
    "instruments": "Cello\nViola da gamba",
    "languages": ["de", "fr"],
    "places": "7",
    "is_taking": "on",
}


@pytest.fixture
def keeper(db: None) -> User:
    return make_member(make_user("Kim Keeper"), "safeguarding")


def send_mails() -> list[Any]:
    mail.outbox.clear()
    deliver_due(clock=timezone.now, limit=200)
    return list(mail.outbox)


def actions() -> list[str]:
    rows = AuditEvent.objects.filter(action__startswith="teacher-page.").order_by("pk")
    return [row.action.removeprefix("teacher-page.") for row in rows]


def suspend(page: TeacherProfile, by: User, reason: str = "A complaint") -> None:
    services.suspend_page(profile=page, reason=reason, by=by, now=timezone.now())


# From the first word to the list


def test_the_way_of_a_page(thea: User, keeper: User, as_user: SignIn, client: Client) -> None:
    mine = as_user(thea)
    assert "You have no page yet" in html(mine, address("page-show"))
    assert mine.post(address("page-edit"), WRITTEN)["Location"] == address("page-show")
    page = TeacherProfile.objects.get(teacher=thea)
    assert (page.state, page.places, page.is_taking) == ("draft", 7, True)
    assert page.texts() == {
        "display_name": "Thea",
        "bio": "I teach the cello with a lot of songs.",
        "instruments": ["Cello", "Viola da gamba"],
        "languages": ["de", "fr"],
    }
    assert "Nobody else sees your page yet" in html(mine, address("page-show"))
    assert mine.post(address("page-submit")).status_code == 302
    assert "We read it soon" in html(mine, address("page-show"))
    assert client.get(address("teacher-show", page.pk)).status_code == 404
    assert "Thea" not in html(client, address("teacher-list"))
    assert [message.to for message in send_mails()] == [[keeper.email]]
    approve(page, keeper)
    assert "Thea" in html(client, address("teacher-list"))
    shown = html(client, address("teacher-show", page.pk))
    assert "I teach the cello" in shown
    assert "Français" in shown
    assert "Ask for lessons" in shown
    assert thea.email not in shown
    assert "Thea Teacher" not in shown
    assert "Families can find you" in html(mine, address("page-show"))
    (message,) = send_mails()
    assert (message.to, message.subject) == ([thea.email], "Your page is public now")
    assert actions() == ["made", "submitted", "approved"]


def test_new_words_wait_and_the_old_ones_stay(thea: User, client: Client) -> None:
    page = make_page(thea, display_name="Thea")
    make_page(thea, public=False, display_name="Thea the Great")
    page.refresh_from_db()
    assert page.state == "draft"
    assert "Thea the Great" not in html(client, address("teacher-show", page.pk))
    services.submit_page(profile=page, by=thea, now=timezone.now())
    assert "Thea the Great" not in html(client, address("teacher-list"))
    approve(page)
    assert "Thea the Great" in html(client, address("teacher-show", page.pk))


def test_places_count_at_once_and_need_no_check(thea: User, client: Client) -> None:
    page = make_page(thea)
    make_page(thea, public=False, places=1, is_taking=True)
    page.refresh_from_db()
    assert page.state == "approved"
    assert "has a place" in html(client, address("teacher-show", page.pk))
    make_teaching(thea, make_student())
    assert "waiting list" in html(client, address("teacher-show", page.pk))
    make_page(thea, public=False, places=1, is_taking=False)
    shown = html(client, address("teacher-show", page.pk))
    assert "takes no new pupils" in shown
    assert "Ask for lessons" not in shown


def test_a_pupil_with_two_instruments_has_one_place(thea: User) -> None:
    page, student = make_page(thea, places=2), make_student()
    make_teaching(thea, student, "Piano")
    make_teaching(thea, student, "Cello", paused_at=timezone.now(), paused_by=thea)
    make_teaching(thea, make_student("Former"), ended_at=timezone.now())
    assert queries.free_places(page) == 1
    found = queries.published_page(page.pk)
    assert found is not None
    assert vars(found)["free"] == 1


def test_changing_it_takes_it_out_of_the_check(thea: User, keeper: User) -> None:
    """Nobody approves words that they have not read."""
    page = make_page(thea, public=False)
    services.submit_page(profile=page, by=thea, now=timezone.now())
    page.refresh_from_db()
    read = page.version
    make_page(thea, public=False, bio="Quite other words, which nobody has read.")
    services.submit_page(profile=page, by=thea, now=timezone.now())
    with pytest.raises(services.PageIsNotWaiting):
        services.approve_page(profile=page, version=read, by=keeper, now=timezone.now())
    assert not PublishedPage.objects.exists()


@pytest.mark.parametrize("decide", ["approve", "decline"])
def test_what_nobody_sent_in_is_not_decided(thea: User, keeper: User, decide: str) -> None:
    page = make_page(thea, public=False)
    facts: dict[str, Any] = {"profile": page, "version": page.version, "by": keeper, "now": timezone.now()}
    more = {"reason": "So"} if decide == "decline" else {}
    with pytest.raises(services.PageIsNotWaiting):
        getattr(services, f"{decide}_page")(**facts, **more)
    assert not PublishedPage.objects.exists()


def test_nobody_approves_their_own(thea: User) -> None:
    make_member(thea, "safeguarding")
    page = make_page(thea, public=False)
    services.submit_page(profile=page, by=thea, now=timezone.now())
    with pytest.raises(services.PageIsNotWaiting):
        approve(page, thea)
    assert not PublishedPage.objects.exists()


def test_a_minor_has_no_page(keeper: User, as_user: SignIn) -> None:
    teen = make_user("Tim")
    make_student("Tim", user=teen, age_band="teen")
    with pytest.raises(NotGrownUp):
        make_page(teen, public=False)
    assert as_user(teen).get(address("page-edit")).status_code == 403
    assert not TeacherProfile.objects.exists()


def test_a_minor_sends_in_no_page_that_they_began_before(thea: User, as_user: SignIn) -> None:
    page = make_page(thea, public=False)
    make_student("Thea", user=thea, age_band="teen")
    with pytest.raises(NotGrownUp):
        services.submit_page(profile=page, by=thea, now=timezone.now())
    answer = as_user(thea).post(address("page-submit"), follow=True)
    assert "Your account says that you are under 18." in answer.content.decode()
    assert "Sent in." not in answer.content.decode()
    assert TeacherProfile.objects.get().state == "draft"


def test_who_turns_out_to_be_a_minor_is_not_published(thea: User, keeper: User) -> None:
    page = make_page(thea, public=False)
    services.submit_page(profile=page, by=thea, now=timezone.now())
    make_student("Thea", user=thea, age_band="teen")
    with pytest.raises(NotGrownUp):
        approve(page, keeper)
    assert not PublishedPage.objects.exists()


# No, down, away, and back


def test_a_no_says_why_and_what_to_do(thea: User, keeper: User, as_user: SignIn) -> None:
    page = make_page(thea)
    make_page(thea, public=False, bio="Call me on 0123 456 789, any time of the day.")
    services.submit_page(profile=page, by=thea, now=timezone.now())
    page.refresh_from_db()
    send_mails()
    services.decline_page(
        profile=page, version=page.version, reason="No telephone number.", by=keeper, now=timezone.now()
    )
    shown = html(as_user(thea), address("page-show"))
    assert "No telephone number." in shown
    assert "Until then everybody reads the words that we approved before" in shown
    (message,) = send_mails()
    assert message.to == [thea.email]
    assert "No telephone number." in message.body
    with pytest.raises(services.NothingToSendIn):
        services.submit_page(profile=page, by=thea, now=timezone.now())
    assert "Call me" not in html(Client(), address("teacher-show", page.pk))
    as_user(thea).post(address("page-edit"), WRITTEN)
    page.refresh_from_db()
    assert (page.state, page.reason) == ("draft", "")


def test_what_is_public_as_it_is_is_not_sent_in(thea: User, as_user: SignIn) -> None:
    make_page(thea)
    assert as_user(thea).post(address("page-submit")).status_code == 302
    assert TeacherProfile.objects.get().state == "approved"


def test_a_teacher_takes_it_down(thea: User, as_user: SignIn, client: Client) -> None:
    page = make_page(thea)
    mine = as_user(thea)
    assert "Take your page down?" in html(mine, address("page-close"))
    assert mine.post(address("page-close"))["Location"] == address("page-show")
    assert client.get(address("teacher-show", page.pk)).status_code == 404
    mine.post(address("page-close"))
    assert actions()[-1:] == ["taken-down"]
    assert actions().count("taken-down") == 1
    services.submit_page(profile=page, by=thea, now=timezone.now())
    mine.post(address("page-close"))
    assert TeacherProfile.objects.get().state == "draft"


def test_a_suspended_page_is_gone_with_all_that_waits(
    thea: User, nora: User, keeper: User, as_user: SignIn, client: Client
) -> None:
    page, child = make_page(thea), make_student("Zoe")
    make_guardianship(child, nora)
    row = make_application(thea, child, nora)
    send_mails()
    suspend(page, keeper)
    assert client.get(address("teacher-show", page.pk)).status_code == 404
    mine = as_user(thea)
    shown = html(mine, address("page-show"))
    assert "A complaint" in shown
    assert "Send it in" not in shown
    assert mine.get(address("page-edit")).status_code == 403
    assert mine.post(address("page-submit")).status_code == 403
    assert mine.post(address("page-close")).status_code == 403
    assert mine.get(address("application-show", row.pk)).status_code == 404
    row.refresh_from_db()
    assert row.state == "expired"
    assert sorted(message.to[0] for message in send_mails()) == sorted([thea.email, nora.email])
    suspend(page, keeper)
    assert actions().count("suspended") == 1
    with pytest.raises(services.PageTakesNobody):
        make_application(thea, child, nora)


def test_services_refuse_what_is_suspended(thea: User, keeper: User) -> None:
    """Also those that were under way when it happened."""
    page = make_page(thea)
    suspend(page, keeper)
    with pytest.raises(services.PageIsSuspended):
        make_page(thea, public=False, bio="New words")
    with pytest.raises(services.PageIsSuspended):
        services.submit_page(profile=page, by=thea, now=timezone.now())
    with pytest.raises(services.PageIsSuspended):
        services.take_down_page(profile=page, by=thea, now=timezone.now())
    assert TeacherProfile.objects.get().bio != "New words"


def test_let_back_nothing_is_public_by_itself(thea: User, keeper: User, client: Client) -> None:
    page = make_page(thea)
    suspend(page, keeper)
    send_mails()
    services.lift_suspension(profile=page, by=keeper, now=timezone.now())
    services.lift_suspension(profile=page, by=keeper, now=timezone.now())
    assert client.get(address("teacher-show", page.pk)).status_code == 404
    assert TeacherProfile.objects.get().state == "draft"
    (message,) = send_mails()
    assert message.subject == "You may send in your page again"
    assert actions()[-2:] == ["suspended", "let-back"]


def test_who_is_locked_out_is_not_found(thea: User, client: Client) -> None:
    page = make_page(thea)
    User.objects.filter(pk=thea.pk).update(is_active=False)
    assert client.get(address("teacher-show", page.pk)).status_code == 404
    assert "No teacher has a page here yet" in html(client, address("teacher-list"))


def test_a_page_that_was_closed_in_another_window(thea: User, keeper: User, as_user: SignIn) -> None:
    """The doors were open; then the staff were quicker."""
    mine, page = as_user(thea), make_page(thea)
    real = services.save_page

    def late(**facts: Any) -> None:
        suspend(page, keeper)
        real(**facts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "save_page", late)
        assert mine.post(address("page-edit"), WRITTEN)["Location"] == address("page-show")
    services.lift_suspension(profile=page, by=keeper, now=timezone.now())
    real_close = services.take_down_page

    def late_close(**facts: Any) -> None:
        suspend(page, keeper)
        real_close(**facts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "take_down_page", late_close)
        assert mine.post(address("page-close"))["Location"] == address("page-show")
    assert TeacherProfile.objects.get().state == "suspended"


def test_the_form_is_sent_twice_at_once(thea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one finds that the first has made the row."""
    first = make_page(thea, public=False)
    texts = first.texts()
    from apps.private_teaching.services import pages

    again = pages._begin(thea, texts, places=3, is_taking=True, now=timezone.now())
    assert again.pk == first.pk
    assert actions() == ["made"]


# Telling the staff


def test_everybody_with_an_account_may_report_a_page(thea: User, nora: User, as_user: SignIn) -> None:
    page = make_page(thea)
    theirs = as_user(nora)
    assert "Report this" in html(theirs, address("teacher-show", page.pk))
    sent = {"category": "wrong", "words": "Not a teacher"}
    assert theirs.post(address("teacher-report", page.pk), sent).status_code == 302
    report = Report.objects.get()
    assert (report.kind, report.item_id, report.author, report.student) == (
        "teacher page",
        page.pk,
        thea,
        None,
    )
    assert page.bio in report.evidence
    assert "Report this" not in html(as_user(thea), address("teacher-show", page.pk))
    assert "Report this" not in html(Client(), address("teacher-show", page.pk))


# What the database holds by itself


@pytest.mark.parametrize(
    "columns",
    [
        {"display_name": ""},
        {"bio": "x" * 2001},
        {"instruments": ["x"] * 9},
        {"languages": ["de"] * 9},
        {"places": 0},
        {"state": "submitted"},
        {"state": "declined"},
    ],
)
def test_what_cannot_be(thea: User, columns: dict[str, Any]) -> None:
    page = make_page(thea, public=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeacherProfile.objects.filter(pk=page.pk).update(**columns)


def test_mail_about_a_page_says_what_is_true_when_it_leaves(thea: User, keeper: User) -> None:
    page = make_page(thea, public=False)
    services.submit_page(profile=page, by=thea, now=timezone.now())
    services.take_down_page(profile=page, by=thea, now=timezone.now())
    assert send_mails() == []
    services.submit_page(profile=page, by=thea, now=timezone.now())
    keeper.groups.clear()
    approve(page, keeper)
    suspend(page, keeper)
    assert [message.subject for message in send_mails()] == ["Your page was taken down"]
    assert not Application.objects.exists()
