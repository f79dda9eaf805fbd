"""What goes wrong with a photo: files that are none, storages that fail, two at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, ClassVar
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import http
from apps.accounts.models import LeavingPhoto, User
from apps.accounts.services import (
    AccountIsOver,
    NoPhotoOfMinors,
    PhotoIsNotKept,
    avatars,
)
from apps.accounts.tasks import forget_photos
from tests.accounts.sending import files, send
from tests.factories.accounts import make_user
from tests.factories.photos import make_avatar, picture

SignIn = Callable[[User], Client]
REMOVE = reverse("accounts:avatar-remove")
pytestmark = pytest.mark.usefixtures("media")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a photo that we can read"),
        (picture("GIF"), "not a photo that we can read"),
        (b"", "damaged or not all of it arrived"),
        (picture()[:300], "not a photo that we can read"),
        (picture("PNG", (2000, 900))[:-3000], "damaged or not all of it arrived"),
        (picture("PNG", (5000, 4000), mode="1", colour=1), "20 million points"),
        (picture("PNG", (9, 9)), "too small"),
        (picture() + b"\x00" * 5 * 1024 * 1024, "larger than 5 MB"),
    ],
    ids=["svg", "gif", "empty", "cut short", "truncated", "bomb", "small", "heavy"],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    anna: User, as_user: SignIn, media: Path, data: bytes, words: str
) -> None:
    answer = send(as_user(anna), data, "me.png", display_name="Anna Maria")
    form = answer.context["form"]
    assert list(form.errors) == ["photo"]
    assert words in form.errors["photo"][0]
    assert form["display_name"].value() == "Anna Maria"
    assert form["time_zone"].value() == "Berlin"
    assert not (media / "avatars").exists()
    assert User.objects.get(pk=anna.pk).display_name == "Anna"


@pytest.mark.parametrize(
    ("error", "field", "words"),
    [
        (AccountIsOver, "__all__", "closed meanwhile"),
        (NoPhotoOfMinors, "photo", "for grown-ups only"),
        (PhotoIsNotKept, "photo", "could not be kept just now"),
    ],
)
def test_what_the_service_refuses_is_said_and_the_words_stay(
    anna: User,
    as_user: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    field: str,
    words: str,
) -> None:
    def refuse(**values: Any) -> None:
        raise error

    monkeypatch.setattr("apps.accounts.services.change_settings", refuse)
    form = send(as_user(anna), display_name="Anna Maria").context["form"]
    assert list(form.errors) == [field]
    assert words in form.errors[field][0]
    assert form["display_name"].value() == "Anna Maria"


def test_with_another_mistake_the_photo_is_asked_for_again(anna: User, as_user: SignIn, media: Path) -> None:
    form = send(as_user(anna), display_name="").context["form"]
    assert set(form.errors) == {"display_name", "photo"}
    assert "choose the photo again" in form.errors["photo"][0]
    assert not (media / "avatars").exists()


def test_what_comes_too_often_is_not_even_decoded(
    anna: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(*values: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(http, "WRITES_A_MINUTE", 0)
    monkeypatch.setattr("apps.accounts.photo_forms.read_photo", decode)
    answer = send(as_user(anna), display_name="Anna Maria")
    assert "very often" in str(answer.context["form"].errors)
    assert answer.context["form"]["display_name"].value() == "Anna Maria"


def test_a_photo_counts_once(anna: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 2)
    client = as_user(anna)
    assert [send(client).status_code for _try in range(3)] == [302, 302, 200]


class FailingStorage(FileSystemStorage):
    """As a storage behind the net does now and then: the next calls of this kind fail."""

    failures: ClassVar[dict[str, int]] = {}

    def _fail(self, kind: str) -> None:
        if self.failures.get(kind):
            self.failures[kind] -= 1
            raise ConnectionError

    def save(self, name: Any, content: Any, max_length: Any = None) -> str:
        self._fail("save" if not self.failures.get("second save") else "none")
        if self.failures.get("second save"):
            self.failures["save"] = self.failures.pop("second save")
        return super().save(name, content, max_length)

    def delete(self, name: str) -> None:
        self._fail("delete")
        super().delete(name)

    def get_modified_time(self, name: str) -> datetime:
        self._fail("age")
        return super().get_modified_time(name)


@pytest.fixture
def failing(media: Path, settings: Any) -> Iterator[dict[str, int]]:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "tests.accounts.test_avatar_faults.FailingStorage"}
    }
    FailingStorage.failures = {}
    yield FailingStorage.failures
    FailingStorage.failures = {}


@pytest.mark.django_db(transaction=True)
def test_an_old_file_that_cannot_be_deleted_costs_the_new_photo_nothing(
    transactional_db: None, media: Path, failing: dict[str, int]
) -> None:
    anna = make_avatar(make_user("Anna"))
    old = files(media)
    failing["delete"] = 1
    make_avatar(anna)
    row = User.objects.get(pk=anna.pk)
    assert files(media) == sorted([row.avatar, row.avatar_small, *old])
    left = LeavingPhoto.objects.get()
    failing["delete"] = 1
    assert avatars.forget_orphans(now=left.goes_at) == 0
    assert LeavingPhoto.objects.exists(), "for the round that comes"
    assert avatars.forget_orphans(now=left.goes_at) == 1
    assert not default_storage.exists(left.path)


@pytest.mark.parametrize("fault", ["save", "second save"])
def test_a_storage_that_is_down_is_said_beside_the_field(
    anna: User, as_user: SignIn, media: Path, failing: dict[str, int], fault: str
) -> None:
    failing[fault] = 1
    form = send(as_user(anna), display_name="Anna Maria").context["form"]
    assert list(form.errors) == ["photo"]
    assert files(media) == []
    assert User.objects.get(pk=anna.pk).display_name == "Anna", "all of the form or nothing"


def test_one_file_that_is_gone_meanwhile_ends_no_round(
    anna: User, media: Path, failing: dict[str, int]
) -> None:
    for _number in range(3):
        default_storage.save(f"avatars/{uuid4()}.webp", ContentFile(b"orphan"))
    failing["age"], failing["delete"] = 1, 1
    later = timezone.now() + timedelta(days=36)
    assert avatars.forget_orphans(now=later) == 1
    assert avatars.forget_orphans(now=later) == 2


def test_no_file_stays_without_a_row(anna: User, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**values: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.core.audit.record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        make_avatar(anna)
    assert files(media) == []


def test_what_ends_the_process_takes_no_named_photo_along(
    anna: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row may be committed by then."""
    show = avatars.show

    def die(*values: Any, **more: Any) -> None:
        show(*values, **more)
        raise SystemExit

    monkeypatch.setattr(avatars, "show", die)
    with pytest.raises(SystemExit):
        make_avatar(anna)
    row = User.objects.get(pk=anna.pk)
    assert files(media) == sorted([row.avatar, row.avatar_small])


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_connection_that_breaks_behind_the_commit_takes_no_named_photo_along(
    anna: User, media: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """The server had committed; only its answer did not come."""
    show = avatars.show

    def lose_the_answer(*values: Any, **more: Any) -> None:
        show(*values, **more)
        raise error

    monkeypatch.setattr(avatars, "show", lose_the_answer)
    with pytest.raises(error):
        make_avatar(anna)
    row = User.objects.get(pk=anna.pk)
    assert row.avatar
    assert files(media) == sorted([row.avatar, row.avatar_small])


def test_files_that_no_row_names_are_forgotten_when_no_backup_names_them(anna: User, media: Path) -> None:
    assert avatars.forget_orphans(now=timezone.now()) == 0  # there is no folder yet
    make_avatar(anna)
    orphan = default_storage.save(f"avatars/{uuid4()}.webp", ContentFile(b"of a process that died"))
    forget_photos()
    assert orphan in files(media), "it may be somebody's who is just being served"
    assert avatars.forget_orphans(now=timezone.now() + timedelta(days=34)) == 0
    assert avatars.forget_orphans(now=timezone.now() + timedelta(days=36)) == 1
    assert files(media) == sorted([anna.avatar, anna.avatar_small])


def test_a_stale_account_replaces_what_is_in_the_row_now(
    anna: User, after_commit: Callable[..., Any], media: Path
) -> None:
    stale = User.objects.get(pk=anna.pk)
    before = make_avatar(anna).avatar
    with after_commit(execute=True):
        make_avatar(stale)
    anna.refresh_from_db()
    assert (anna.avatar, anna.avatar_small) == (stale.avatar, stale.avatar_small)
    assert LeavingPhoto.objects.get().path == before
    assert files(media) == sorted([anna.avatar, anna.avatar_small, before])


@pytest.mark.django_db(transaction=True)
def test_of_two_photos_at_the_same_moment_one_is_left(transactional_db: None, media: Path) -> None:
    """Both have stored their files before either names them."""
    anna, together, names = make_user("Anna"), Barrier(2), avatars.show

    def at_once(*values: Any, **more: Any) -> None:
        together.wait(timeout=10)
        names(*values, **more)

    def upload(_number: int) -> None:
        try:
            make_avatar(User.objects.get(pk=anna.pk))
        finally:
            connection.close()

    with patch.object(avatars, "show", at_once), ThreadPoolExecutor(2) as threads:
        list(threads.map(upload, range(2)))
    row, left = User.objects.get(pk=anna.pk), LeavingPhoto.objects.get()
    assert files(media) == sorted([row.avatar, row.avatar_small, left.path])
    avatars.forget_orphans(now=left.goes_at)
    assert files(media) == sorted([row.avatar, row.avatar_small])
