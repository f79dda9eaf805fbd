"""A disk for photos, and somebody who may show one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import User
from apps.accounts.models.students import AgeBand
from tests.factories.accounts import make_guardianship, make_student, make_user


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """A disk of its own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[..., Any]:
    return django_capture_on_commit_callbacks


@pytest.fixture
def anna(db: None) -> User:
    """She answers for a child."""
    anna = make_user("Anna")
    make_guardianship(make_student("Zoe", age_band=AgeBand.CHILD), anna)
    return anna
