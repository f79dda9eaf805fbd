"""Who brings what into whose diary, and who may read it there."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.practice.queries import find_head
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.practice import make_entry

from .conftest import Importer, csv_file, entries_of, verdicts
from .files import body

SignIn = Callable[[User], Client]


def test_a_guest_who_may_log_brings_what_is_shared(cast: Cast, as_user: SignIn, day: str) -> None:
    guest = Importer(as_user(cast.user("logger")), cast.student.pk)
    text = f"Date,Minutes,Piece,Private,Focus\n{day},5,Song,yes,Own thing\n{day},6,Song,,Own thing\n"
    batch = guest.bring(csv_file(text))
    assert verdicts(batch) == {
        2: ("refused", ["area_left_out", "not_for_guests"]),
        3: ("warning", ["area_left_out"]),
    }
    entry = entries_of(batch)[0]
    assert (entry.logged_by, entry.is_private) == (cast.user("logger"), False)
    assert entry.focus_areas.count() == 0


def test_a_guest_knows_of_no_other_file(cast: Cast, importer: Importer, as_user: SignIn, day: str) -> None:
    batch = importer.check(csv_file(f"Date,Minutes,Piece\n{day},45,Song\n"))
    for name in ("logger", "teacher", "viewer", "stranger", "former_guardian"):
        client = as_user(cast.user(name))
        for route in ("import-show", "import-columns"):
            assert client.get(reverse(f"transfer:{route}", args=[batch.pk])).status_code == 404
        assert client.post(reverse("transfer:import-start", args=[batch.pk])).status_code == 404
    client = as_user(cast.user("logger"))
    assert (
        "practice.csv"
        not in client.get(reverse("transfer:import-begin", args=[cast.student.pk])).content.decode()
    )


def test_private_and_for_one_teacher(cast: Cast, importer: Importer, day: str) -> None:
    name = cast.user("second_teacher").display_name
    text = (
        f"Date,Minutes,Piece,Who may read it\n{day},5,A,private\n{day},6,B,only for: {name} (Violin)\n"
        f"{day},7,C,only for: Nobody we know\n{day},8,D,\n"
    )
    batch = importer.bring(csv_file(text))
    found = [(entry.is_private, entry.addressed_to) for entry in entries_of(batch)]
    assert found == [(True, None), (False, cast.second_teaching), (True, None), (False, None)]
    assert verdicts(batch)[4] == ("warning", ["teacher_unknown"])


def test_a_row_about_somebody_else(cast: Cast, importer: Importer, day: str) -> None:
    head = "Student,Practice Date,Duration,Notes\n"
    text = f"{head}{cast.student.name},{day},10,Scales in two octaves\nAnna,{day},10,x\n"
    batch = importer.upload(csv_file(text))
    assert batch.importer == "my-music-staff"
    importer.columns(batch, fill="Practice")
    assert verdicts(batch) == {2: ("ok", []), 3: ("refused", ["of_another_student"])}


HIDDEN: list[dict[str, Any]] = [
    {"is_private": True, "description": "Quick log of a song"},
    {"is_private": True, "minutes": 290, "description": "Something else altogether"},
]


def asked(guest: Importer, day: str) -> dict[int, tuple[str, list[str]]]:
    """Rows that guess what was practised on a day, and rows that feel for the room which it leaves."""
    guesses = "".join(f"{day},{minutes},,Quick log of a song\n" for minutes in (10, 17, 30))
    feelers = "".join(f"{day},{minutes},Feeler {minutes},\n" for minutes in (300, 299, 298, 297, 128, 64, 1))
    batch = guest.check(csv_file(f"Date,Minutes,Piece,Description\n{guesses}{feelers}"))
    return verdicts(batch)


@pytest.mark.parametrize("hidden", [*HIDDEN, {"for_one": True, "description": "Quick log of a song"}])
def test_a_guest_learns_nothing_from_a_file_that_only_asks(
    cast: Cast, as_user: SignIn, day: str, hidden: dict[str, Any]
) -> None:
    guest = Importer(as_user(cast.user("logger")), cast.student.pk)
    before = asked(guest, day)
    about = {"minutes": 17, "practised_on": date.fromisoformat(day), "lines": [], **hidden}
    if about.pop("for_one", False):
        about["addressed_to"] = cast.second_teaching
    make_entry(cast.student, cast.user("student"), **about)
    assert asked(guest, day) == before
    # The control: the family is told, by the very same file.
    family = Importer(as_user(cast.user("guardian")), cast.student.pk)
    assert asked(family, day) != before


def test_a_guest_does_not_learn_it_from_what_was_brought_before(
    cast: Cast, importer: Importer, as_user: SignIn, day: str
) -> None:
    importer.bring(csv_file(f"Date,Minutes,Piece,Private\n{day},17,Song,yes\n"))
    guest = Importer(as_user(cast.user("logger")), cast.student.pk)
    assert verdicts(guest.bring(csv_file(f"Date,Minutes,Piece\n{day},17,Song\n"))) == {2: ("ok", [])}


def audience_field(who: Importer, file: SimpleUploadedFile) -> Any:
    batch = who.upload(file)
    page = who.client.get(reverse("transfer:import-columns", args=[batch.pk]))
    form = page.context["form"]
    return form["audience"].value() if "audience" in form.fields else None


def test_rows_that_do_not_say_are_private_unless_the_family_wants_it_otherwise(
    cast: Cast, importer: Importer, as_user: SignIn, day: str
) -> None:
    file = f"Date,Minutes,Piece\n{day},5,A\n"
    assert audience_field(importer, csv_file(file)) == "private"
    own = body(importer.client, cast.student.pk, "csv")
    assert audience_field(importer, SimpleUploadedFile("own.csv", own)) == ""
    guest = Importer(as_user(cast.user("logger")), cast.student.pk)
    assert audience_field(guest, csv_file(file)) is None


@pytest.mark.parametrize("audience", ["private", "", "one"])
def test_who_may_read_rows_that_do_not_say(cast: Cast, importer: Importer, day: str, audience: str) -> None:
    chosen = str(cast.second_teaching.pk) if audience == "one" else audience
    text = f"Date,Minutes,Piece,Private\n{day},5,A,\n{day},6,B,no\n{day},7,C,yes\n"
    batch = importer.bring(csv_file(text), audience=chosen)
    found = [(entry.is_private, entry.addressed_to) for entry in entries_of(batch)]
    first = (audience == "private", cast.second_teaching if audience == "one" else None)
    assert found == [first, (False, None), (True, None)]


def test_the_family_is_told_who_reads_it(cast: Cast, importer: Importer, as_user: SignIn, day: str) -> None:
    text = f"Date,Minutes,Piece\n{day},5,A\n"
    page = importer.page(importer.check(csv_file(text)))
    assert "Who can read what is not private of it:" in page
    assert cast.user("teacher").display_name in page
    guest = Importer(as_user(cast.user("logger")), cast.student.pk)
    assert "Who can read what is not private" not in guest.page(guest.check(csv_file(text)))


def test_of_two_teachers_who_are_called_the_same_none_is_meant(
    cast: Cast, importer: Importer, day: str
) -> None:
    name = cast.user("second_teacher").display_name
    User.objects.filter(pk=cast.user("teacher").pk).update(display_name=name)
    instrument = cast.second_teaching.instrument
    Teaching.objects.filter(student=cast.student).update(instrument=instrument)
    head = find_head(cast.user("guardian"), cast.student.pk, "view")
    assert head is not None
    label = head.current_teachers[0].label
    assert [teacher.label for teacher in head.current_teachers].count(label) == 2
    batch = importer.check(csv_file(f"Date,Minutes,Piece,Private\n{day},5,A,{label}\n"))
    assert verdicts(batch) == {2: ("warning", ["teacher_unknown"])}
    assert batch.rows.get().content["audience"] == "private"
