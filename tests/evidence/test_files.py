"""A picture's file: for whom it answers, and with which headers."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.accounts.models import User
from apps.evidence.models import Evidence
from apps.evidence.services import delete_evidence
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.evidence import make_evidence, make_link, make_picture

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("media")


def address(row: Evidence) -> str:
    return reverse("evidence:picture-show", args=[row.pk])


def test_it_is_drawn_anew_and_says_what_it_is(cast: Cast, as_user: SignIn) -> None:
    row = make_picture(cast.entry, cast.user("guardian"), file_name="Qzsecret.png", size=(300, 200))
    answer = as_user(cast.user("teacher")).get(address(row))
    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.content)).size == (300, 200)
    wanted = {
        "Content-Type": "image/webp",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{row.pk}"',
        "Content-Disposition": f'inline; filename="woodshed-{timezone.now():%Y-%m-%d}.webp"',
    }
    assert {name: answer.headers[name] for name in wanted} == wanted


def test_it_is_asked_for_at_each_request(cast: Cast, as_user: SignIn) -> None:
    """The browser's own is right for as long as its reader may see it, and no longer."""
    row, client = make_picture(cast.entry, cast.user("guardian")), as_user(cast.user("teacher"))
    known = {"If-None-Match": client.get(address(row)).headers["ETag"]}
    answer = client.get(address(row), headers=known)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    Teaching.objects.filter(teacher=cast.user("teacher")).update(ended_at=timezone.now())
    assert client.get(address(row), headers=known).status_code == 404


def test_when_it_was_deleted_nobody_gets_it(cast: Cast, as_user: SignIn) -> None:
    row, client = make_picture(cast.entry, cast.user("guardian")), as_user(cast.user("guardian"))
    assert client.get(address(row)).status_code == 200
    delete_evidence(evidence=row, by=cast.user("guardian"), now=timezone.now())
    assert client.get(address(row)).status_code == 404
    assert default_storage.exists(row.picture), "the trash has it still"


@pytest.mark.parametrize("make", [make_link, make_evidence])
def test_where_there_is_no_picture_there_is_no_file(cast: Cast, as_user: SignIn, make: Any) -> None:
    row = make(cast.entry, cast.user("guardian"))
    assert as_user(cast.user("guardian")).get(address(row)).status_code == 404


def test_a_file_that_the_storage_lost_is_no_fault(cast: Cast, as_user: SignIn) -> None:
    row, client = make_picture(cast.entry, cast.user("guardian")), as_user(cast.user("guardian"))
    default_storage.delete(row.picture)
    assert client.get(address(row)).status_code == 404
    page = client.get(reverse("practice:entry-detail", args=[cast.entry.pk]))
    assert page.status_code == 200


def test_the_storage_has_no_address_of_its_own(cast: Cast, as_user: SignIn) -> None:
    row = make_picture(cast.entry, cast.user("guardian"))
    client = as_user(cast.user("guardian"))
    assert client.get(f"/media/{row.picture}").status_code == 404
    assert (
        row.picture not in client.get(reverse("practice:entry-detail", args=[cast.entry.pk])).content.decode()
    )
