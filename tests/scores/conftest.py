from pathlib import Path
from typing import Any

import pytest

from apps.scores import pdf


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many tests run at once, the clock says nothing; what it computes is still limited."""
    monkeypatch.setattr(pdf, "PATIENCE", 120)


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
