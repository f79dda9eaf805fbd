"""Files: none stays behind in the storage, and those of the rows are in the copy."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.models import FileField, Model
from django.test.utils import isolate_apps
from django.utils import timezone

from apps.accounts.models import Guardianship, StudentProfile
from apps.core import ownership
from apps.core.ownership import Subject, emptied_with
from apps.privacy.archive import media as places
from apps.privacy.archive import spool
from apps.privacy.models import Export, ExportState
from apps.privacy.services import eraser, exports, work
from tests.conftest import Cast

from .conftest import make_export


def zips(media: Path) -> set[str]:
    return {path.name for path in media.rglob("*.zip")}


def test_a_copy_whose_asker_lost_the_right_is_deleted(cast: Cast, media: Path) -> None:
    lost = make_export(cast.user("guardian"), cast.student)
    kept = make_export(cast.user("second_guardian"), cast.student)
    own = make_export(cast.user("guardian"))
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    exports.run_due(clock=timezone.now)
    lost.refresh_from_db()
    assert (lost.state, lost.path, lost.size) == (ExportState.GONE, "", 0)
    assert zips(media) == {Path(kept.path).name, Path(own.path).name}


def test_a_file_that_no_row_names_is_deleted(cast: Cast, media: Path) -> None:
    """The worker died after it had stored the file, and the diary with the row is gone."""
    kept = make_export(cast.user("guardian"), cast.student)
    default_storage.save("exports/orphan.zip", ContentFile(b"a child's diary"))
    default_storage.save("erasures/student/hash", ContentFile(b"erased\n"))
    exports.run_due(clock=timezone.now)
    assert zips(media) == {Path(kept.path).name}
    assert default_storage.exists("erasures/student/hash")


def test_where_there_never_was_a_copy_there_is_nothing_to_delete(cast: Cast) -> None:
    assert exports.forget_orphans() == 0


def test_a_late_worker_touches_nothing_of_its_successor(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It had read for longer than its lease; meanwhile another one has made the copy."""
    guardian, now = cast.user("guardian"), timezone.now()
    export = exports.request_export(by=guardian, student=cast.student, now=now)
    late = exports.claim(now=now)
    assert late is not None
    later = now + work.LEASE * 2
    assert exports.run_due(clock=lambda: later) == 1
    export.refresh_from_db()
    assert export.path != late.path
    assert exports._make(late, clock=lambda: later) is False
    exports._retry(late, OSError(), now=later)
    late.attempts = 9
    assert exports._make(late, clock=lambda: later) is False
    export.refresh_from_db()
    assert (export.state, default_storage.exists(export.path)) == (ExportState.READY, True)
    assert not default_storage.exists(late.path)


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_kept_while_the_rows_are_read(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    """The snapshot can write nothing; the lease is written beside it."""
    from tests.conftest import make_cast  # the fixture would not commit

    cast = make_cast()
    monkeypatch.setattr(spool, "BEAT_ROWS", 1)
    export = exports.request_export(by=cast.user("guardian"), student=cast.student, now=timezone.now())
    seen: list[tuple[str, Any]] = []
    keep = work.keep

    def watched(job: Export, **values: Any) -> None:
        keep(job, **values)
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            seen.append((cursor.fetchone()[0], values["rows_total"]))

    monkeypatch.setattr(exports, "keep", watched)
    assert exports.run_due(clock=timezone.now) == 1
    export.refresh_from_db()
    assert export.state == ExportState.READY
    assert len(seen) > 5
    assert {is_read_only for is_read_only, _total in seen} == {"off"}


def test_a_diary_has_its_own_count_of_copies(cast: Cast, settings: Any) -> None:
    settings.EXPORTS_PER_SUBJECT_AND_DAY = 2
    make_export(cast.user("guardian"), cast.student)
    make_export(cast.user("second_guardian"), cast.student)
    with pytest.raises(exports.TooManyExports):
        exports.request_export(by=cast.user("guardian"), student=cast.student, now=timezone.now())
    assert make_export(cast.user("guardian")).state == ExportState.READY
    assert make_export(cast.user("other_guardian"), cast.other_student).state == ExportState.READY
    tomorrow = timezone.now() + timedelta(days=1, seconds=9)
    exports.request_export(by=cast.user("guardian"), student=cast.student, now=tomorrow)


# Files of the rows


@pytest.fixture
def with_a_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> str:
    """A profile's goal names a file, as a column of pictures or recordings will."""
    name = default_storage.save("goals/zwölf töne.png", ContentFile(b"\x89PNG" + b"x" * 3_000_000))
    StudentProfile.objects.filter(student=cast.student).update(goal=name)
    table = ownership.tables()["accounts.studentprofile"]
    changed = dict(ownership.tables())
    changed[table.name] = ownership.Table(**{**vars(table), "stored": ("goal",)})
    monkeypatch.setattr(ownership, "_tables", changed)
    return name


def test_the_copy_holds_the_files_of_its_rows(cast: Cast, with_a_file: str) -> None:
    export = make_export(cast.user("guardian"), cast.student)
    with default_storage.open(export.path) as file, zipfile.ZipFile(io.BytesIO(file.read())) as found:
        assert found.testzip() is None
        place = "media/accounts.studentprofile/goal/goals/zwölf töne.png"
        assert found.read(place) == b"\x89PNG" + b"x" * 3_000_000
        assert f'"goal": "{place}"' in found.read("data.json").decode()
        page = found.read("pages/accounts.studentprofile.html").decode()
    assert len([name for name in found.namelist() if name.startswith("media/")]) == 1
    assert f'href="../{quote(place)}">zwölf töne.png</a>' in page


@isolate_apps("tests")
def test_a_column_of_files_needs_no_word_about_it() -> None:
    class Picture(Model):  # noqa: DJ008 (never stored)
        file = FileField()

        class Meta:
            app_label = "tests"

    table = ownership.tables()["accounts.studentprofile"]
    assert ownership.Table(**{**vars(table), "model": Picture, "stored": ()}).files == {
        "file": default_storage
    }


def test_a_file_that_is_missing_is_left_out(cast: Cast, with_a_file: str) -> None:
    default_storage.delete(with_a_file)
    export = make_export(cast.user("guardian"), cast.student)
    assert export.state == ExportState.READY
    with default_storage.open(export.path) as file, zipfile.ZipFile(io.BytesIO(file.read())) as found:
        assert not [name for name in found.namelist() if name.startswith("media/")]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "etc/./passwd"])
def test_no_file_leaves_the_folder_of_the_copy(name: str) -> None:
    assert places.place("a.b", "c", name) == "media/a.b/c/etc/passwd"


def test_files_go_with_their_rows(cast: Cast, with_a_file: str) -> None:
    list(eraser.steps(Subject.STUDENT, cast.student.pk))
    assert not default_storage.exists(with_a_file)


def test_an_emptied_column_of_files_deletes_its_files(
    cast: Cast, with_a_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = ownership.tables()["accounts.studentprofile"]
    emptied = emptied_with(Subject.STUDENT, "student", because="So.", emptied={"goal": ""})
    table = ownership.Table(**{**vars(table), "ties": (emptied,)})
    eraser._empty(table.model, emptied.of(cast.student.pk), emptied.emptied)
    assert not default_storage.exists(with_a_file)
    assert StudentProfile.objects.get(student=cast.student).goal == ""


def test_no_storage_is_asked_inside_a_transaction(
    cast: Cast, with_a_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = len(connection.savepoint_ids)
    seen: list[int] = []
    delete = FileSystemStorage.delete

    def watched(storage: FileSystemStorage, name: str) -> None:
        seen.append(len(connection.savepoint_ids) - depth)
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", watched)
    make_export(cast.user("guardian"), cast.student)
    list(eraser.steps(Subject.STUDENT, cast.student.pk))
    assert len(seen) >= 2
    assert set(seen) == {0}
