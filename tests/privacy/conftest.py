"""A storage of its own for each test, and copies as dictionaries."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.privacy.models import Export
from apps.privacy.services import exports

Members = dict[str, str]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Files of exports and the ledger lie here."""
    folder = tmp_path / "media"
    disk = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": disk, "OPTIONS": {"location": folder}}}
    return folder


def make_export(by: User, student: Student | None = None) -> Export:
    """A copy, made the way the product makes it."""
    export = exports.request_export(by=by, student=student, now=timezone.now())
    exports.run_due(clock=timezone.now)
    export.refresh_from_db()
    return export


def members(content: bytes) -> Members:
    """As text, pictures too: of what no text can be the letters stay, so that a word in there is seen."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig", "replace") for name in archive.namelist()}


def opened(export: Export) -> Members:
    with default_storage.open(export.path) as file:
        return members(file.read())


def tables_of(found: Members) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = json.loads(found["data.json"])["tables"]
    return tables


def confirmed(client: Client) -> Client:
    """The browser's person has just given their password."""
    answer = client.post("/account/reauthenticate/", {"password": "woodshed-demo"})
    assert answer.status_code == 302, "the password was not taken"
    return client


SignIn = Callable[[User], Client]
