"""A file on its way into a diary: looked through, let in, taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.practice import services as practice
from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeDay, PracticeEntry
from apps.repertoire.models import Piece, Skill
from apps.transfer.models import Import
from tests.conftest import Cast
from tests.factories.repertoire import make_piece

from .conftest import TABLE, Cells, Importer, csv_file, entries_of, verdicts, xlsx_file

SignIn = Callable[[User], Client]


def test_from_a_file_into_the_diary(cast: Cast, importer: Importer, day: str) -> None:
    before = PracticeEntry.objects.count()
    batch = importer.check(csv_file(TABLE.format(day=day)))
    assert batch.mapping == {"date": 0, "minutes": 1, "piece": 2, "composer": 3, "tempo": 4, "notes": 5}
    assert PracticeEntry.objects.count() == before
    assert verdicts(batch) == {2: ("ok", []), 3: ("ok", [])}
    assert "Bring in the 2 that are right" in importer.page(batch)
    importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
    batch.refresh_from_db()
    first, second = entries_of(batch)
    assert (batch.state, batch.added) == ("done", 2)
    assert (first.minutes, second.minutes) == (45, 75)
    assert first.notes == "Two lines,\nin quotes"
    line = first.items.get()
    assert (line.title, line.tempo, line.share_minutes) == ("Minuet in G (Petzold)", 80, 45)
    assert first.logged_by == cast.user("guardian")
    total = PracticeDay.objects.get(
        student=cast.student, practised_on=day, is_private=False, addressed_to=None
    )
    assert total.minutes == 30 + 45 + 75
    actions = AuditEvent.objects.filter(target_id=batch.pk).values_list("action", flat=True)
    assert set(actions) == {"import.begun", "import.started"}


def test_the_same_file_again_adds_nothing(importer: Importer, day: str) -> None:
    text = TABLE.format(day=day)
    importer.bring(csv_file(text))
    again = importer.check(csv_file(text.replace("\n", "\r\n"), "utf-16"))
    assert verdicts(again) == {2: ("known", ["already_there"]), 3: ("known", ["already_there"])}
    assert "All of this is in the diary already" in importer.page(again)
    assert importer.client.post(reverse("transfer:import-start", args=[again.pk])).status_code == 302
    assert Import.objects.get(pk=again.pk).added == 0


def test_what_went_in_is_shown_as_it_is_today(cast: Cast, importer: Importer, day: str) -> None:
    batch = importer.bring(csv_file(TABLE.format(day=day) + "never,5,Song,,,\n"))
    first, second = entries_of(batch)
    by, now = cast.user("guardian"), timezone.now()
    content = EntryContent(practised_on=first.practised_on, minutes=7, lines=[Line("Gavotte")])
    practice.change_entry(entry=first, by=by, content=content, now=now)
    practice.delete_entry(entry=second, by=by, now=now)
    page = importer.page(batch)
    assert reverse("practice:entry-detail", args=[first.pk]) in page
    assert "7 min" in page
    assert "Gavotte" in page
    assert reverse("practice:entry-detail", args=[second.pk]) not in page
    assert "Song<" not in page
    # What did not go in says nothing of a session.
    assert "entries/" not in importer.page(batch, "?verdict=refused").partition("<tbody")[2]


def test_a_guest_reads_of_what_went_in_no_more_than_elsewhere(cast: Cast, as_user: SignIn, day: str) -> None:
    """The family makes private what a guest brought."""
    guest = Importer(as_user(cast.user("logger")), cast.student.pk)
    batch = guest.bring(csv_file(f"Date,Minutes,Piece\n{day},33,Sarabande\n"))
    assert "Sarabande" in guest.page(batch)
    [entry] = entries_of(batch)
    content = EntryContent(
        practised_on=entry.practised_on, minutes=33, lines=[Line("Sarabande")], is_private=True
    )
    practice.change_entry(entry=entry, by=cast.user("guardian"), content=content, now=timezone.now())
    assert "Sarabande" not in guest.page(batch)


def test_nor_after_somebody_changed_what_it_brought(cast: Cast, importer: Importer, day: str) -> None:
    batch = importer.bring(csv_file(TABLE.format(day=day)))
    entry = entries_of(batch)[1]
    content = EntryContent(practised_on=entry.practised_on, minutes=5, lines=[Line("Other")])
    practice.change_entry(entry=entry, by=cast.user("guardian"), content=content, now=timezone.now())
    again = importer.check(csv_file(TABLE.format(day=day)))
    assert {verdict for verdict, _codes in verdicts(again).values()} == {"known"}


def test_two_pages_at_once_add_it_once(importer: Importer, day: str) -> None:
    """Both were looked through before either went in."""
    first = importer.check(csv_file(TABLE.format(day=day)))
    second = importer.check(csv_file(TABLE.format(day=day)))
    for batch in (first, second):
        importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
        batch.refresh_from_db()
    assert (first.added, second.added) == (2, 0)
    assert second.state == "done"
    assert {verdict for verdict, _codes in verdicts(second).values()} == {"known"}


def test_what_was_logged_by_hand_is_known(cast: Cast, importer: Importer, day: str) -> None:
    text = f"Date,Minutes,Piece\n{cast.entry.practised_on},30,Minuet in G\n"
    PracticeEntry.objects.filter(pk=cast.entry.pk).update(
        description="", struggles="", achievements="", notes=""
    )
    assert verdicts(importer.check(csv_file(text))) == {2: ("known", ["already_there"])}


def test_rows_that_say_the_same(importer: Importer, day: str) -> None:
    text = f"Date,Minutes,Piece\n{day},20,Song\n{day},20,Song\n{day},20,Song\n"
    assert verdicts(importer.check(csv_file(text))) == {
        2: ("ok", []),
        3: ("known", ["same_as_row"]),
        4: ("known", ["same_as_row"]),
    }
    batch = importer.bring(csv_file(text), doubles="on")
    assert batch.added == 3
    again = importer.check(csv_file(text + f"{day},20,Song\n"), doubles="on")
    assert [verdict for verdict, _codes in verdicts(again).values()] == ["known"] * 3 + ["ok"]


def test_each_row_says_what_is_wrong(cast: Cast, importer: Importer, day: str) -> None:
    tomorrow = cast.student.today(timezone.now()) + timedelta(days=1)
    rows = {
        f"{day},10,Song,80": ("ok", []),
        f"{tomorrow},10,Song,80": ("refused", ["DayIsInTheFuture"]),
        f"{day},10,Song,-5": ("refused", ["TempoIsNotPossible"]),
        f"{day},10,Song,fast": ("refused", ["no_number"]),
        "soon,10,Song,": ("refused", ["day_unclear"]),
        ",10,Song,": ("refused", ["no_day"]),
        f"{day},,Song,": ("refused", ["no_length"]),
        f"{day},a while,Song,": ("refused", ["length_unclear"]),
        f"{day},0,Song,": ("refused", ["SessionIsTooShort"]),
        f"{day},301,Song,": ("refused", ["SessionIsTooLong"]),
        f"{day},11,,": ("refused", ["NothingWasSaid"]),
        f"{day},90 s,Song,": ("warning", ["rounded"]),
        f"{day},12,{'x' * 201},": ("refused", ["LineIsTooLong"]),
        "1899-12-31,13,Song,": ("refused", ["day_too_early"]),
        f"{day},14,\u200b,": ("refused", ["invisible"]),
    }
    batch = importer.check(csv_file("Date,Minutes,Piece,Tempo\n" + "\n".join(rows) + "\n"))
    assert list(verdicts(batch).values()) == list(rows.values())
    page = importer.page(batch, "?verdict=refused")
    assert "That day is still to come where" in page
    assert "The tempo of a line is a number from 20 to 400." in page
    assert "“soon” is no day that we understand." in page
    assert ">right<" not in page
    importer.client.post(reverse("transfer:import-start", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.added == 2


def test_a_future_date_in_row_731(cast: Cast, importer: Importer) -> None:
    """Named by its number; all the others go in, and in the order of the file."""
    today = cast.student.today(timezone.now())
    days = [today - timedelta(days=number) for number in range(800)]
    days[729] = today + timedelta(days=3)
    text = "Date,Minutes,Piece\n" + "".join(f"{day},20,Song {n}\n" for n, day in enumerate(days, start=2))
    batch = importer.bring(csv_file(text))
    refused = batch.rows.filter(verdict="refused")
    assert [(row.number, row.problems) for row in refused] == [(731, [["DayIsInTheFuture", []]])]
    assert batch.added == 799
    titles = [entry.items.get().title for entry in entries_of(batch)[:3]]
    assert titles == ["Song 2", "Song 3", "Song 4"]


def test_pages_of_rows_by_number(cast: Cast, importer: Importer, day: str) -> None:
    text = "Date,Minutes,Piece\n" + "".join(f"{day},1,Song {n}\n" for n in range(120))
    batch = importer.check(csv_file(text))
    first = importer.page(batch)
    assert "Song 49<" in first
    assert "Song 50<" not in first
    assert "?after=51" in first
    second = importer.page(batch, "?after=51")
    assert "Song 50<" in second
    assert "Song 99<" in second
    assert "Song 49<" not in second
    assert "Song 0<" in importer.page(batch, "?after=x&verdict=y")


def test_the_order_of_days_is_asked_where_nothing_tells(importer: Importer) -> None:
    text = "Date,Minutes,Piece\n3/4/2025,20,Song\n5/6/2025,20,Song\n"
    batch = importer.upload(csv_file(text))
    answer = importer.columns(batch)
    assert answer.status_code == 200
    assert "The file does not tell" in answer.content.decode()
    assert "Say below which number of a date is the month." in answer.content.decode()
    assert importer.columns(batch, order="mdy").status_code == 302
    found = [row.content["date"] for row in batch.rows.order_by("number")]
    assert found == ["2025-03-04", "2025-05-06"]


def test_the_file_tells_the_order_where_it_can(importer: Importer) -> None:
    batch = importer.check(csv_file("Date,Minutes,Piece\n3/4/2025,20,Song\n13/6/2025,20,Song\n"))
    assert [row.content["date"] for row in batch.rows.order_by("number")] == ["2025-04-03", "2025-06-13"]


def test_columns_are_the_persons_to_say(importer: Importer, day: str) -> None:
    batch = importer.upload(csv_file(f"a,b,c\n{day},0.5,Song\n"))
    answer = importer.columns(batch)
    assert "Say which column is “Date”." in answer.content.decode()
    assert "Say which column is “Minutes”." in answer.content.decode()
    answer = importer.columns(batch, column0="date", column1="minutes", column2="minutes")
    assert "Another column has this meaning already." in answer.content.decode()
    chosen = {"column0": "date", "column1": "minutes", "column2": "skill", "unit": "h"}
    assert importer.columns(batch, **chosen).status_code == 302
    row = batch.rows.get()
    assert (row.content["minutes"], row.content["lines"][0]["kind"]) == (30, "exercise")
    # And once more, otherwise.
    assert importer.columns(batch, column2="piece").status_code == 302
    assert batch.rows.get().content["lines"][0]["kind"] == "piece"


def test_rows_that_say_nothing_get_what_the_person_says(importer: Importer, day: str) -> None:
    batch = importer.bring(csv_file(f"Date,Minutes\n{day},20\n"), fill="Practice")
    assert entries_of(batch)[0].items.get().title == "Practice"


def test_lines_are_attached_and_pieces_made_if_wished(cast: Cast, importer: Importer, day: str) -> None:
    minuet = make_piece(cast.student, cast.user("guardian"), "Menuet", composer="Petzold")
    text = f"Date,Minutes,Piece,Composer,Exercise\n{day},20,MENUET,Petzold,Vibrato\n{day},21,New,Bach,\n"
    importer.undo(importer.bring(csv_file(text)))
    assert not Piece.objects.filter(title="New").exists()
    batch = importer.bring(csv_file(text), make="on")
    first, second = entries_of(batch)
    assert first.items.get(position=0).piece == minuet
    assert first.items.get(position=1).skill == Skill.objects.get(student=cast.student, name="Vibrato")
    made = Piece.objects.get(student=cast.student, title="New")
    assert (made.composer, second.items.get().piece) == ("Bach", made)


def test_a_workbook_with_real_days_and_times(cast: Cast, importer: Importer) -> None:
    today = cast.student.today(timezone.now())
    rows: list[Cells] = [
        ["Datum", "Beginn", "Dauer", "Stück"],
        [today, timezone.now().time().replace(hour=18, minute=5, second=0, microsecond=0), 45, "Lied"],
        [today, None, timedelta(hours=1, minutes=15), "=1+1"],
    ]
    batch = importer.bring(xlsx_file(rows))
    [first] = entries_of(batch)
    assert (first.minutes, str(first.started_at_time)) == (45, "18:05:00")
    # A formula that nobody has worked out says nothing.
    assert verdicts(batch)[3] == ("refused", ["NothingWasSaid"])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_goes_in_as_it_is(importer: Importer, kind: str) -> None:
    answer = importer.client.get(reverse(f"transfer:template-{kind}", args=[importer.student]))
    assert f"woodshed-template.{kind}" in answer["Content-Disposition"]
    file = SimpleUploadedFile(f"template.{kind}", answer.content)
    batch = importer.bring(file)
    first, second = entries_of(batch)
    assert verdicts(batch) == {2: ("ok", []), 3: ("ok", [])}
    assert [line.title for line in first.items.order_by("position")] == ["Minuet in G", "Scale of D major"]
    assert second.minutes == 75
