"""Libraries that a browser cannot load as npm ships them, made into one ES module each (ADR 0024)."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

LIBRARIES = settings.BASE_DIR / "node_modules"


def without(text: str, line: str) -> str:
    """The text without a line that must stand there once: another version may need another recipe."""
    if text.count(line) != 1:
        raise ImproperlyConfigured(f"Expected one {line!r}: look at the recipe in {__name__}.")
    return text.replace(line, "")


def pitchy() -> str:
    """pitchy asks for fft.js by its bare name, and fft.js is CommonJS: no browser knows either.

    Put one behind the other, they need not ask. A bundler would do the same and more.
    """
    fft = (LIBRARIES / "fft.js/lib/fft.js").read_text()
    own = (LIBRARIES / "pitchy/index.js").read_text()
    return without(fft, "module.exports = FFT;") + without(own, 'import FFT from "fft.js";')


# Address under STATIC_URL → what stands there.
RECIPES: dict[str, Callable[[], str]] = {"vendor/pitchy/pitchy.js": pitchy}


class JoinedModulesFinder(BaseFinder):
    """Writes each module when somebody asks for it, where it is not there or not right any more."""

    folder = Path(settings.VAR_DIR) / "libraries"

    def find(self, path: str, find_all: bool = False, **_options: object) -> Any:
        if path not in RECIPES:
            return []
        found = str(self.written(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=self.folder)
        for path in RECIPES:
            self.written(path)
            yield path, storage

    def written(self, path: str) -> Path:
        """Where the module lies, whole at every moment: two processes may ask at once.

        npm's files have no dates to go by, so the text is compared.
        """
        text = RECIPES[path]()
        target = self.folder / path
        if not target.exists() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f"{uuid4()}.part")
            draft.write_text(text)
            draft.replace(target)
        return target
