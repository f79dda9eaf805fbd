"""Rows of files that somebody brings into a diary."""

from datetime import timedelta

from django.utils import timezone

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
        ImportRow.objects.create(
            batch=batch, number=number, verdict="warning", content=content, problems=[["already_there", []]]
        )
