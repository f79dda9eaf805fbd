"""Every list costs the same queries with 1, 3 and 25 rows, and no list is forgotten."""

import re
from fnmatch import fnmatchcase
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import Cast
from tests.factories.safeguarding import make_case
from tests.sweep.routes import all_routes

from .pages import NOT_LISTS, PAGES, ListPage

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

# Rows enough to show growth; what a page of each kind may cost at most.
MOST = 25
BUDGETS = {"practice:entry-list": 8, "home:roster": 11, "home:": 9, "parent_portal:": 8, "": 12}


def browser(cast: Cast, page: ListPage) -> Client:
    client, user = Client(), cast.user(page.reader)
    if user.is_staff:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
        make_case(user, cast.student)
    client.force_login(user)
    return client


def shown(answer: Any) -> int:
    """How many rows stand on the page: of an admin's list those it counts, else those that say "Row 7"."""
    changes = (answer.context or {}).get("cl")
    if changes is not None:
        return len(changes.result_list)
    return len(set(re.findall(r"\brow.\d+", answer.content.decode(), re.IGNORECASE)))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_list_costs_the_same(cast: Cast, page: ListPage, settings: Any) -> None:
    settings.INVITATIONS_PER_ADDRESS_AND_DAY = settings.INVITATIONS_PER_SENDER_AND_DAY = 1000
    client = browser(cast, page)
    url = reverse(page.route, args=page.arguments(cast)) + page.query
    # What a process learns once (content types) is not what a page costs.
    assert client.get(url).status_code == 200
    asked = {}
    for before, count in ((0, 1), (1, 3), (3, MOST)):
        page.fill(cast, range(before, count))
        with CaptureQueriesContext(connection) as found:
            answer = client.get(url)
        assert shown(answer) >= min(count, page.most), "the rows are not on the page"
        asked[count] = [query["sql"][:300] for query in found.captured_queries]
    counts = {count: len(queries) for count, queries in asked.items()}
    assert counts == dict.fromkeys(asked, page.queries), "\n".join(asked[MOST])


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_list_is_above_its_budget(page: ListPage) -> None:
    budget = next(most for start, most in BUDGETS.items() if page.route.startswith(start))
    assert page.queries <= budget


def test_every_address_is_a_known_list_or_none() -> None:
    listed = {page.route for page in PAGES}
    names = {route.name for route in all_routes()}
    unknown = [
        name for name in names - listed if not any(fnmatchcase(name, pattern) for pattern in NOT_LISTS)
    ]
    assert unknown == [], "say in tests/lists/pages.py what these cost, or that they list nothing"
    assert listed - names == set()
    stale = [pattern for pattern in NOT_LISTS if not any(fnmatchcase(name, pattern) for name in names)]
    assert stale == [], "no such address any more"


def test_every_list_of_the_admin_is_in_the_table() -> None:
    listed = {page.route for page in PAGES}
    wanted = set()
    for model, office in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        wanted.add(f"{name}_changelist")
        if office.inlines:
            wanted.add(f"{name}_change")
    assert wanted - listed == set()
