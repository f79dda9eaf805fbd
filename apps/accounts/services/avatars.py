"""A person's photo: two files of the storage, named by the account's row (ADR 0021)."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.models import LeavingPhoto, Student, User
from apps.accounts.models.students import AgeBand
from apps.accounts.models.users import AVATAR_FOLDER
from apps.accounts.photos import Photo
from apps.core import audit, holds, kept_files

from .errors import NoPhotoOfMinors
from .living import lock_living

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

    Raises PhotoIsNotKept.
    """
    files = (photo.large, photo.small) if photo else ()
    with kept_files.stored(AVATAR_FOLDER, *files) as names:
        yield (names[0], names[1]) if names else None


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
    gone = kept_files.delete_files(sorted(set(names) - holds.held_files(names)))
    LeavingPhoto.objects.filter(path__in=gone).delete()
    return len(gone)


def forget_orphans(*, now: datetime) -> int:
    """Delete the photos whose time is over, and the files that no row names. Returns how many went."""
    over = LeavingPhoto.objects.filter(goes_at__lte=now).values_list("path", flat=True)
    return _delete_unheld(list(over)) + _delete_unheld(_unnamed(now))


def _unnamed(now: datetime) -> list[str]:
    def named() -> set[str]:
        with_one = User.objects.exclude(avatar="").values_list("avatar", "avatar_small")
        found = {path for pair in with_one for path in pair}
        # After the accounts: what was taken from one meanwhile stands here.
        found.update(LeavingPhoto.objects.values_list("path", flat=True))
        return found

    return kept_files.orphans(AVATAR_FOLDER, named, now=now)
