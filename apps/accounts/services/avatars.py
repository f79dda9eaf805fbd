"""A person's photo: two files of the storage, named by the account's row (ADR 0021)."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction

from apps.accounts.models import LeavingPhoto, Student, User
from apps.accounts.models.students import AgeBand
from apps.accounts.models.users import AVATAR_FOLDER
from apps.accounts.photos import Photo
from apps.core import audit, holds

from .errors import NoPhotoOfMinors, PhotoIsNotKept
from .living import lock_living

logger = logging.getLogger(__name__)

# A file is there before the row that names it; and what a backup names must be there when it is played back.
ORPHAN_AFTER = timedelta(days=35)
# How long the large file of a photo stays that is shown no more: somebody may just be reporting it.
LEAVES_AFTER = timedelta(days=1)


def change_avatar(*, user: User, photo: Photo, now: datetime) -> None:
    """Show this photo from now on. Raises AccountIsOver, NoPhotoOfMinors, PhotoIsNotKept."""
    with stored(photo) as names:
        if names:
            show(user, *names, now=now)


@contextmanager
def stored(photo: Photo | None) -> Iterator[tuple[str, str] | None]:
    """The names of its two files while something is done with them; they go if that fails.

    Entered before the transaction, so that none waits for the storage. Raises PhotoIsNotKept.
    """
    names: list[str] = []
    try:
        if photo:
            names.append(_store(photo.large))
            names.append(_store(photo.small))
        yield (names[0], names[1]) if names else None
    except (InterfaceError, OperationalError):
        # The connection may have broken behind the commit: the row may name them. If not, they are orphans.
        raise
    except Exception:
        # Not what ends the process: the row may be committed by then, and files without one are forgotten.
        _delete(*names)
        raise


def _store(data: bytes) -> str:
    """Under a name that nobody can guess, and that says nothing about whose it is."""
    try:
        return str(default_storage.save(f"{AVATAR_FOLDER}/{uuid4()}.webp", ContentFile(data)))
    except Exception as error:  # each storage fails in its own way
        logger.exception("A photo could not be stored")
        raise PhotoIsNotKept from error


@transaction.atomic
def show(user: User, large: str, small: str, *, now: datetime) -> None:
    """Name these files in the account's row; nobody is shown those of before. Raises AccountIsOver, and
    NoPhotoOfMinors where somebody turned out to be one after the form was read."""
    row = lock_living(user)
    if row.age_refused_at or Student.objects.own(row).exclude(age_band=AgeBand.ADULT).exists():
        raise NoPhotoOfMinors
    _name(row, large, small, now=now)
    user.avatar, user.avatar_small = large, small
    audit.record(action="avatar.changed", actor=user, target=user, now=now)


@transaction.atomic
def remove_avatar(*, user: User, by: User | None, now: datetime, why: str = "own") -> None:
    """In the caller's transaction, if there is one. ``by`` None: nobody asked for it. ``why`` "minor": no
    file of theirs outlives the commit, but those that are held."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.avatar = user.avatar_small = ""
    if row.avatar:
        _name(row, "", "", now=now)
        audit.record(action="avatar.removed", actor=by, target=row, now=now, why=why)
    if why == "minor":
        _wait_no_longer(row, now=now)


def _name(row: User, large: str, small: str, *, now: datetime) -> None:
    """The caller holds the row. Whatever it named before is shown to nobody from this commit on; the large
    file stays for its day, and longer if it is held."""
    before, small_before = row.avatar, row.avatar_small
    row.avatar, row.avatar_small = large, small
    row.save(update_fields=["avatar", "avatar_small"])
    if before:
        LeavingPhoto.objects.create(user=row, path=before, goes_at=now + LEAVES_AFTER)
        transaction.on_commit(lambda: _delete_unheld([small_before]), robust=True)


def _wait_no_longer(row: User, *, now: datetime) -> None:
    """Also what they had removed or replaced themselves goes now."""
    leaving = LeavingPhoto.objects.filter(user=row)
    leaving.filter(goes_at__gt=now).update(goes_at=now)
    paths = list(leaving.values_list("path", flat=True))
    transaction.on_commit(lambda: _delete_unheld(paths), robust=True)


def let_go(names: Collection[str], *, now: datetime) -> None:
    """Nobody holds these photos for this reason any more: they go after the commit, but for those that are
    still shown, still held, or to stay for their day."""

    def go() -> None:
        # In this order: what was shown no more had been given its day by then.
        shown = User.objects.filter(avatar__in=names).values_list("avatar", flat=True)
        going = set(names).difference(shown)
        staying = LeavingPhoto.objects.filter(path__in=going, goes_at__gt=now).values_list("path", flat=True)
        _delete_unheld(going.difference(staying))

    transaction.on_commit(go, robust=True)


def _delete_unheld(names: Collection[str]) -> int:
    """How many are gone, with what was noted of their going."""
    gone = _delete(*sorted(set(names) - holds.held_files(names)))
    LeavingPhoto.objects.filter(path__in=gone).delete()
    return len(gone)


def _delete(*names: str) -> list[str]:
    """Those that are gone. One that a storage keeps undoes nothing: a later round tries it again."""
    gone = []
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:  # each storage fails in its own way
            logger.exception("The file of a photo could not be deleted")
        else:
            gone.append(name)
    return gone


def forget_orphans(*, now: datetime) -> int:
    """Delete the photos whose time is over, and the files that no row names. Returns how many went."""
    over = LeavingPhoto.objects.filter(goes_at__lte=now).values_list("path", flat=True)
    return _delete_unheld(list(over)) + _delete_unheld(_unnamed(now))


def _unnamed(now: datetime) -> list[str]:
    """Of a process that died between the two, of a storage that failed. They stay as long as backups do: a
    dump that is played back may name them again."""
    try:
        _folders, names = default_storage.listdir(AVATAR_FOLDER)
    except FileNotFoundError:  # a disk knows folders, and there was no photo yet
        return []
    with_one = User.objects.exclude(avatar="").values_list("avatar", "avatar_small")
    named = {path for pair in with_one for path in pair}
    # After the accounts: what was taken from one meanwhile stands here.
    named.update(LeavingPhoto.objects.values_list("path", flat=True))
    unnamed = (path for path in (f"{AVATAR_FOLDER}/{name}" for name in names) if path not in named)
    return [path for path in unnamed if _is_old(path, now)]


def _is_old(path: str, now: datetime) -> bool:
    """Not if it cannot be told: another process may just have deleted it."""
    try:
        return default_storage.get_modified_time(path) < now - ORPHAN_AFTER
    except Exception:  # each storage fails in its own way
        logger.exception("The age of a photo's file could not be told")
        return False
