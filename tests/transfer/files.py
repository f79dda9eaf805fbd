"""Reading back what was exported."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import openpyxl
from django.test import Client
from django.urls import reverse

from apps.transfer.safe_cells import unguarded

Rows = list[list[str]]


def body(client: Client, student: UUID, kind: str, query: str = "") -> bytes:
    answer = client.get(reverse(f"transfer:diary-{kind}", args=[student]) + query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def csv_rows(content: bytes) -> Rows:
    """As they stand there, the guard of formulas taken off."""
    text = content.decode("utf-8-sig")
    dialect = ";" if text.split("\r\n")[0].count('";"') else ","
    return [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, ""), delimiter=dialect)]


def sheet_of(content: bytes, number: int = 0) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[number]


def xlsx_rows(content: bytes) -> list[list[Any]]:
    return [list(row) for row in sheet_of(content).iter_rows(values_only=True)]


def document(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)
    return found
