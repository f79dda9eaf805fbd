"""What an erasure does to files on their way."""

from django.core.files.storage import default_storage

from apps.core.ownership import Subject
from apps.privacy.services import eraser
from apps.transfer.models import Import, ImportRow
from tests.conftest import Cast

from .conftest import Importer, csv_file


def erase(subject: Subject, key: object) -> None:
    for _table in eraser.steps(subject, key):  # type: ignore[arg-type]
        pass


def test_a_diary_goes_with_its_files_and_their_rows(cast: Cast, importer: Importer, day: str) -> None:
    batch = importer.check(csv_file(f"Date,Minutes,Piece\n{day},5,Secret song\n"))
    assert default_storage.exists(batch.path)
    erase(Subject.STUDENT, cast.student.pk)
    assert not Import.objects.exists()
    assert not ImportRow.objects.exists()
    assert not default_storage.exists(batch.path)


def test_whoever_brought_a_file_leaves_it_without_a_name(cast: Cast, importer: Importer, day: str) -> None:
    batch = importer.bring(csv_file(f"Date,Minutes,Piece\n{day},5,Song\n"))
    erase(Subject.PERSON, cast.user("guardian").pk)
    batch.refresh_from_db()
    assert (batch.uploaded_by, batch.added, batch.rows.filter(is_added=True).count()) == (None, 1, 1)
