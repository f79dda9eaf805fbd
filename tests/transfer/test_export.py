"""A diary as a file: who gets what of it, that it is complete, and that it begins at once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.accounts.services import revoke_grant
from apps.core.models import AuditEvent
from apps.practice import queries as practice
from apps.practice.content import Line
from apps.practice.models import FocusArea
from apps.practice.queries import Filters
from apps.transfer.files import writing_xlsx
from apps.transfer.queries import exports
from apps.transfer.safe_cells import guarded
from tests.conftest import Cast
from tests.factories.children import child_client, make_child_login
from tests.factories.practice import make_entry

from .files import body, csv_rows, document, sheet_of, xlsx_rows

SignIn = Callable[[User], Client]
KINDS = ("csv", "xlsx", "json")
DAY = timedelta(days=1)
HEADER = [
    "Date",
    "Started at",
    "Time zone",
    "Minutes",
    "Pieces and exercises",
    "What was practised",
    "What was hard",
    "What went well",
    "Notes",
    "About",
    "For an exam",
    "For a performance",
    "Enjoyment",
    "Mood",
    "Quality",
    "Difficulty",
    "Confidence",
    "Who may read it",
]


def today(cast: Cast) -> date:
    return cast.student.today(timezone.now())


def words_in(cast: Cast, content: bytes, kind: str) -> set[str]:
    text = str(xlsx_rows(content)) if kind == "xlsx" else content.decode()
    return cast.canaries.found_in(text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("student", {"shared", "private", "addressed"}),
        ("guardian", {"shared", "private", "addressed"}),
        ("teacher", {"shared"}),
        ("second_teacher", {"shared", "addressed"}),
        ("viewer", {"shared"}),
    ],
)
def test_each_takes_along_what_they_may_read(
    cast: Cast, as_user: SignIn, name: str, read: set[str], kind: str
) -> None:
    found = words_in(cast, body(as_user(cast.user(name)), cast.student.pk, kind), kind)
    kinds = ("shared", "private", "addressed")
    assert {each for each in kinds if f"Qz{each}description" in found} == read
    assert {word for word in found if not cast.canaries.may_read(word, cast.user(name), "/")} == set()


@pytest.mark.parametrize("route", ["diary-export", *(f"diary-{kind}" for kind in KINDS)])
@pytest.mark.parametrize(
    "name", ["stranger", "former_teacher", "former_guardian", "expired_guest", "superuser"]
)
def test_nobody_else_takes_anything(cast: Cast, as_user: SignIn, name: str, route: str) -> None:
    url = reverse(f"transfer:{route}", args=[cast.student.pk])
    assert as_user(cast.user(name)).get(url).status_code == 404
    assert as_user(cast.user("guardian")).post(url).status_code == 405


def full_entry(cast: Cast, **more: Any) -> None:
    make_entry(
        cast.student,
        cast.user("guardian"),
        minutes=75,
        lines=[Line("Minuet in G", minutes=10, tempo=80, repetitions=3), Line("Scale", kind="exercise")],
        description="The whole of it",
        struggles='Bar 3,\r\n"loud"; soft',
        notes="Ää 🎻",
        focus_areas=list(FocusArea.objects.filter(slug="tone")),
        own_area="Left hand",
        preparing_for_exam=True,
        enjoyment=4,
        **more,
    )


def test_every_column_of_a_session(cast: Cast, as_user: SignIn) -> None:
    at = datetime(2026, 1, 1, 18, 5).time()
    full_entry(cast, practised_on=today(cast) - 400 * DAY, started_at_time=at, is_private=True)
    client, day = as_user(cast.user("guardian")), today(cast) - 400 * DAY
    expected = [
        day.isoformat(),
        "18:05",
        cast.student.time_zone,
        "75",
        "Minuet in G | 10 min | 80 bpm | 3 x\nScale | exercise",
        "The whole of it",
        'Bar 3,\r\n"loud"; soft',
        "",
        "Ää 🎻",
        "Tone\nLeft hand",
        "yes",
        "",
        "4",
        "",
        "",
        "",
        "",
        "private",
    ]
    assert csv_rows(body(client, cast.student.pk, "csv"))[:2] == [HEADER, expected]
    header, first = xlsx_rows(body(client, cast.student.pk, "xlsx"))[:2]
    assert header == HEADER
    assert first[0] == datetime(day.year, day.month, day.day)
    assert first[3] == 75
    # A carriage return is no line break of XML; it stands there by its stand-in.
    assert first[6] == 'Bar 3,_x000D_\n"loud"; soft'
    assert first[4] == expected[4]
    found = document(body(client, cast.student.pk, "json"))
    assert (found["format"], found["version"]) == ("woodshed-diary", 1)
    assert found["time_zone"] == cast.student.time_zone
    assert found["entries"][0] == {
        "date": day.isoformat(),
        "started_at": "18:05",
        "time_zone": cast.student.time_zone,
        "minutes": 75,
        "duration": "PT1H15M",
        "lines": [
            {"title": "Minuet in G", "kind": "piece", "minutes": 10, "tempo": 80, "repetitions": 3},
            {"title": "Scale", "kind": "exercise", "minutes": None, "tempo": None, "repetitions": None},
        ],
        "description": "The whole of it",
        "struggles": 'Bar 3,\r\n"loud"; soft',
        "achievements": "",
        "notes": "Ää 🎻",
        "focus_areas": ["tone", "Left hand"],
        "for_exam": True,
        "for_performance": False,
        "enjoyment": 4,
        "mood": None,
        "quality": None,
        "difficulty": None,
        "confidence": None,
        "audience": "private",
        "only_for": None,
    }


def test_it_is_written_in_the_language_of_who_reads(cast: Cast, as_user: SignIn) -> None:
    user = cast.user("second_teacher")
    user.language = "de"
    user.save(update_fields=["language"])
    content = body(as_user(user), cast.student.pk, "csv")
    assert content.startswith(b'\xef\xbb\xbf"Datum";"')
    rows = csv_rows(content)
    assert {row[-1] for row in rows[1:]} == {"", f"nur für: {user.display_name} (Violin)"}


def test_days_and_filters_are_those_of_the_history(cast: Cast, as_user: SignIn) -> None:
    for number in range(4):
        make_entry(
            cast.student,
            cast.user("student"),
            lines=[Line(f"Piece {number}")],
            practised_on=today(cast) - number * DAY,
            preparing_for_exam=number == 2,
        )
    client = as_user(cast.user("guardian"))

    def found(query: str) -> list[str]:
        rows = csv_rows(body(client, cast.student.pk, "csv", query))
        return [row[4][-1] for row in rows[1:] if row[4].startswith("Piece")]

    first, last = (today(cast) - 2 * DAY).isoformat(), (today(cast) - DAY).isoformat()
    assert found("") == ["3", "2", "1", "0"]
    assert found(f"?from={first}&to={last}") == ["2", "1"]
    assert found("?exam=1") == ["2"]
    assert found("?q=piece+3") == ["3"]
    page = client.get(reverse("transfer:diary-export", args=[cast.student.pk]) + "?exam=1").content.decode()
    assert reverse("transfer:diary-xlsx", args=[cast.student.pk]) + "?exam=1" in page
    history = client.get(reverse("practice:entry-list", args=[cast.student.pk]) + "?exam=1").content.decode()
    assert reverse("transfer:diary-export", args=[cast.student.pk]) + "?exam=1" in history


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_fits_is_a_whole_file_too(cast: Cast, as_user: SignIn, kind: str) -> None:
    content = body(as_user(cast.user("guardian")), cast.student.pk, kind, "?to=2001-01-01")
    if kind == "json":
        assert document(content)["entries"] == []
    else:
        assert (csv_rows(content) if kind == "csv" else xlsx_rows(content)) == [HEADER]


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_batches_lose_and_repeat_nothing(
    cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Several sessions of one day and one moment, too."""
    now = timezone.now()
    for number in range(7):
        day = today(cast) - (number // 3) * DAY
        make_entry(cast.student, cast.user("student"), practised_on=day, minutes=number + 1, now=now)
    client = as_user(cast.user("guardian"))
    whole = body(client, cast.student.pk, "csv")
    monkeypatch.setattr(exports, "BATCH", size)
    assert body(client, cast.student.pk, "csv") == whole
    assert len(csv_rows(whole)) == 1 + 7 + 3


def test_the_first_rows_leave_before_the_last_are_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A query for each batch and two for who the reader still is; none before the first is asked for."""
    monkeypatch.setattr(exports, "BATCH", 1)
    user = cast.user("guardian")
    head = practice.find_head(user, cast.student.pk, "view")
    assert head is not None
    batches = exports.exported_batches(user, head, Filters(), language="en")
    with django_assert_num_queries(1):
        assert len(next(batches)) == 1
    with django_assert_num_queries(3):
        assert len(next(batches)) == 1


def test_whoever_loses_the_diary_meanwhile_gets_no_further_batch(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "BATCH", 1)
    for _each in range(3):
        make_entry(cast.student, cast.user("student"))
    guest, now = cast.user("viewer"), timezone.now()
    head = practice.find_head(guest, cast.student.pk, "view")
    assert head is not None
    batches = exports.exported_batches(guest, head, Filters(), language="en")
    assert len(list(islice(batches, 2))) == 2
    revoke_grant(student=cast.student, user=guest, by=cast.user("guardian"), now=now)
    assert list(batches) == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "\tx", "\rx", "'=1", "''+2", "\uff1d1+1", "'tis", "plain"]
)
def test_no_cell_runs(cast: Cast, as_user: SignIn, text: str) -> None:
    """Read back, it is the very text; a spreadsheet takes it for one."""
    note = text + " and more words"
    make_entry(cast.student, cast.user("student"), notes=note, practised_on=today(cast) - 400 * DAY)
    client = as_user(cast.user("guardian"))
    raw = body(client, cast.student.pk, "csv").decode("utf-8-sig")
    assert f'"{guarded(note)}"' in raw
    assert guarded(note)[0] not in "=+-@\t\r\uff1d"
    assert csv_rows(raw.encode())[1][8] == note
    cell = sheet_of(body(client, cast.student.pk, "xlsx"))["I2"]
    assert cell.data_type in ("s", "inlineStr")
    assert writing_xlsx.as_written(cell.value) == note
    assert cell.style == "Normal"
    assert bool(cell.quotePrefix) == (guarded(note) != note)


def test_a_sheet_that_is_full_goes_on_in_another(
    cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_xlsx, "MOST_ROWS", 3)
    content = body(as_user(cast.user("guardian")), cast.student.pk, "xlsx")
    first, second = sheet_of(content), sheet_of(content, 1)
    assert (first.title, second.title) == ("Practice diary", "Practice diary 2")
    assert (first.max_row, second.max_row) == (3, 2)


def test_signs_that_xml_cannot_hold_come_back() -> None:
    text = "a\x0bb\x01c\ufffed\re_x0041_f"
    assert writing_xlsx.as_written(writing_xlsx.stood_in(text)) == text


def test_an_export_is_on_the_record_and_says_nothing_of_what_was_sought(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("teacher"))
    url = reverse("transfer:diary-csv", args=[cast.student.pk])
    assert client.head(url).status_code == 200
    body(client, cast.student.pk, "csv", "?q=secret")
    row = AuditEvent.objects.get(action="diary.exported")
    assert (row.actor_id, row.student_id) == (cast.user("teacher").pk, cast.student.pk)
    assert row.details == {"kind": "csv", "filtered": True}


def test_it_is_not_kept_and_not_too_often(cast: Cast, as_user: SignIn, settings: Any) -> None:
    client = as_user(cast.user("guardian"))
    url = reverse("transfer:diary-csv", args=[cast.student.pk])
    answer = client.get(url)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="woodshed-diary-{today(cast)}.csv"'
    assert cast.student.name not in answer["Content-Disposition"]
    codes = [client.get(url).status_code for _turn in range(settings.DIARY_FILES_PER_MINUTE)]
    assert codes == [200] * (settings.DIARY_FILES_PER_MINUTE - 1) + [429]


def test_in_a_childs_session_there_is_no_way_to_it(cast: Cast) -> None:
    student, guardian = cast.other_student, cast.user("other_guardian")
    make_child_login(student, guardian)
    make_entry(student, guardian)
    client = child_client(student, guardian)
    url = reverse("transfer:diary-export", args=[student.pk])
    assert client.get(url).status_code == 403
    assert url not in client.get(reverse("practice:entry-list", args=[student.pk])).content.decode()


def test_a_closed_account_gets_no_further_batch(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream holds the person as they were when it began."""
    monkeypatch.setattr(exports, "BATCH", 1)
    user = cast.user("guardian")
    head = practice.find_head(user, cast.student.pk, "view")
    assert head is not None
    batches = exports.exported_batches(user, head, Filters(), language="en")
    assert len(next(batches)) == 1
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert list(batches) == []
