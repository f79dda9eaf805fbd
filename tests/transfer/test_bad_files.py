"""Whatever somebody chooses as a file: it is read as it was meant, or refused with words."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.transfer.files.writing_xlsx import as_written
from apps.transfer.models import Import
from apps.transfer.reading import csv_tables, errors, tables, xlsx_tables
from apps.transfer.reading.opening import count_rows, first_rows, open_table

from .conftest import Importer, csv_file, verdicts, xlsx_file

TEXT = 'Datum;Minuten;Stück;Notizen\r\n2026-01-01;5;Für Elise;"Zeile 1\r\n„Zwei“; ä"\n2026-01-02;6;Étude;x\r'
CELLS = [
    ["Datum", "Minuten", "Stück", "Notizen"],
    ["2026-01-01", "5", "Für Elise", "Zeile 1\r\n„Zwei“; ä"],
    ["2026-01-02", "6", "Étude", "x"],
]
SHEET = "xl/worksheets/sheet1.xml"


def cells(content: bytes) -> list[list[str]]:
    return [row.cells for row in open_table(io.BytesIO(content))]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_encoding_that_such_files_have(encoding: str) -> None:
    """With mixed line ends, a separator, quotes and line breaks inside quotes."""
    assert cells(TEXT.encode(encoding)) == CELLS


def test_cyrillic_of_one_byte() -> None:
    text = "Дата,Минуты,Пьеса\n" + "2026-01-01,5,Времена года и ещё одна длинная строка\n" * 30
    assert cells(text.encode("cp1251"))[1][2].startswith("Времена года")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator(separator: str) -> None:
    text = (
        separator.join(["Date", "Minutes", '"Notes"']) + "\n" + separator.join(["2026-01-01", "5", '"a,b;c"'])
    )
    assert cells(text.encode()) == [["Date", "Minutes", "Notes"], ["2026-01-01", "5", "a,b;c"]]


def test_rows_keep_their_numbers_over_empty_ones() -> None:
    text = "Date,Minutes\n\n,,\n2026-01-01,5\n"
    assert [row.number for row in open_table(io.BytesIO(text.encode()))] == [1, 4]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.FileIsEmpty),
        (b"Date,Minutes\r\n", errors.FileIsEmpty),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, errors.FileIsAnOldWorkbook),
        (b"%PDF-1.7 ...", errors.FileIsNoTable),
        (b"\x89PNG\r\n\x1a\n", errors.FileIsNoTable),
        (b"<!DOCTYPE html><p>", errors.FileIsNoTable),
        (b"\x01\x02\x80\x00\x03" * 50, errors.FileIsNoTable),
        (b"PK\x03\x04 and nothing else", errors.FileIsBroken),
        (b'Date,Minutes\n"2026-01-01,5' + b"x" * 70_000, errors.FileIsBroken),
    ],
)
def test_what_is_no_table(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        first_rows(open_table(io.BytesIO(content)), 5)


def workbook(parts: Mapping[str, bytes] | None = None, *, rows: int = 2) -> bytes:
    """A workbook; parts replace others of it, or are added."""
    file = xlsx_file([["Date", "Minutes", "Piece"], *[["2026-01-01", 5, "Song"]] * rows]).read()
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in (parts or {}):
                new.writestr(name, old.read(name))
        for name, part in (parts or {}).items():
            new.writestr(name, part)
    return found.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = workbook({"xl/media/image1.bin": b"\0" * (xlsx_tables.MOST_BYTES + 1)})
    assert len(bomb) < 200_000
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: pytest.fail("it was opened"))
    with pytest.raises(errors.FileUnpacksTooLarge):
        open_table(io.BytesIO(bomb))


@pytest.mark.parametrize(
    ("part", "most"),
    [(xlsx_tables.SHARED, xlsx_tables.MOST_SHARED), ("xl/styles.xml", xlsx_tables.MOST_FRAME)],
)
def test_parts_that_would_fill_the_memory_are_refused(part: str, most: int) -> None:
    with pytest.raises(errors.FileUnpacksTooLarge):
        open_table(io.BytesIO(workbook({part: b" " * (most + 1)})))


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(errors.FileUnpacksTooLarge):
        open_table(io.BytesIO(workbook({f"xl/media/{n}.bin": b"" for n in range(600)})))


def test_a_directory_that_lies_about_a_size_gives_a_damaged_file() -> None:
    content = bytearray(workbook(rows=200))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo(SHEET).file_size
    assert content.count(size.to_bytes(4, "little")) >= 1
    lied = bytes(content).replace(size.to_bytes(4, "little"), (50).to_bytes(4, "little"))
    with pytest.raises(errors.FileIsBroken):
        list(open_table(io.BytesIO(lied)))


def test_entities_of_xml_are_not_unfolded() -> None:
    """A billion laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(errors.FileIsBroken):
        list(open_table(io.BytesIO(workbook({SHEET: sheet.encode()}))))


def test_a_sheet_that_claims_to_be_endless() -> None:
    """The cell at the far end of the last row there can be: neither its width nor its rows are made up."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c>'
        '</row><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    table = open_table(io.BytesIO(workbook({SHEET: sheet.encode()})))
    widths: list[int] = []
    with pytest.raises(errors.FileHasTooManyRows):
        widths.extend(len(row.cells) for row in table)
    assert max(widths) <= tables.MOST_COLUMNS


@pytest.mark.parametrize("make", [lambda: csv_of(9).encode(), lambda: workbook(rows=9)])
def test_too_many_rows_are_refused_before_all_are_read(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = make()
    for module in (csv_tables, xlsx_tables):
        monkeypatch.setattr(module, "MOST_ROWS", 9)
    assert count_rows(open_table(io.BytesIO(content))) == 9
    for module in (csv_tables, xlsx_tables):
        monkeypatch.setattr(module, "MOST_ROWS", 8)
    with pytest.raises(errors.FileHasTooManyRows):
        count_rows(open_table(io.BytesIO(content)))


def csv_of(rows: int) -> str:
    return "Date,Minutes,Piece\n" + "2026-01-01,5,Song\n" * rows


def test_200_000_rows_and_one_are_too_many(importer: Importer) -> None:
    """As a person meets it: said beside the field, and nothing is kept."""
    text = "Date,Minutes\n" + "2026-01-01,5\n" * 200_001
    answer = importer.send(csv_file(text)).content.decode()
    assert "This file has more than 200,000 rows." in answer
    assert not Import.objects.exists()


def test_a_file_that_is_far_too_large(importer: Importer, settings: Any) -> None:
    """Of a gigabyte no more than the cap is ever written down; the form says what to do."""
    settings.IMPORT_MOST_BYTES = settings.UPLOAD_MOST_BYTES = 3 * 1024 * 1024
    file = SimpleUploadedFile("large.csv", b"Date,Minutes\n" + b"2026-01-01,5\n" * 300_000)
    answer = importer.send(file).content.decode()
    assert "This file is larger than 3 MB." in answer
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.4", "This is not a table that we can read."),
        (b"PK\x03\x04", "This file is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old workbook"),
        (b"Date,Minutes", "There is nothing in this file below"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(importer: Importer, content: bytes, words: str) -> None:
    answer = importer.send(SimpleUploadedFile("practice.csv", content))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_without_a_file(importer: Importer) -> None:
    answer = importer.client.post(importer.address)
    assert "Choose a file first." in answer.content.decode()


def test_formulas_are_words(importer: Importer, day: str) -> None:
    """Read from a table, the sign that kept it from running is gone again."""
    text = f"Date,Minutes,Piece,Notes\n{day},5,'=HYPERLINK(1),'=cmd|x\n{day},6,=1+1,'tis\n"
    batch = importer.check(csv_file(text))
    found = [
        (row.content["lines"][0]["title"], row.content["notes"]) for row in batch.rows.order_by("number")
    ]
    assert found == [("=HYPERLINK(1)", "=cmd|x"), ("=1+1", "'tis")]


def test_zeros_in_a_text_are_left_out(importer: Importer, day: str) -> None:
    batch = importer.check(csv_file(f"Date,Minutes,Piece\n{day},5,So\0ng\n"))
    assert batch.rows.get().content["lines"][0]["title"] == "Song"
    assert verdicts(batch) == {2: ("ok", [])}


def test_a_row_that_is_too_short_or_too_long(importer: Importer, day: str) -> None:
    batch = importer.check(csv_file(f"Date,Minutes,Piece\n{day}\n{day},5,Song,more,and more\n"))
    assert verdicts(batch) == {2: ("refused", ["no_length"]), 3: ("ok", [])}


def test_stand_ins_of_a_workbook_are_read() -> None:
    assert as_written("a_x000D_\nb") == "a\r\nb"
    # Half of a sign can be kept by no table.
    assert as_written("_xD83D_") == "_xD83D_"
    assert cells(xlsx_file([["A"], ["a_x000D_\nb"]]).read()) == [["A"], ["a\r\nb"]]
