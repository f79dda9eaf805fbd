"""Export, import into an empty diary, export again: the very same file."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Student, User
from apps.core.forms import LineField, LongTextField
from apps.practice.content import EntryContent, Line
from apps.practice.dividing import divide
from apps.practice.models import FocusArea
from apps.practice.queries import Filters, find_head
from apps.practice.services.areas import name_areas
from apps.practice.services.bulk import NewEntry, log_entries
from apps.private_teaching.models import Teaching
from apps.transfer import services
from apps.transfer.columns import words_in
from apps.transfer.files.writing_csv import csv_pieces, separator_for
from apps.transfer.files.writing_xlsx import xlsx_pieces
from apps.transfer.models import Import
from apps.transfer.queries import exported_batches
from apps.transfer.records import record_of
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_teaching
from tests.sweep.world import undone

Draft = tuple[EntryContent, list[str], bool]
RATING = st.none() | st.integers(1, 5)
# As the form leaves them: something can be seen, nothing stands around it.
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def _is_seen(field: Any, text: str) -> bool:
    try:
        return bool(field.clean(text) == text)
    except Exception:  # noqa: BLE001  (the form refuses it)
        return False


LINE = st.text(ANY, max_size=30).map(LineField(required=False).to_python)
TITLES = LINE.filter(lambda text: bool(text) and _is_seen(LineField(), text))
WORDS = (
    st.text(ANY, max_size=60)
    .map(str.strip)
    .filter(lambda text: _is_seen(LongTextField(required=False), text))
)
NOTES = WORDS | st.sampled_from(
    ["=1+1", "'=1", "+49", "-", "@x", '"quoted"', "a\r\nb", "a;b,c\td", "_x000D_", "''="]
)
LINES = st.builds(
    Line,
    TITLES,
    st.sampled_from(["piece", "exercise"]),
    st.none(),
    st.none() | st.integers(20, 400),
    st.none() | st.integers(1, 999),
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A session that the form could have made, its focus areas, and whether it is for the teacher alone."""
    lines = draw(st.lists(LINES, min_size=1, max_size=3))
    minutes = draw(st.integers(len(lines), 60))
    if draw(st.booleans()):
        shares = divide(minutes, [None] * len(lines))
        lines = [replace(line, minutes=share) for line, share in zip(lines, shares, strict=True)]
    content = EntryContent(
        practised_on=date(2026, 1, 1) - timedelta(days=draw(st.integers(0, 5))),
        minutes=minutes,
        lines=lines,
        description=draw(NOTES),
        struggles=draw(NOTES),
        achievements=draw(NOTES),
        notes=draw(NOTES),
        started_at_time=draw(st.none() | st.times()),
        preparing_for_exam=draw(st.booleans()),
        preparing_for_performance=draw(st.booleans()),
        enjoyment=draw(RATING),
        mood=draw(RATING),
        quality=draw(RATING),
        difficulty=draw(RATING),
        confidence=draw(RATING),
        is_private=draw(st.booleans()),
    )
    areas = draw(
        st.lists(st.sampled_from(["tone", "rhythm", "Left hand", "A; b, c"]), max_size=2, unique=True)
    )
    return content, areas, draw(st.booleans())


TWIN = EntryContent(
    practised_on=date(2026, 1, 1), minutes=5, lines=[Line("=a | b\\")], started_at_time=time(0)
)


@pytest.fixture
def owner(db: None) -> User:
    return make_user("Parent of two")


def diary(owner: User, teacher: User) -> tuple[Student, Teaching]:
    student = make_student("Twin")
    make_guardianship(student, owner)
    return student, make_teaching(teacher, student)


def write_down(student: Student, by: User, teaching: Teaching, said: Sequence[Draft]) -> None:
    names = {name for _content, areas, _only in said for name in areas if name[0].isupper()}
    areas = name_areas(student=student, names=sorted(names))
    areas |= {area.slug: area for area in FocusArea.objects.shipped()}
    entries = []
    for content, wanted, only in said:
        to = teaching if only and not content.is_private else None
        own = {"focus_areas": [areas[name] for name in wanted], "addressed_to": to}
        entries.append(NewEntry(key=uuid4(), content=EntryContent(**{**vars(content), **own})))
    assert log_entries(student=student, by=by, entries=entries, now=timezone.now()) == {}


def exported(student: Student, user: User, kind: str, language: str) -> bytes:
    head = find_head(user, student.pk, "view")
    assert head is not None
    words = words_in(language, {area.slug: str(area) for area in FocusArea.objects.shipped()})
    batches = exported_batches(user, head, Filters(), language=language)
    rows = ([list(record_of(entry, words).values()) for entry in batch] for batch in batches)
    header = list(words.labels.values())
    if kind == "csv":
        return b"".join(csv_pieces(header, rows, separator=separator_for(language)))
    return b"".join(xlsx_pieces(header, rows, title="Diary"))


def bring(student: Student, by: User, content: bytes) -> Import:
    file, now = SimpleUploadedFile("diary", content), timezone.now()
    batch = services.begin_import(student=student, by=by, name="diary", file=file, now=now)
    services.ask_check(batch=batch, mapping=batch.mapping, options=batch.options)
    services.run_now(batch=batch, clock=timezone.now)
    batch.refresh_from_db()
    assert batch.importer == "woodshed"
    assert batch.right == batch.row_count, [row.problems for row in batch.rows.exclude(verdict="ok")]
    services.ask_import(batch=batch, by=by, now=now)
    services.run_now(batch=batch, clock=timezone.now)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize(("kind", "language"), [("csv", "en"), ("csv", "de"), ("xlsx", "en")])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=st.lists(drafts(), min_size=1, max_size=6))
@example(said=[(TWIN, ["A; b, c"], True), (TWIN, ["A; b, c"], True), (TWIN, [], False)])
def test_the_same_file(owner: User, kind: str, language: str, said: list[Draft]) -> None:
    with undone():
        teacher = make_user("Teacher of both", email="of.both@people.example")
        first, teaching = diary(owner, teacher)
        second, _other = diary(owner, teacher)
        write_down(first, owner, teaching, said)
        content = exported(first, owner, kind, language)
        batch = bring(second, owner, content)
        assert batch.added == len(said)
        again = exported(second, owner, kind, language)
        if kind == "csv":
            assert again == content
        else:
            # The zip says when it was made.
            assert unpacked(again) == unpacked(content)
        # And none of it is new there, nor where it came from.
        for student in (first, second):
            known = services.begin_import(
                student=student,
                by=owner,
                name="diary",
                file=SimpleUploadedFile("diary", content),
                now=timezone.now(),
            )
            services.ask_check(batch=known, mapping=known.mapping, options=known.options)
            services.run_now(batch=known, clock=timezone.now)
            known.refresh_from_db()
            assert known.counts == {"known": len(said)}


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
