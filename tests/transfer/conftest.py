"""Files as people send them, and the steps of an import."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.practice.models import PracticeEntry
from apps.transfer.models import Import
from tests.conftest import Cast

Cells = list[Any]
TABLE = """Date,Duration,Piece,Composer,Tempo,Notes
{day},45,Minuet in G,Petzold,80,"Two lines,
in quotes"
{day},1:15,Song,,,
"""


def csv_file(text: str, encoding: str = "utf-8", name: str = "practice.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(encoding))


def xlsx_file(rows: list[Cells], name: str = "practice.xlsx") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    found = io.BytesIO()
    book.save(found)
    return SimpleUploadedFile(name, found.getvalue())


class Importer:
    """One person's browser at one diary."""

    def __init__(self, client: Client, student: UUID) -> None:
        self.client, self.student = client, student
        self.address = reverse("transfer:import-begin", args=[student])

    def send(self, file: SimpleUploadedFile) -> Any:
        return self.client.post(self.address, {"file": file})

    def upload(self, file: SimpleUploadedFile) -> Import:
        answer = self.send(file)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        return Import.objects.latest("created_at")

    def columns(self, batch: Import, **chosen: str) -> Any:
        """As they were guessed, but for what is chosen here."""
        address = reverse("transfer:import-columns", args=[batch.pk])
        form = self.client.get(address).context["form"]
        fields = {name: form[name].value() or "" for name in form.fields}
        # Shared, unless a test says otherwise: most of them look at what all may see.
        fields["audience"] = ""
        return self.client.post(
            address, {name: value for name, value in {**fields, **chosen}.items() if value}
        )

    def check(self, file: SimpleUploadedFile, **chosen: str) -> Import:
        batch = self.upload(file)
        answer = self.columns(batch, **chosen)
        assert answer.status_code == 302, answer.content.decode()[:6000]
        batch.refresh_from_db()
        return batch

    def bring(self, file: SimpleUploadedFile, **chosen: str) -> Import:
        batch = self.check(file, **chosen)
        assert batch.state == "checked", (batch.state, batch.last_error)
        self.client.post(reverse("transfer:import-start", args=[batch.pk]))
        batch.refresh_from_db()
        return batch

    def undo(self, batch: Import) -> Import:
        self.client.post(reverse("transfer:import-undo", args=[batch.pk]))
        batch.refresh_from_db()
        return batch

    def page(self, batch: Import, query: str = "") -> str:
        answer = self.client.get(reverse("transfer:import-show", args=[batch.pk]) + query)
        assert answer.status_code == 200
        html: str = answer.content.decode()
        return html


def verdicts(batch: Import) -> dict[int, tuple[str, list[str]]]:
    """By row: the verdict, and the codes of what is said."""
    rows = batch.rows.order_by("number")
    return {row.number: (row.verdict, [code for code, _values in row.problems]) for row in rows}


def entries_of(batch: Import) -> list[PracticeEntry]:
    keys = [
        batch.key_of(number) for number in batch.rows.filter(is_added=True).values_list("number", flat=True)
    ]
    return list(PracticeEntry.objects.kept().filter(pk__in=keys).order_by("created_at"))


@pytest.fixture
def importer(cast: Cast, as_user: Callable[..., Client]) -> Importer:
    """Mia's guardian, who writes down what Mia practised."""
    return Importer(as_user(cast.user("guardian")), cast.student.pk)


@pytest.fixture
def day(cast: Cast) -> str:
    return cast.student.today(timezone.now()).isoformat()
