"""Whatever is sent beside a form's own fields changes nothing.

Each form is sent twice into the same state: as a browser sends it, and with the name of every field of
every model beside it. Afterwards all rows of all tables must be the same.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Student, User
from tests.conftest import Cast
from tests.limits import forget_tries
from tests.sweep.policy import row_of
from tests.sweep.routes import all_routes
from tests.sweep.world import undone

from .posts import POSTS, WITHOUT_FIELDS, Post, Sent
from .senders import sender
from .state import (
    PROBE,
    PROBE_DAY,
    PROBE_ID,
    PROBE_MOMENT,
    PROBE_TIME,
    Known,
    Rows,
    difference,
    keys_now,
    snapshot,
)

WRITTEN = (
    "assignments",
    "account",
    "accounts",
    "auth",
    "consent",
    "core",
    "desk",
    "gear",
    "ensembles",
    "lessons",
    "notifications",
    "practice",
    "privacy",
    "private_teaching",
    "repertoire",
)
# Names that code reads without a form, tried everywhere.
BESIDES = {
    "email_verified": "on",
    "action_primary": "",
    "groups": "1",
    "user_permissions": "1",
    "visibility": "private",
    "status": "accepted",
    "role": "student",
    "by": str(PROBE_ID),
    "teacher_id": str(PROBE_ID),
}


def probe_of(field: "models.Field[Any, Any]", cast: Cast, *, high: bool) -> str:
    """A value that the field would take, and that nothing else in the test is."""
    if isinstance(field, models.ForeignKey):
        related: Any = field.related_model
        rows = {User: cast.user("superuser"), Student: cast.other_student}
        foreign = rows.get(related) or related._base_manager.order_by("pk").first()
        return str(foreign.pk) if foreign is not None else "1"
    if field.choices:
        values = [value for value, _label in field.flatchoices if value != ""]
        return str(values[-1 if high else 0])
    found = {
        models.UUIDField: str(PROBE_ID),
        models.BooleanField: "on" if high else "false",
        models.DateTimeField: PROBE_MOMENT.isoformat() if high else "",
        models.DateField: PROBE_DAY.isoformat(),
        models.TimeField: PROBE_TIME.isoformat(),
        models.IntegerField: "4" if high else "1",
        models.EmailField: "probe@people.example",
        models.JSONField: f'{{"{PROBE}": 1}}',
    }
    return next((value for kind, value in found.items() if isinstance(field, kind)), PROBE if high else "")


def probes(cast: Cast, *, high: bool) -> Sent:
    """Every field name of every model, with and without ``_id``."""
    found: Sent = dict(BESIDES)
    for model in apps.get_models():
        if model._meta.app_label in WRITTEN and not model.__name__.endswith("Revision"):
            for field in model._meta.concrete_fields:
                found[field.name] = found[field.attname] = probe_of(field, cast, high=high)
    return found


def with_extras(sent: Sent, extras: Sent) -> Sent:
    firsts = [first for first in ("lines-0-", "steps-0-") if any(name.startswith(first) for name in sent)]
    lines = {f"{first}{name}": value for first in firsts for name, value in extras.items()}
    return extras | lines | sent


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    # All names there are, and all again as those of a line.
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


def address(cast: Cast, post: Post) -> str:
    return reverse(post.route, args=post.arguments(cast)) + post.query


def effects(client: Client, url: str, sent: Sent, known: Known) -> tuple[int, Rows]:
    """What the answer was and what all tables hold after it; then it never happened."""
    forget_tries()
    cookies = client.cookies.output(header="", sep=";")
    with undone():
        status = client.post(url, sent).status_code
        rows = snapshot(known)
    client.cookies.load(cookies)
    return status, rows


@pytest.mark.no_cover
@pytest.mark.parametrize("post", POSTS, ids=str)
def test_extra_fields_change_nothing(cast: Cast, post: Post) -> None:
    post.prepare(cast)
    client = sender(cast, post)
    url, sent = address(cast, post), post.fields(cast)
    known = keys_now()
    before = snapshot(known)
    status, plain = effects(client, url, sent, known)
    assert status == 302, "the form itself must be valid"
    assert plain != before, "the form itself must write something"
    for high in (True, False):
        extras = {name: value for name, value in probes(cast, high=high).items() if name not in sent}
        again, probed = effects(client, url, with_extras(sent, extras), known)
        assert (again, difference(plain, probed)) == (status, [])


@pytest.mark.parametrize("post", [post for post in POSTS if post.forms], ids=str)
def test_the_table_fills_in_whatever_the_form_declares(cast: Cast, post: Post) -> None:
    """So that a field which a form takes up silently is seen and thought about."""
    post.prepare(cast)
    sent = {name.removeprefix("lines-0-").removeprefix("steps-0-") for name in post.fields(cast)}
    declared = {name for form in post.forms for name in form.base_fields}
    client = sender(cast, post)
    drawn = client.get(address(cast, post))
    form = drawn.context.get("form") if drawn.context else None
    assert declared | set(getattr(form, "fields", ())) <= sent


def taken_posts() -> Iterator[str]:
    """Every address that answers somebody's POST with more than a refusal."""
    for route in all_routes():
        rules = row_of(route.name).rules
        specs = [
            str(lines.get("POST") or lines.get("ALL", "405 *"))
            for lines in rules.values()
            if isinstance(lines, dict)
        ]
        answers = {part.split()[0] for spec in specs for part in spec.split(";")}
        signed_out = {"302"} if route.name.startswith("admin:") else set()
        if answers - {"403", "404", "405"} - signed_out:
            yield route.name


def test_every_address_that_takes_a_post_is_in_the_table() -> None:
    known = {post.route for post in POSTS}
    names = set(taken_posts())
    unknown = [
        name for name in names - known if not any(fnmatchcase(name, pattern) for pattern in WITHOUT_FIELDS)
    ]
    assert unknown == [], "fill it in in tests/forms/posts.py"
    assert [name for name in known if name not in names] == [], "it takes no POST"
