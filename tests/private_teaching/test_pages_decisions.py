"""Who decides about a teacher's page, and what ends its being public without anybody deciding."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.access import is_allowed
from apps.private_teaching import services
from apps.private_teaching.models import PublishedPage, TeacherProfile
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_application, make_page
from tests.factories.safeguarding import make_member

from .test_pages import send_mails, suspend
from .walks import SignIn, address, html


@pytest.fixture
def keeper(db: None) -> User:
    return make_member(make_user("Kim Keeper"), "safeguarding")


def test_who_says_later_that_they_are_a_minor_is_found_no_longer(
    thea: User, nora: User, as_user: SignIn, client: Client
) -> None:
    """Public, and asked: then an own diary says how old the teacher is."""
    page, child = make_page(thea), make_student("Zoe")
    make_guardianship(child, nora)
    row = make_application(thea, child, nora)
    make_student("Thea", user=thea, age_band="teen")
    assert client.get(address("teacher-show", page.pk)).status_code == 404
    assert "Theo" not in html(client, address("teacher-list"))
    with pytest.raises(services.PageTakesNobody):
        make_application(thea, make_student(), nora)
    for action in ("view", "answer", "comment"):
        assert not is_allowed(action, thea, row)
    with pytest.raises(services.ApplicationIsOver):
        services.accept(application=row, by=thea, now=timezone.now())
    assert not is_allowed("view", thea, child)
    mine = as_user(thea)
    shown = html(mine, address("page-show"))
    assert "Your account says that you are under 18." in shown
    assert "Families can find you" not in shown
    assert mine.post(address("page-close"), follow=True).status_code == 200
    assert not PublishedPage.objects.exists()


def test_what_was_taken_down_while_declined_stays_declined(thea: User, keeper: User) -> None:
    """Sent in as it is, it would be declined once more."""
    page = make_page(thea)
    make_page(thea, public=False, bio="Other words")
    services.submit_page(profile=page, by=thea, now=timezone.now())
    page.refresh_from_db()
    facts: dict[str, Any] = {"profile": page, "now": timezone.now()}
    services.decline_page(version=page.version, reason="No telephone number.", by=keeper, **facts)
    services.take_down_page(by=thea, **facts)
    assert not PublishedPage.objects.exists()
    page.refresh_from_db()
    assert (page.state, page.reason) == ("declined", "No telephone number.")


def test_nobody_decides_about_their_own_page(thea: User, keeper: User) -> None:
    make_member(thea, "safeguarding")
    page = make_page(thea, public=False)
    services.submit_page(profile=page, by=thea, now=timezone.now())
    page.refresh_from_db()
    facts: dict[str, Any] = {"profile": page, "by": thea, "now": timezone.now()}
    with pytest.raises(services.PageIsNotWaiting):
        services.decline_page(version=page.version, reason="No", **facts)
    suspend(page, keeper)
    with pytest.raises(services.PageIsNotWaiting):
        services.lift_suspension(**facts)
    assert TeacherProfile.objects.get().state == "suspended"


def test_the_team_hears_each_time_a_page_is_sent_in(thea: User, keeper: User) -> None:
    page = make_page(thea, public=False)
    services.submit_page(profile=page, by=thea, now=timezone.now())
    assert len(send_mails()) == 1
    services.take_down_page(profile=page, by=thea, now=timezone.now())
    services.submit_page(profile=page, by=thea, now=timezone.now())
    assert [message.to for message in send_mails()] == [[keeper.email]]
