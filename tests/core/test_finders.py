"""Libraries become modules that a browser loads; a version that the recipe does not fit is told at once."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from apps.core import finders as ours
from apps.core.finders import JoinedModulesFinder

storage: Any = staticfiles_storage  # the stubs know its plain base only
PITCHY = "vendor/pitchy/pitchy.js"


@pytest.fixture
def finder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JoinedModulesFinder:
    monkeypatch.setattr(JoinedModulesFinder, "folder", tmp_path / "libraries")
    return JoinedModulesFinder()


def test_the_module_asks_for_nothing_and_says_what_it_has(finder: JoinedModulesFinder) -> None:
    text = Path(finder.find(PITCHY)).read_text()
    assert not re.findall(r"^import\b|\brequire\(|module\.exports", text, re.MULTILINE)
    assert "export class PitchDetector" in text
    assert "function FFT(" in text


def test_only_what_it_makes_is_found(finder: JoinedModulesFinder) -> None:
    assert finder.find("css/base.css") == []
    assert finder.find(PITCHY, find_all=True) == [finder.find(PITCHY)]
    assert [path for path, _storage in finder.list(None)] == [PITCHY]
    assert finders.find(PITCHY)


def test_it_is_written_anew_only_when_it_is_not_right(finder: JoinedModulesFinder) -> None:
    path = Path(finder.find(PITCHY))
    text = path.read_text()
    written = path.stat().st_mtime_ns
    assert Path(finder.find(PITCHY)).stat().st_mtime_ns == written
    path.write_text("of an older version")
    assert Path(finder.find(PITCHY)).read_text() == text
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_version_that_the_recipe_does_not_fit_is_told(
    finder: JoinedModulesFinder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in [("fft.js/lib/fft.js", "export default FFT;"), ("pitchy/index.js", "")]:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(ours, "LIBRARIES", tmp_path)
    with pytest.raises(ImproperlyConfigured, match="look at the recipe"):
        finder.find(PITCHY)


def test_it_is_collected_under_a_name_that_carries_its_hash(
    finder: JoinedModulesFinder, tmp_path: Path, settings: LazySettings
) -> None:
    """And our own module, which imports it, asks for that name."""
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    (tmp_path / "source/js/tools").mkdir(parents=True)
    (tmp_path / "source/js/tools/pitch.js").write_text(
        'import { PitchDetector } from "../../vendor/pitchy/pitchy.js";\nPitchDetector;\n'
    )
    settings.STATIC_ROOT = tmp_path / "collected"
    hashed = {"BACKEND": "apps.core.static_storage.HashedStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    settings.STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.FileSystemFinder",
        "apps.core.finders.JoinedModulesFinder",
    ]
    call_command("collectstatic", interactive=False, verbosity=0)
    name = storage.stored_name("js/tools/pitch.js")
    imported = re.search(r'from "([^"]+)"', (tmp_path / "collected" / name).read_text())
    assert imported is not None
    assert re.fullmatch(r"\.\./\.\./vendor/pitchy/pitchy\.[0-9a-f]{12}\.js", imported[1])
    assert (tmp_path / "collected/js/tools" / imported[1]).resolve().exists()


def test_the_libraries_are_named_by_exact_version() -> None:
    wanted = (Path(settings.BASE_DIR) / "package.json").read_text()
    assert '"pitchy": "4.1.0"' in wanted
    assert '"fft.js": "4.0.4"' in wanted
