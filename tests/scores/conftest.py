from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """A disk of its own."""
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": disk}
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def on_disk(media: Path) -> Any:
    return lambda: sorted(f"scores/{path.name}" for path in (media / "scores").glob("*"))
