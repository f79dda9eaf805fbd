"""Whatever somebody chooses as a file: it is read as it was meant, or refused with words."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.transfer.files.writing_xlsx import as_written
from apps.transfer.models import Import
from apps.transfer.reading import archives, csv_tables, errors, limits, xlsx_tables
from apps.transfer.reading.opening import count_rows, first_rows, open_table

from .conftest import Importer, csv_file, verdicts, xlsx_file

TEXT = 'Datum;Minuten;Stück;Notizen\r\n2026-01-01;5;Für Elise;"Zeile 1\r\n„Zwei“; ä"\n2026-01-02;6;Étude;x\r'
CELLS = [
    ["Datum", "Minuten", "Stück", "Notizen"],
    ["2026-01-01", "5", "Für Elise", "Zeile 1\r\n„Zwei“; ä"],
    ["2026-01-02", "6", "Étude", "x"],
]
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


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
    bomb = workbook({"xl/worksheets/sheet2.xml": b"\0" * (limits.MOST_BYTES + 1)})
    assert len(bomb) < 200_000
    monkeypatch.setattr(archives, "_count", lambda *a, **k: pytest.fail("it was unpacked"))
    with pytest.raises(errors.FileUnpacksTooLarge):
        open_table(io.BytesIO(bomb))


@pytest.mark.parametrize(
    ("part", "most"),
    [(SHARED, limits.MOST_SHARED), ("xl/styles.xml", limits.MOST_FRAME), ("xl/s.bin", limits.MOST_FRAME)],
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


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", [SHEET, "xl/styles.xml"])
def test_a_part_that_is_more_than_it_says(method: int, name: str) -> None:
    """Its check sum fits what it says; Python and the library would unfold all of it at a stroke."""
    found, inside = io.BytesIO(), b" " * 8_000_000
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(found, "w") as new:
        for part in old.namelist():
            new.writestr(part, inside if part == name else old.read(part), method)
        new.getinfo(name).file_size, new.getinfo(name).CRC = 1000, zlib.crc32(inside[:1000])
    with pytest.raises(errors.FileIsBroken):
        open_table(found)


def sheet_with(inside: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData></worksheet>'.encode()


ROW = '<row r="1"><c><v>1</v></c></row>'


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({SHEET: sheet_with(f"<row>{'<c/>' * 20_001}</row>")}, id="cells of a row"),
        pytest.param({SHEET: sheet_with(ROW + "<x/>" * 20_001)}, id="beside the rows"),
        pytest.param(
            {SHEET: sheet_with(f"<row>{'<c/>' * 9_000}</row>" * 12)}, id="more than columns for so few rows"
        ),
        pytest.param(
            {SHEET: sheet_with(f"<row>{'<c/>' * 20_001}</row>").decode().encode("utf-16")}, id="wide signs"
        ),
        pytest.param(
            {SHEET: sheet_with("<row " + " ".join(f'a{n}="x"' for n in range(500_000)) + "/>")},
            id="attributes",
        ),
        pytest.param({SHARED: b"<si/>" * 400_001}, id="words"),
        pytest.param({"xl/styles.xml": b"<xf/>" * 20_001}, id="styles"),
        pytest.param({"xl/a.bin": b"<xf/>" * 10_001, "xl/b.bin": b"<xf/>" * 10_001}, id="frame"),
    ],
)
def test_more_elements_than_a_table_has(parts: Mapping[str, bytes]) -> None:
    """Each is small, and would be a hundred times as much in memory."""
    with pytest.raises(errors.FileUnpacksTooLarge):
        open_table(io.BytesIO(workbook(parts)))


TYPES, BOOK, LINKS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def part_of(name: str, *pairs: tuple[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        text = archive.read(name).decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def with_words(words: str, *, at: str = SHARED, more: Mapping[str, bytes] | None = None) -> bytes:
    """As most programs write: the words stand in a part of their own, and cells say which."""
    types = part_of(TYPES, ("</Types>", f'<Override PartName="/{at}" ContentType="{STRINGS}"/></Types>'))
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>'
    parts = {TYPES: types, SHEET: sheet_with(row * 20), at: f'<sst xmlns="{MAIN}">{words}</sst>'.encode()}
    return workbook({**parts, **(more or {})})


WORDS = f"<si><t>{'x' * 1000}</t></si><si><r><t>Für </t></r><r><t>Elise</t></r></si>"


def test_words_in_a_part_of_their_own() -> None:
    assert cells(with_words(WORDS)) == [["x" * 1000, "Für Elise", "x" * 1000]] * 20


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_words(WORDS, at="xl/worksheets/sheet9.xml"), id="words as a sheet"),
        pytest.param(with_words(WORDS, at="xl/words.bin"), id="words elsewhere"),
        pytest.param(
            with_words(
                WORDS,
                more={LINKS: part_of(LINKS, ("/xl/worksheets/sheet1.xml", "/xl/sharedStrings.xml"))},
            ),
            id="a sheet of words",
        ),
        pytest.param(
            workbook(
                {
                    TYPES: part_of(TYPES, ("/xl/workbook.xml", "/xl/worksheets/sheet9.xml")),
                    "xl/worksheets/sheet9.xml": part_of(BOOK),
                    "xl/worksheets/_rels/sheet9.xml.rels": part_of(LINKS),
                }
            ),
            id="the book as a sheet",
        ),
    ],
)
def test_parts_that_are_something_else_than_their_place_says(content: bytes) -> None:
    table = open_table(io.BytesIO(content))
    with pytest.raises(errors.FileIsBroken):
        list(table)


def test_a_sheet_that_is_named_a_thousand_times_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    book = part_of(BOOK)
    start, end = book.index(b"<sheet "), book.index(b"</sheets>")
    many = book[:start] + book[start:end] * 1000 + book[end:]
    opened: list[str] = []
    real = zipfile.ZipFile.open

    def noted(self: zipfile.ZipFile, name: Any, *given: Any, **named: Any) -> Any:
        opened.append(getattr(name, "filename", name))
        return real(self, name, *given, **named)

    table = open_table(io.BytesIO(workbook({BOOK: many})))
    monkeypatch.setattr(zipfile.ZipFile, "open", noted)
    assert len(list(table)) == 3
    assert opened.count(SHEET) == 1


def test_one_word_in_every_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written down once, it stands there as often as it is named."""
    monkeypatch.setattr(xlsx_tables, "MOST_BYTES", 10_000)
    with pytest.raises(errors.FileUnpacksTooLarge):
        cells(with_words(WORDS))


def test_a_cell_that_is_longer_than_any() -> None:
    text = f'<row><c t="inlineStr"><is><t>{"x" * (limits.LONGEST_CELL + 1)}</t></is></c></row>'
    with pytest.raises(errors.FileIsBroken):
        cells(workbook({SHEET: sheet_with(text)}))


@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml", TYPES])
def test_a_damaged_workbook_says_so(importer: Importer, part: str) -> None:
    """Bits of what is packed have been lost: with words beside the field, however the library puts it."""
    content = bytearray(workbook(rows=300))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        info = archive.getinfo(part)
    middle = info.header_offset + 30 + len(part) + info.compress_size // 3
    content[middle : middle + 12] = b"\xff" * 12
    answer = importer.send(SimpleUploadedFile("practice.xlsx", bytes(content)))
    assert answer.status_code == 200
    assert "This file is damaged" in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "error",
    [zlib.error, EOFError, RuntimeError, NotImplementedError, KeyError, OverflowError, RecursionError],
)
def test_whatever_the_libraries_say_is_a_damaged_file(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise error

    content = workbook()
    table = open_table(io.BytesIO(content))
    monkeypatch.setattr(zipfile.ZipFile, "open", broken)
    for read in (lambda: list(table), lambda: open_table(io.BytesIO(content))):
        with pytest.raises(errors.FileIsBroken):
            read()


def test_entities_of_xml_are_not_unfolded() -> None:
    """A billion laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(errors.FileIsBroken):
        list(open_table(io.BytesIO(workbook({SHEET: sheet.encode()}))))


def test_a_sheet_that_claims_to_be_endless() -> None:
    """The cell at the far end of the last row there can be: neither its width nor its rows are made up."""
    sheet = (
        f'<worksheet xmlns="{MAIN}">'
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c>'
        '</row><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    table = open_table(io.BytesIO(workbook({SHEET: sheet.encode()})))
    widths: list[int] = []
    with pytest.raises(errors.FileHasTooManyRows):
        widths.extend(len(row.cells) for row in table)
    assert max(widths) <= limits.MOST_COLUMNS


@pytest.mark.parametrize("make", [lambda: csv_of(9).encode(), lambda: workbook(rows=9)])
def test_too_many_rows_are_refused_before_all_are_read(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = make()
    for module in (csv_tables, xlsx_tables, archives):
        monkeypatch.setattr(module, "MOST_ROWS", 9)
    assert count_rows(open_table(io.BytesIO(content))) == 9
    for module in (csv_tables, xlsx_tables, archives):
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
