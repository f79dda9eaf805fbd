"""A teacher with a photo, one of the team, and a disk."""

from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import User
from tests.conftest import Cast
from tests.factories.photos import make_avatar
from tests.factories.safeguarding import make_member


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """A disk of its own."""
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": disk}
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def photographed(media: Path, cast: Cast) -> User:
    """The teacher, whose photo Mia's family sees."""
    return make_avatar(cast.user("teacher"))


@pytest.fixture
def keeper(cast: Cast) -> User:
    return make_member(cast.user("staff"), "safeguarding")
