"""Files get names that carry their hash, in what our modules import too."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.management.utils import get_random_secret_key
from django.templatetags.static import static

storage: Any = staticfiles_storage  # the stubs know its plain base only
HASHED = r"\.[0-9a-f]{12}\.js"


@pytest.fixture
def source(tmp_path: Path, settings: LazySettings) -> Path:
    """A small folder of static files, to be collected by the storage of production."""
    folder = tmp_path / "source"
    (folder / "js/core").mkdir(parents=True)
    (folder / "vendor").mkdir()
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    hashed = {"BACKEND": "apps.core.static_storage.HashedStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    return folder


def collect() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def collected(name: str) -> str:
    """The file as it is served."""
    return Path(settings.STATIC_ROOT, storage.stored_name(name)).read_text()


def test_our_modules_import_each_other_by_hashed_names(source: Path) -> None:
    (source / "js/core/list.js").write_text('import { toast } from "./page.js";\ntoast();\n')
    (source / "js/core/page.js").write_text("export function toast() {}\n")
    collect()
    assert re.search(rf'from "\./page{HASHED}"', collected("js/core/list.js"))
    assert re.search(rf"js/core/page{HASHED}$", static("js/core/page.js"))


def test_a_changed_file_gets_another_name(source: Path) -> None:
    (source / "js/core/page.js").write_text("export const a = 1;\n")
    collect()
    first = static("js/core/page.js")
    (source / "js/core/page.js").write_text(f"// {get_random_secret_key()}\n")
    storage.hashed_files.clear()
    collect()
    assert static("js/core/page.js") != first


def test_a_library_may_name_what_it_does_not_ship(source: Path) -> None:
    (source / "vendor/library.js").write_text('import x from "./not-shipped.js";\n')
    collect()
    assert '"./not-shipped.js"' in collected("vendor/library.js")


def test_our_own_module_may_not(source: Path) -> None:
    (source / "js/core/list.js").write_text('import x from "./forgotten.js";\n')
    with pytest.raises(Exception, match=r"forgotten\.js"):
        collect()
