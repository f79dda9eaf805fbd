"""Rows of files that somebody brings into a diary."""

from datetime import timedelta

from django.utils import timezone

from apps.practice.content import EntryContent, Line
from apps.practice.services import log_entry
from apps.transfer.models import Import, ImportRow
from tests.conftest import Cast


def make(cast: Cast, name: str) -> Import:
    return Import.objects.create(
        student=cast.student,
        uploaded_by=cast.user("guardian"),
        file_name=name,
        state="checked",
        importer="table",
        created_at=timezone.now() - timedelta(seconds=1),
    )


def files(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make(cast, f"Row {number}")


def file(cast: Cast) -> Import:
    return Import.objects.filter(student=cast.student, file_name="File").first() or make(cast, "File")


def one(cast: Cast) -> list[object]:
    return [file(cast).pk]


def rows(cast: Cast, numbers: range) -> None:
    batch = file(cast)
    for number in numbers:
        content = {"date": "2026-01-01", "minutes": 5, "lines": [{"title": f"Row {number}"}]}
        said: dict[str, object] = {"verdict": "warning", "problems": [["already_there", []]]}
        ImportRow.objects.create(batch=batch, number=number + 1, content=content, **said)


def sessions(cast: Cast, numbers: range) -> None:
    """Rows that have gone in: each is shown as the session that it became."""
    batch, by = file(cast), cast.user("guardian")
    for number in numbers:
        row = ImportRow.objects.create(batch=batch, number=number + 1, verdict="ok", is_added=True)
        today = cast.student.today(timezone.now())
        content = EntryContent(practised_on=today, minutes=1, lines=[Line(f"Row {number}")])
        log_entry(
            key=batch.key_of(row.number), student=cast.student, by=by, content=content, now=timezone.now()
        )
