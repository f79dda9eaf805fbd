"""Every address, method, person and object against the policy, in one walk through one state.

The same walk holds the headers of each answer, and that what is foreign answers byte for byte like
what is absent. The canaries listen all the time.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import canaries as tap
from tests.connections.server import AWAY
from tests.limits import forget_tries

from .headers import faults
from .policy import METHODS, PERSONAS, USED_METHODS, Row, row_of, rows_without_a_route
from .routes import Route, all_routes
from .world import Values, World, admin_objects, make_world, undone

# Inside the walk's own transaction, each test has one of its own.
# What it walks through is measured by the tests of each part.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
ROUTES = all_routes()
OFFICE = ("staff", "staff_without_factor", "superuser")
# One of each kind of session: none, a family's, a teacher's, a child's own, and the office's.
OF_EACH_KIND = ("anonymous", "guardian", "teacher", "child", "superuser")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once for all routes; every cell is undone, and so is the world itself."""
    refusals = logging.getLogger("django.request")
    set_so = {"ACCOUNT_RATE_LIMITS": False, "SOCIALACCOUNT_PROVIDERS": AWAY}
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(**set_so):
        # Tens of thousands of refusals are the point here; their log lines hold only addresses.
        refusals.setLevel(logging.ERROR)
        found = make_world()
        with tap.listening(found.cast.canaries):
            yield found
        refusals.setLevel(logging.NOTSET)
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Cell:
    relation: str
    persona: str
    method: str
    url: str


def objects_for(world: World, route: Route) -> dict[str, Values]:
    if route.carries == ("object_id",):
        return admin_objects(route.name)
    return world.objects[route.carries]


def ask(world: World, cell: Cell) -> Any:
    """One request, and its effects undone."""
    forget_tries()
    with undone():
        return world.client(cell.persona).generic(cell.method, cell.url)


def cells_of(world: World, route: Route) -> Iterator[Cell]:
    objects, of_staff = objects_for(world, route), route.name.startswith("admin:")
    for number, (relation, values) in enumerate(objects.items()):
        url, last = route.url(values), number == len(objects) - 1
        for persona in PERSONAS:
            # The staff's site asks who comes before it looks for anything: one object shows it,
            # and one persona of each kind.
            if of_staff and persona not in OFFICE and not (last and persona in OF_EACH_KIND):
                continue
            # HEAD is GET without its body, and what a view does not take is refused before any object is
            # looked for: one object shows both. The staff's site asks who comes before it asks how.
            every = number == 0 and not of_staff and persona in OF_EACH_KIND
            for method in METHODS if every else USED_METHODS:
                yield Cell(relation, persona, method, url)


NOISE = re.compile(
    r"(csrfmiddlewaretoken\" value=\"|csrftoken=|X-CSRFToken\": \")[\w-]+"
    r"|expires=[^;]+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


def fingerprint(response: Any, cell: Cell) -> str:
    """Headers, cookies and body, without the form's token, a cookie's hour, and the address itself."""
    content = f"{response.status_code}\n{response.headers}\n{response.cookies}\n{response.content.decode()}"
    return NOISE.sub(r"\1", content.replace(cell.url, "ADDRESS"))


def wrong_cells(world: World, route: Route, row: Row) -> Iterator[str]:
    absent: dict[tuple[str, str], str] = {}
    for cell in cells_of(world, route):
        tap.scanned["sweep cells"] += 1
        expected = row.expected(cell.relation, cell.persona, cell.method)
        response = ask(world, cell)
        where = f"{cell.method} {cell.relation} by {cell.persona}"
        if response.status_code != expected:
            yield f"{where}: {response.status_code}, not {expected}"
        signed_in = cell.persona != "anonymous"
        yield from (f"{where}: {fault}" for fault in faults(response, signed_in=signed_in))
        if response.status_code == 404 and not response.streaming:
            seen = fingerprint(response, cell)
            if cell.relation == "absent":
                absent[cell.persona, cell.method] = seen
            elif seen != absent.get((cell.persona, cell.method), seen):
                yield f"{where}: foreign and absent answers differ"


@pytest.mark.parametrize("route", ROUTES, ids=[route.name for route in ROUTES])
def test_every_cell(world: World, route: Route) -> None:
    wrong = list(wrong_cells(world, route, row_of(route.name)))
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(wrong[:60])


def test_every_row_has_a_route() -> None:
    assert rows_without_a_route({route.name for route in ROUTES}) == []


def test_every_person_is_known_to_the_world(world: World) -> None:
    assert set(world.clients) == set(PERSONAS)
