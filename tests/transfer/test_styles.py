"""The samples in docs/imports: each style is known by its headings and read as docs/imports.md says."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import Student
from apps.transfer.models import Import
from tests.conftest import Cast

from .conftest import Importer, verdicts

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "imports"


def sample(importer: Importer, style: str, **chosen: str) -> Import:
    file = SimpleUploadedFile("export.csv", (SAMPLES / f"{style}-style.csv").read_bytes())
    batch = importer.check(file, **chosen)
    assert batch.importer == style
    return batch


def said(batch: Import, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.content[name] for name in names) for row in batch.rows.order_by("number")]


def titles(batch: Import) -> list[list[tuple[str, int | None]]]:
    return [
        [(line["title"], line["tempo"]) for line in row.content["lines"]]
        for row in batch.rows.order_by("number")
    ]


def test_modacity(importer: Importer) -> None:
    batch = sample(importer, "modacity")
    assert said(batch, "date", "started_at", "minutes", "enjoyment", "notes") == [
        ("2026-03-02", "17:30:00", 25, 4, "Left hand alone, then together"),
        ("2026-03-02", "17:55:00", 10, 3, ""),
        ("2026-03-03", "18:05:00", 35, 5, "By heart up to the double bar"),
    ]
    assert titles(batch) == [[("Minuet in G", 80)], [("Scale of D major", 96)], [("Minuet in G", 84)]]
    assert said(batch, "own_areas") == [(["Recital"],), (["Warm-up"],), (["Recital"],)]
    assert {verdict for verdict, _codes in verdicts(batch).values()} == {"ok"}


def test_tonara(importer: Importer) -> None:
    """The second row tells the order of the days."""
    batch = sample(importer, "tonara")
    assert said(batch, "date", "minutes", "notes") == [
        ("2026-03-02", 25, "Went well"),
        ("2026-03-14", 10, ""),
    ]
    assert titles(batch) == [[("Minuet in G", None)], [("Scale of D major", None)]]


def test_my_music_staff(cast: Cast, importer: Importer) -> None:
    """A studio's file is about many students."""
    Student.objects.filter(pk=cast.student.pk).update(name="Mia Berg")
    batch = sample(importer, "my-music-staff")
    assert verdicts(batch) == {2: ("ok", []), 3: ("refused", ["of_another_student"]), 4: ("ok", [])}
    rows = [row.content for row in batch.rows.filter(verdict="ok").order_by("number")]
    assert [(row["date"], row["minutes"]) for row in rows] == [("2026-03-02", 25), ("2026-03-03", 35)]
    assert rows[0]["notes"] == "Slowly with the metronome"


@pytest.mark.parametrize("style", ["modacity", "tonara", "my-music-staff"])
def test_every_style_is_documented_with_what_it_rests_on(style: str) -> None:
    text = (SAMPLES.parent / "imports.md").read_text()
    assert f"imports/{style}-style.csv" in text
    assert "not held against files of theirs" in text
