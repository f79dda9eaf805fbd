"""Files of the storage that a row names: there before the row, and gone after it."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.db.models import Model

logger = logging.getLogger(__name__)

# A file is there before the row that names it; and what a backup names must be there when it is played back.
ORPHAN_AFTER = timedelta(days=35)


class FileIsNotKept(Exception):
    """The storage did not take the file; nothing was changed."""


@contextmanager
def stored(folder: str, *files: bytes, kind: str = "webp") -> Iterator[list[str]]:
    """The names of the files while something is done with them; they go if that fails.

    Entered before the transaction, so that none waits for the storage. Raises FileIsNotKept.
    """
    names: list[str] = []
    try:
        for data in files:
            names.append(_store(f"{folder}/{uuid4()}.{kind}", data))  # noqa: PERF401  (one may fail)
        yield names
    except (InterfaceError, OperationalError):
        # The connection may have broken behind the commit: the row may name them. If not, they are orphans.
        raise
    except Exception:
        # Not what ends the process: the row may be committed by then, and files without one are forgotten.
        delete_files(names)
        raise


def _store(name: str, data: bytes) -> str:
    """Under a name that nobody can guess, and that says nothing about whose it is."""
    try:
        return str(default_storage.save(name, ContentFile(data)))
    except Exception as error:  # each storage fails in its own way
        logger.exception("A file could not be stored")
        raise FileIsNotKept from error


def delete_files(names: Sequence[str]) -> list[str]:
    """Those that are gone. One that a storage keeps undoes nothing: a later round tries it again."""
    gone = []
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:  # each storage fails in its own way
            logger.exception("A file could not be deleted")
        else:
            gone.append(name)
    return gone


def orphans(folder: str, named: Callable[[], Collection[str]], *, now: datetime) -> list[str]:
    """Files of the folder that no row names: of a process that died between the two, of a storage that
    failed. They stay as long as backups do: a dump that is played back may name them again."""
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # a disk knows folders, and there was no file yet
        return []
    # Asked after the folder: what came meanwhile has its row.
    with_row = named()
    without = (path for path in (f"{folder}/{name}" for name in names) if path not in with_row)
    return [path for path in without if _is_old(path, now)]


def forget_orphans(folder: str, model: type[Model], column: str, *, now: datetime) -> int:
    """Delete the files of the folder that no row's ``column`` names. Returns how many went."""

    def named() -> set[str]:
        return set(model._default_manager.values_list(column, flat=True))

    return len(delete_files(orphans(folder, named, now=now)))


def _is_old(path: str, now: datetime) -> bool:
    """Not if it cannot be told: another process may just have deleted it."""
    try:
        return default_storage.get_modified_time(path) < now - ORPHAN_AFTER
    except Exception:  # each storage fails in its own way
        logger.exception("The age of a file could not be told")
        return False
