"""Headers hold for every status, a form without its token changes nothing, production refuses to guess."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Invitation, Student, StudentGrant
from apps.practice.models import EntryComment, PracticeEntry
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.sweep.headers import faults
from tests.sweep.routes import all_routes
from tests.sweep.world import make_world, sign_in

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).resolve().parents[2]
COUNTED = (Student, PracticeEntry, EntryComment, Invitation, StudentGrant, Teaching)


def signed_in(cast: Cast, name: str) -> Client:
    client, _ = sign_in(cast.user(name))
    client.raise_request_exception = False
    return client


class TestEveryStatus:
    def test_200_302_404_405(self, cast: Cast) -> None:
        client = signed_in(cast, "guardian")
        diary = reverse("practice:entry-list", args=[cast.student.pk])
        foreign = reverse("practice:entry-list", args=[cast.entry.pk])
        seen = {
            200: client.get(diary),
            302: client.get(reverse("home:index")),
            404: client.get(foreign),
            405: client.delete(diary),
        }
        assert {status: response.status_code for status, response in seen.items()} == {s: s for s in seen}
        assert {status: faults(response, signed_in=True) for status, response in seen.items()} == {
            status: [] for status in seen
        }

    def test_403_for_whom_may_look_but_not_act(self, cast: Cast) -> None:
        response = signed_in(cast, "viewer").get(reverse("practice:entry-log", args=[cast.student.pk]))
        assert (response.status_code, faults(response, signed_in=True)) == (403, [])

    def test_400(self, cast: Cast) -> None:
        with patch("apps.home.views.desks.roster_page", side_effect=SuspiciousOperation):
            response = signed_in(cast, "teacher").get(reverse("home:roster"))
        assert (response.status_code, faults(response, signed_in=True)) == (400, [])

    def test_500_says_nothing_of_what_broke(self, cast: Cast) -> None:
        with patch("apps.home.views.desks.roster_page", side_effect=RuntimeError("inner words")):
            response = signed_in(cast, "teacher").get(reverse("home:roster"))
        assert (response.status_code, faults(response, signed_in=True)) == (500, [])
        assert "inner words" not in response.content.decode()

    def test_429(self, cast: Cast) -> None:
        client = signed_in(cast, "guardian")
        address = reverse("practice:entry-quick-log", args=[cast.student.pk])
        with patch("apps.accounts.http.WRITES_A_MINUTE", 0):
            response = client.post(address, {"minutes": "10"})
        assert (response.status_code, faults(response, signed_in=True)) == (429, [])


def counts() -> list[int]:
    return [model._default_manager.count() for model in COUNTED]


def test_no_address_takes_a_form_without_its_token(db: None) -> None:
    """As each of three people, every address of ours: 403, or it takes no form at all; nothing is written."""
    world = make_world()
    before, taken, asked = counts(), [], 0
    for person in ("guardian", "teacher", "staff"):
        client = Client(enforce_csrf_checks=True)
        client.cookies = sign_in(world.cast.user(person))[0].cookies
        for route in all_routes():
            for values in list(world.objects.get(route.carries, {"none": {}}).values())[:2]:
                try:
                    response = client.post(route.url(values), {"body": "forged", "minutes": "30"})
                except Exception as error:
                    if type(error).__name__ == "NoReverseMatch":
                        continue
                    raise
                asked += 1
                if response.status_code not in (302, 403, 404, 405, 410):
                    taken.append(f"{route.name}: {response.status_code}")
    assert taken == []
    assert counts() == before
    print(f"\nPosted without a token: {asked} times.")


NEEDED = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "diary.example",
    "SITE_URL": "https://diary.example",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "DEFAULT_FROM_EMAIL": "diary@diary.example",
}
READ = (
    "from django.conf import settings; "
    "print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SECURE_HSTS_SECONDS)"
)


def production(environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in NEEDED}
    return subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env=kept | environ | {"DJANGO_SETTINGS_MODULE": "config.settings.production"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_production_names_what_it_misses(name: str) -> None:
    result = production({key: value for key, value in NEEDED.items() if key != name})
    assert result.returncode != 0
    assert name in result.stderr


def test_production_cookies_belong_to_one_host(db: Any) -> None:
    assert connection.vendor == "postgresql"
    result = production(NEEDED)
    assert result.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "31536000"]
