"""A copy is complete: read into a fresh database, the same person's next copy holds the same."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.practice import services as practice
from apps.practice.models.comments import AuthorRole
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.practice import make_entry, make_sign_off
from tests.operations.test_migrations import ROOT, _made

from .conftest import make_export, opened
from .test_exports import enrich

# It walks through what the tests of each part measure.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


@pytest.fixture
def fresh_database(django_db_setup: None) -> Iterator[str]:
    settings = connection.settings_dict
    name = f"{settings['NAME']}_round_trip"
    server = (
        f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/postgres"
    )
    with _made(server, name):
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def there_and_back(url: str, folder: Path, by: User, student: Student | None) -> tuple[Any, Any]:
    """The tables of this copy, and of the copy that is made of it in the fresh database."""
    document = opened(make_export(by, student))["data.json"]
    source, target = folder / "data.json", folder / "again.json"
    source.write_text(document)
    done = subprocess.run(
        [sys.executable, "-m", "tests.privacy.importer", str(source), str(target)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(document)["tables"], json.loads(target.read_text())


def assert_same(before: Any, after: Any) -> None:
    assert list(before) == list(after)
    for name, rows in before.items():
        assert after[name] == rows, name


def sign_a_week(cast: Cast) -> None:
    day = cast.student.today(timezone.now()) - timedelta(days=7)
    make_sign_off(cast.teaching, day, cast.user("guardian"), note="She was ill.")


def test_a_childs_diary(cast: Cast, fresh_database: str, tmp_path: Path) -> None:
    enrich(cast)
    sign_a_week(cast)
    before, after = there_and_back(fresh_database, tmp_path, cast.user("guardian"), cast.student)
    assert [row["note"] for row in before["practice.weeksignoff"]] == ["She was ill."]
    assert sum(len(rows) for rows in before.values()) > 30
    assert_same(before, after)


def test_an_adult_with_a_diary_of_their_own(cast: Cast, fresh_database: str, tmp_path: Path) -> None:
    adult = make_user("Ada")
    entry = make_entry(make_student("Ada", user=adult, age_band=AgeBand.ADULT), adult)
    practice.add_comment(
        key=uuid4(), entry=entry, by=adult, role=AuthorRole.STUDENT, body="Note", now=timezone.now()
    )
    before, after = there_and_back(fresh_database, tmp_path, adult, None)
    assert before["practice.entrycomment"]
    assert_same(before, after)


@pytest.mark.parametrize("who", ["viewer", "teacher", "guardian"])
def test_an_account_of_their_own(cast: Cast, fresh_database: str, tmp_path: Path, who: str) -> None:
    """What a guest, a teacher, a guardian take along points to diaries that are not theirs."""
    enrich(cast)
    sign_a_week(cast)
    before, after = there_and_back(fresh_database, tmp_path, cast.user(who), None)
    assert bool(before.get("practice.weeksignoff")) == (who == "guardian")
    assert before["accounts.user"]
    assert_same(before, after)
