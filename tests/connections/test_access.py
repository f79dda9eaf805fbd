"""Whose pages these are: a grown-up's own; not a child's, not the staff's, nobody's who looks as another."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from apps.accounts.connecting import ConnectionAdapter
from apps.accounts.models import User
from apps.safeguarding.middleware import LOOK
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.children import child_client, make_child_login
from tests.factories.safeguarding import make_look, make_member

from .conftest import LIST, come_back, leave, make_connection, sign_in, url
from .server import IdentityServer, place, providers


@pytest.fixture
def child(anna: User) -> Client:
    student = make_student("Zoe")
    make_guardianship(student, anna)
    make_child_login(student, anna)
    return child_client(student, anna)


def test_a_child_has_none_of_it(school: IdentityServer, child: Client) -> None:
    answers = [child.get(address) for address in (LIST, url("back"), url("unknown"))]
    answers += [child.post(url(way)) for way in ("add", "end", "enter")]
    assert [answer.status_code for answer in answers] == [403] * 6
    assert school.asked == []


def test_a_way_back_ends_at_the_childs_door(school: IdentityServer, anna: User, child: Client) -> None:
    """A guardian went to the school; meanwhile the tablet was handed over."""
    grown_up = sign_in(anna)
    address = school.approve(leave(grown_up, "add"))
    # Even if their session still held what was said on leaving, and as the child's own wish.
    session = child.session
    states = grown_up.session["socialaccount_states"]
    for state, _at, _place in states.values():
        state["data"]["user"] = session["_auth_user_id"]
    session["socialaccount_states"] = states
    session.save()
    assert come_back(child, address).status_code == 403
    assert SocialAccount.objects.count() == 0
    assert "POST /token" not in school.asked


def test_who_looks_as_somebody_else_has_none_of_it(cast: Cast, school: IdentityServer, as_user: Any) -> None:
    make_connection(cast.user("teacher"))
    staff = make_member(cast.user("staff"), "support")
    desk = as_user(staff)
    session = desk.session
    session[LOOK] = str(make_look(staff, cast.user("teacher")).pk)
    session.save()
    answers = [desk.get(address) for address in (LIST, url("back"), url("unknown"))]
    answers += [desk.post(url(way)) for way in ("add", "end", "enter")]
    assert [answer.status_code for answer in answers] == [403] * 6
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("model", [SocialAccount, SocialApp, SocialToken])
def test_the_staff_see_and_write_none(model: type) -> None:
    assert model not in admin.site._registry


def test_a_row_of_a_table_makes_no_place(anna: User, school: IdentityServer, settings: Any) -> None:
    """Whoever can write to the database only cannot bring a school of their own."""
    settings.SOCIALACCOUNT_PROVIDERS = providers()
    SocialApp.objects.create(
        provider="openid_connect",
        provider_id="school",
        name="Mine",
        client_id="woodshed",
        secret="s",
        settings={"server_url": school.url},
    )
    assert Client().post(url("enter")).status_code == 404
    assert "Mine" not in Client().get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    "name",
    ["socialaccount_signup", "socialaccount_connections", "openid_connect_login", "openid_connect_callback"],
)
def test_the_librarys_own_pages_are_not_there(name: str) -> None:
    """Signing up by another place has no address at all."""
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_signing_up_by_another_place_is_closed_besides(rf: RequestFactory) -> None:
    """Should allauth ever come as far as to ask."""
    assert ConnectionAdapter().is_open_for_signup(rf.get("/"), SocialLogin()) is False


@pytest.mark.parametrize("path", ["3rdparty/", "3rdparty/signup/", "social/signup/", "oidc/school/login/"])
def test_nor_under_their_addresses(db: None, school: IdentityServer, path: str) -> None:
    assert Client().get(f"/account/{path}").status_code == 404


def test_the_list_asks_once(school: IdentityServer, anna: User, settings: Any) -> None:
    client = sign_in(anna)
    client.get(LIST)
    asked = {}
    for count in (1, 3, 50):
        settings.SOCIALACCOUNT_PROVIDERS = providers(
            *(place(school.url, f"Row {number}", f"row-{number}") for number in range(count))
        )
        for number in range(SocialAccount.objects.count(), count):
            make_connection(anna, f"person-{number}", f"row-{number}")
        with CaptureQueriesContext(connection) as found:
            html = client.get(LIST).content.decode()
        assert html.count("Connected account") >= 1
        assert f"Row {count - 1}" in html
        asked[count] = len(found)
    assert asked == {1: 4, 3: 4, 50: 4}
