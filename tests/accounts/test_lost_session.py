"""A form that is sent after the session has ended: the way back works, and says what happened."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import resolve, reverse

from apps.accounts.models import StudentGrant, User
from tests.conftest import Cast
from tests.factories.accounts import make_invitation
from tests.sweep.routes import all_routes
from tests.sweep.world import World, make_world, undone

SignIn = Callable[[User], Client]
LOST = "You were signed out. Nothing was saved: please sign in again."
AGAIN = "What you sent before signing in was not saved. Please do it again."


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def way_back(answer: HttpResponseBase) -> str:
    """Where the login leads to after signing in."""
    target = urlsplit(answer.headers["Location"])
    assert target.path == reverse("account_login")
    return parse_qs(target.query)["next"][0]


def revoke(cast: Cast) -> str:
    return reverse("accounts:grant-revoke", args=[cast.student.pk, cast.user("viewer").pk])


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Every address outside the admin, with something in it that exists where the world has it."""
    for route in all_routes():
        relations = world.objects.get(route.carries, {})
        if relations and not route.name.startswith("admin:"):
            yield route.name, route.url(list(relations.values())[min(1, len(relations) - 1)])


def leads_to_login(answer: HttpResponseBase) -> bool:
    target = urlsplit(answer.headers.get("Location", ""))
    return target.path == reverse("account_login") and "next=" in target.query


@pytest.mark.no_cover
def test_no_way_back_ends_at_an_address_that_takes_no_get(world: World) -> None:
    """For every address: whoever tells us nothing of the page, and whoever came from the address itself."""
    seen = {}
    for name, address in addresses(world):
        for headers in ({}, {"Referer": f"http://testserver{address}"}):
            with undone():
                answer = Client().post(address, headers=headers)
                if leads_to_login(answer):
                    page = world.client("guardian").get(way_back(answer))
                    seen[name, bool(headers)] = page.status_code
    assert {name for name, status in seen.items() if status == 405} == set()
    writes = ("accounts:grant-revoke", "home:checklist-hide", "practice:comment-add")
    assert {(name, told) for name in writes for told in (True, False)} <= set(seen)


def test_the_way_back_is_the_page_of_the_form(cast: Cast, as_user: SignIn) -> None:
    """From the button through the login to the page with the button, and it says that nothing was done."""
    page, client = reverse("accounts:grant-list", args=[cast.student.pk]), Client()
    answer = client.post(revoke(cast), headers={"Referer": f"http://testserver{page}?from=mail"})
    assert way_back(answer) == f"{page}?from=mail"
    login = client.get(answer["Location"])
    assert LOST in login.content.decode()
    sent = {"login": cast.user("guardian").email, "password": "woodshed-demo", "next": way_back(answer)}
    back = client.post(answer["Location"], sent, follow=True)
    assert back.redirect_chain == [(f"{page}?from=mail", 302)]
    assert AGAIN in back.content.decode()
    assert (
        reverse("accounts:grant-revoke", args=[cast.student.pk, cast.user("viewer").pk])
        in back.content.decode()
    )
    assert StudentGrant.objects.filter(user=cast.user("viewer")).exists()
    assert AGAIN not in client.get(page).content.decode()


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://elsewhere.example/page/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "http://testserver/no-such-page/",
        "http://testserver@elsewhere.example/",
        "\x00",
    ],
)
def test_a_page_that_is_not_ours_is_not_gone_to(cast: Cast, referer: str) -> None:
    answer = Client().post(revoke(cast), headers={"Referer": referer})
    assert way_back(answer) == reverse("accounts:grant-list", args=[cast.student.pk])


def test_a_form_that_was_refused_stands_at_its_own_address(cast: Cast) -> None:
    """After a mistake the browser shows the answer to a POST; a GET of that address would be refused."""
    address = reverse("practice:comment-add", args=[cast.entry.pk])
    answer = Client().post(address, headers={"Referer": f"http://testserver{address}"})
    assert way_back(answer) == reverse("practice:entry-detail", args=[cast.entry.pk])


def test_an_address_that_shows_its_own_form_is_its_own_way_back(cast: Cast) -> None:
    address = reverse("accounts:student-edit", args=[cast.student.pk])
    assert way_back(Client().post(address)) == address


def test_looking_is_no_loss(cast: Cast) -> None:
    client = Client()
    answer = client.get(reverse("accounts:settings"))
    assert way_back(answer) == "/settings/"
    assert LOST not in client.get(answer["Location"]).content.decode()
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_whoever_is_signed_in_loses_nothing(cast: Cast, as_user: SignIn) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    client = as_user(cast.user("guardian"))
    page = client.post(reverse("accounts:invitation-cancel", args=[row.pk]), follow=True).content.decode()
    assert LOST not in page
    assert AGAIN not in page


def test_an_ordinary_login_says_nothing_of_loss(cast: Cast) -> None:
    sent = {"login": cast.user("guardian").email, "password": "woodshed-demo"}
    page = Client().post(reverse("account_login"), sent, follow=True)
    assert page.context["user"] == cast.user("guardian")
    assert AGAIN not in page.content.decode()


def test_htmx_leaves_for_the_login_instead_of_drawing_it_into_the_page(cast: Cast) -> None:
    answer = Client().post(
        reverse("practice:comment-add", args=[cast.entry.pk]), {"body": "Hi"}, headers={"HX-Request": "true"}
    )
    back = reverse("practice:entry-detail", args=[cast.entry.pk])
    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/account/login/?next={back}")
    assert "Location" not in answer


def test_a_script_in_the_background_learns_that_it_failed(cast: Cast) -> None:
    """It would take the login page for a success."""
    client = Client()
    answer = client.post(reverse("practice:entry-mark-seen"), headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.content) == (401, b"")
    assert LOST not in client.get(reverse("account_login")).content.decode()


def test_every_write_without_a_page_names_one(world: World) -> None:
    """Through ``post_only``, so that no address is forgotten."""
    forgotten = set()
    for name, address in addresses(world):
        with undone():
            only_posts = world.client("guardian").get(address).status_code == 405
            needs_login = leads_to_login(Client().post(address))
        if only_posts and needs_login and not hasattr(resolve(address).func, "back_page"):
            forgotten.add(name)
    assert forgotten == set()
