"""An account at a school: connected in the settings, signed in with on another device, and removed."""

import time
from collections.abc import Callable, Iterator

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from pytest_django import Settings as SettingsFixture
from pytest_django.live_server_helper import LiveServer

from apps.accounts import fetching
from tests.connections.conftest import make_connection
from tests.connections.server import IdentityServer, place, providers, running
from tests.e2e.conftest import PASSWORD, Visitor
from tests.factories.accounts import make_user

Enter = Callable[..., Visitor]
LIST = reverse("accounts:connection-list")


@pytest.fixture
def school(live_server: LiveServer, settings: SettingsFixture) -> Iterator[IdentityServer]:
    fetching.forget()
    with running() as server:
        server.homes = {live_server.url + reverse("accounts:connection-back", args=["school"])}
        settings.SOCIALACCOUNT_PROVIDERS = providers(place(server.url))
        yield server


def there_and_back(person: Visitor, school: IdentityServer, link: str) -> None:
    """The page in between leads to the school by itself; there one presses a link."""
    person.page.wait_for_url(f"{school.url}/authorize?**")
    with person.page.expect_navigation(url=f"{person.address}/**"):
        person.page.get_by_role("link", name=link).click()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_connecting_signing_in_and_removing(
    visitor: Enter, transactional_db: None, school: IdentityServer, has_scripts: bool
) -> None:
    anna = make_user("Anna")
    person = visitor()
    person.sign_in(anna)
    person.page.get_by_role("link", name="Connected accounts").click()
    person.page.wait_for_url(f"**{LIST}")
    person.check_looks()
    person.press("Connect : School of Music")
    person.fill(password=PASSWORD)
    person.submit()
    there_and_back(person, school, "Cancel")
    assert person.says("You stopped at School of Music")
    person.press("Connect : School of Music")
    there_and_back(person, school, "Go on as Anna")
    assert person.says("Connected. You can sign in with School of Music now.")
    person.check_looks()

    elsewhere = visitor(java_script_enabled=has_scripts)
    elsewhere.visit("/account/login/?next=/settings/")
    elsewhere.press("Sign in with School of Music")
    there_and_back(elsewhere, school, "Go on as Anna")
    assert elsewhere.page.url == f"{elsewhere.address}/settings/"

    school.subject = "somebody-else"
    stranger = visitor()
    stranger.visit("/account/login/")
    stranger.check_looks()
    stranger.press("Sign in with School of Music")
    there_and_back(stranger, school, "Go on as Anna")
    assert stranger.says("We do not know this account yet")
    stranger.page.get_by_role("link", name="Sign in and connect it").click()
    stranger.fill(login=anna.email, password=PASSWORD)
    stranger.submit()
    assert stranger.page.url.endswith(LIST)

    person.visit(LIST)
    person.press("Remove : School of Music")
    assert person.says("Removed. School of Music signs you in no more.")
    assert SocialAccount.objects.count() == 0
    elsewhere.visit("/settings/")
    assert "/account/login/" in elsewhere.page.url


def test_a_school_that_is_away(visitor: Enter, db: None, settings: SettingsFixture) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers(place("http://127.0.0.1:9"))
    person = visitor()
    person.visit("/account/login/")
    person.press("Sign in with School of Music")
    assert person.says("School of Music could not tell us who you are")
    person.check_looks()


def test_the_page_in_between(visitor: Enter, transactional_db: None, school: IdentityServer) -> None:
    """Looked at while the school takes its time: an answer without a page leaves this one standing."""
    person = visitor()
    person.sign_in(make_user("Anna"))
    person.page.route(f"{school.url}/**", lambda route: route.fulfill(status=204))
    person.visit(LIST)
    person.press("Connect : School of Music")
    person.fill(password=PASSWORD)
    person.submit()
    person.page.get_by_role("heading", name="Off to School of Music").wait_for()
    assert person.says("Take your own account there.")
    person.check_looks()


@pytest.mark.parametrize("ignores_prompt", [False, True])
def test_a_child_with_the_tablet_does_not_come_in_by_a_parents_session_there(
    visitor: Enter, transactional_db: None, school: IdentityServer, ignores_prompt: bool
) -> None:
    """Anna signed in by the school an hour ago, then signed out here; the school still knows her."""
    make_connection(make_user("Anna"))
    school.signed_in_at = int(time.time()) - 3600
    school.ignores_prompt = ignores_prompt
    child = visitor()
    child.visit("/account/login/")
    child.page.get_by_role("button", name="Sign in with School of Music").click()
    if ignores_prompt:
        child.page.get_by_text("School of Music could not tell us who you are").first.wait_for()
    else:
        child.page.wait_for_url(f"{school.url}/authorize?**")
        assert child.page.get_by_role("link", name="Go on as Anna").is_visible()
    child.visit("/settings/")
    assert "/account/login/" in child.page.url
