"""What the words of a line mean, and what a form begins with."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.practice import queries
from apps.practice.content import About, Line
from apps.practice.models import PracticeItem
from apps.repertoire import services as repertoire
from apps.repertoire.models import Piece, PieceSection
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_section, make_skill

from .lines import attach, typed
from .test_logging_pages import fields, log_url, logged


def things_of(cast: Cast) -> queries.Things:
    head = queries.find_head(cast.user("guardian"), cast.student.pk, "view", with_names=True)
    assert head is not None
    return head.known


@pytest.mark.parametrize(
    "title", ["Menuet in D", "menuet  in d!", "Menuet in D (Leopold Mozart)", "Mènuet in D, Leopold Mozart"]
)
def test_a_pieces_name_attaches_the_line(client: Client, cast: Cast, minuet: Piece, title: str) -> None:
    line = typed(client, cast, title, tempo="96", repetitions="5")
    assert (line.piece, line.section, line.skill, line.kind) == (minuet, None, None, "piece")
    assert (line.tempo, line.repetitions, line.share_minutes) == (96, 5, 25)
    assert line.title == " ".join(title.split())


def test_a_section_and_a_skill_by_name(client: Client, cast: Cast, minuet: Piece) -> None:
    by = cast.user("guardian")
    coda, trills = make_section(minuet, by, "Coda"), make_skill(cast.student, by, "Trills")
    client.force_login(by)
    sent = {"lines-0-title": "Menuet in D: coda", "lines-1-title": "trills"}
    assert client.post(log_url(cast), fields(**sent)).status_code == 302
    one, two = logged(cast).items.order_by("position")
    assert (one.piece, one.section, one.skill) == (minuet, coda, None)
    assert (two.piece, two.skill, two.kind) == (None, trills, "exercise")


def test_other_words_stay_words(client: Client, cast: Cast, minuet: Piece) -> None:
    line = typed(client, cast, "Menuet in E", kind="exercise")
    assert (line.piece, line.section, line.skill, line.kind) == (None, None, None, "exercise")


def test_a_title_of_two_composers_means_none_and_with_the_composer_one(
    client: Client, cast: Cast, minuet: Piece
) -> None:
    other = make_piece(cast.student, cast.user("guardian"), "Menuet in D", composer="Bach")
    things = things_of(cast)
    assert things.called("Menuet in D") is None
    found = things.called("Menuet in D (Bach)")
    assert found
    assert found.about == About(piece=other.pk)


def test_of_two_that_look_the_same_the_first_is_meant(cast: Cast, minuet: Piece) -> None:
    make_piece(cast.student, cast.user("guardian"), "menuet in d", composer="LEOPOLD MOZART")
    found = things_of(cast).called("Menuet in D")
    assert found
    assert found.about == About(piece=minuet.pk)


def test_names_of_another_student_mean_nothing(client: Client, cast: Cast) -> None:
    make_piece(cast.other_student, cast.user("other_guardian"), "Sarabande")
    assert typed(client, cast, "Sarabande").piece is None
    assert "Sarabande" not in things_of(cast).offered


def test_a_name_that_is_too_long_for_a_line_is_cut_where_it_still_says_enough(cast: Cast) -> None:
    by = cast.user("guardian")
    piece = make_piece(cast.student, by, "Menuet " + "x" * 190, composer="Mozart")
    section = make_section(piece, by, "Coda")
    things = things_of(cast)
    assert things.named(About(piece=piece.pk)) == piece.title
    assert len(things.named(About(piece=piece.pk, section=section.pk))) == 200
    assert things.offered == []


def test_the_form_offers_names_and_not_what_was_put_away(client: Client, cast: Cast, minuet: Piece) -> None:
    by = cast.user("guardian")
    make_section(minuet, by, "Coda")
    make_piece(cast.student, by, "Old one", status="archived")
    gone = make_piece(cast.student, by, "Gone one")
    repertoire.delete_piece(piece=gone, by=by, now=timezone.now())
    offered = things_of(cast).offered
    assert offered == ["Menuet in D (Leopold Mozart)", "Menuet in D (Leopold Mozart): Coda"]
    client.force_login(cast.user("student"))
    html = client.get(log_url(cast)).content.decode()
    assert all(f'<option value="{name}">' in html for name in offered)


def test_last_time_attaches_too(client: Client, cast: Cast) -> None:
    """By one tap, of a line that was only words: the piece has come since."""
    piece = make_piece(cast.student, cast.user("guardian"), "Minuet in G")
    client.force_login(cast.user("student"))
    quick = f"/students/{cast.student.pk}/diary/quick/"
    client.post(quick, {"minutes": "10", "again": ["piece:Minuet in G"]})
    assert logged(cast).items.get().piece == piece


# What a form begins with


def drawn(client: Client, cast: Cast, query: str, name: str = "student") -> list[dict[str, Any]]:
    client.force_login(cast.user(name))
    answer = client.get(log_url(cast) + query)
    assert answer.status_code == 200
    return [dict(form.initial) for form in answer.context["form"].lines.forms if form.initial]


def test_one_press_copies_the_lines_of_last_time(client: Client, cast: Cast, minuet: Piece) -> None:
    lines = [
        Line("Menuet in D", minutes=12, tempo=80, about=About(piece=minuet.pk)),
        Line("Scales", "exercise"),
    ]
    make_entry(cast.student, cast.user("student"), minutes=40, lines=lines)
    found = drawn(client, cast, "?last=1")
    assert [(row["title"], row["kind"], row["minutes"], row["last_tempo"]) for row in found] == [
        ("Menuet in D", "piece", 12, 80),
        ("Scales", "exercise", None, None),
    ]
    html = client.get(log_url(cast) + "?last=1").content.decode()
    assert "Tempo last time: 80" in html
    assert 'name="minutes" value="40"' in html


@pytest.mark.parametrize("preset", ["", "&minutes=10", "&minutes=45", "&minutes=x"])
@pytest.mark.parametrize("saved", [(10, 20), (10, None), (None, None), (12, 8), (40, 5)])
@pytest.mark.parametrize("is_from_before", [False, True])
def test_what_is_copied_can_be_saved_as_it_stands(
    client: Client, cast: Cast, preset: str, saved: tuple[int | None, ...], is_from_before: bool
) -> None:
    """Whatever the preset says, and also where the lines of an old entry fall short."""
    total = 60 if is_from_before or None in saved else sum(filter(None, saved))
    entry = make_entry(
        cast.student, cast.user("student"), minutes=total, lines=[Line("Scales"), Line("Etude", tempo=80)]
    )
    for position, minutes in enumerate(saved):
        PracticeItem.objects.filter(entry=entry, position=position).update(minutes=minutes)
    client.force_login(cast.user("student"))
    address = f"{log_url(cast)}?last=1{preset}"
    answer = client.post(address, as_drawn(client.get(address)))
    assert answer.status_code == 302, answer.context["form"].errors
    copy = logged(cast, created_at__gt=entry.created_at)
    assert [item.title for item in copy.items.order_by("position")] == ["Scales", "Etude"]
    assert copy.minutes == {"&minutes=10": 10, "&minutes=45": 45}.get(preset, total)
    assert sum(copy.items.values_list("share_minutes", flat=True)) == copy.minutes


def test_a_preset_keeps_no_minutes_of_lines_and_a_whole_copy_does(client: Client, cast: Cast) -> None:
    lines = [Line("Scales", minutes=10), Line("Etude", minutes=20)]
    make_entry(cast.student, cast.user("student"), minutes=30, lines=lines)
    assert [row["minutes"] for row in drawn(client, cast, "?last=1")] == [10, 20]
    assert [row["minutes"] for row in drawn(client, cast, "?last=1&minutes=30")] == [None, None]


@pytest.mark.parametrize(
    ("minutes", "typed_minutes", "saved"),
    [
        ("30", "10", [(10, 10), (20, 20)]),
        ("45", "10", [(None, 23), (None, 22)]),
        ("20", "10", [(None, 10), (None, 10)]),
        # Only what stands as it was given gives way.
        ("45", "15", [(15, 15), (None, 30)]),
        ("35", "15", [(15, 15), (20, 20)]),
    ],
)
def test_minutes_of_last_time_that_nobody_touched_give_way(
    client: Client, cast: Cast, minutes: str, typed_minutes: str, saved: list[tuple[int | None, int]]
) -> None:
    lines = [Line("Scales", minutes=10), Line("Etude", minutes=20)]
    entry = make_entry(cast.student, cast.user("student"), minutes=30, lines=lines)
    client.force_login(cast.user("student"))
    page = client.get(f"{log_url(cast)}?last=1")
    for place, given in enumerate(("10", "20")):
        assert f'name="lines-{place}-given" value="{given}"' in page.content.decode()
    sent = as_drawn(page) | {"lines-0-given": "10", "lines-1-given": "20"}
    # A mistake elsewhere does not make them the person's own.
    wrong = client.post(log_url(cast), sent | {"minutes": "0"})
    assert 'name="lines-1-given" value="20"' in wrong.content.decode()
    answer = client.post(log_url(cast), sent | {"minutes": minutes, "lines-0-minutes": typed_minutes})
    assert answer.status_code == 302, answer.context["form"].errors
    copy = logged(cast, created_at__gt=entry.created_at)
    assert list(copy.items.order_by("position").values_list("minutes", "share_minutes")) == saved


@pytest.mark.parametrize("given", ["", "x", "99999999", "10"])
def test_minutes_that_somebody_said_are_held_against_the_session(
    client: Client, cast: Cast, given: str
) -> None:
    client.force_login(cast.user("student"))
    sent = {"lines-0-title": "Scales", "lines-0-minutes": "12", "lines-0-given": given}
    answer = client.post(log_url(cast), fields(minutes="45", **sent))
    assert answer.status_code == 200
    assert "12" in answer.content.decode()


def as_drawn(answer: Any) -> dict[str, Any]:
    """What a browser sends for the page as it is."""
    form = answer.context["form"]
    drawn = [form, form.lines.management_form, *form.lines.forms]
    values = {field.html_name: field.value() for each in drawn for field in each}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_the_last_tempo_stands_beside_the_title_and_opens_nothing(client: Client, cast: Cast) -> None:
    make_entry(cast.student, cast.user("student"), lines=[Line("Scales", tempo=80)])
    client.force_login(cast.user("student"))
    first = client.get(f"{log_url(cast)}?last=1").context["form"].lines[0]
    assert "80" in first["title"].help_text
    assert not first.has_more()


def test_a_section_whose_piece_was_deleted_is_called_as_it_was(cast: Cast, minuet: Piece) -> None:
    by = cast.user("guardian")
    coda = make_section(minuet, by, "Coda")
    line = Line("The end", about=About(piece=minuet.pk, section=coda.pk))
    make_entry(cast.student, cast.user("student"), lines=[line])
    assert queries.last_lines(cast.student, by)[0].name_now == "Menuet in D (Leopold Mozart): Coda"
    repertoire.delete_piece(piece=minuet, by=by, now=timezone.now())
    PieceSection.objects.filter(pk=coda.pk).update(deleted_at=None)
    assert queries.last_lines(cast.student, by)[0].name_now == "The end"


def test_the_lines_of_last_time_with_this_piece(client: Client, cast: Cast, minuet: Piece) -> None:
    attach(cast, minuet)
    make_entry(cast.student, cast.user("student"), lines=[Line("Scales")])
    assert [row["title"] for row in drawn(client, cast, "?last=1")] == ["Scales"]
    found = drawn(client, cast, f"?piece={minuet.pk}&last=1")
    assert [row["title"] for row in found] == ["Menuet in D"]
    assert drawn(client, cast, f"?piece={minuet.pk}") == [{"title": "Menuet in D (Leopold Mozart)"}]


def test_what_the_form_began_with_is_saved_as_it_stands(client: Client, cast: Cast, minuet: Piece) -> None:
    client.force_login(cast.user("student"))
    url = f"{log_url(cast)}?piece={minuet.pk}"
    sent = {"lines-INITIAL_FORMS": "1", "lines-0-title": "Menuet in D (Leopold Mozart)"}
    assert client.post(url, fields(**sent)).status_code == 302
    assert logged(cast).items.get().piece == minuet


@pytest.mark.parametrize(
    "query", ["piece=x", "piece=", "skill={foreign}", "piece={foreign}", "section={foreign}"]
)
def test_what_makes_no_sense_begins_nothing(client: Client, cast: Cast, query: str) -> None:
    foreign = make_piece(cast.other_student, cast.user("other_guardian"), "Sarabande")
    assert drawn(client, cast, "?" + query.format(foreign=foreign.pk)) == []


def test_last_time_of_a_guest_is_nothing_private(client: Client, cast: Cast) -> None:
    make_entry(cast.student, cast.user("student"), lines=[Line("Love song")], is_private=True)
    assert [row["title"] for row in drawn(client, cast, "?last=1")] == ["Love song"]
    assert "Love song" not in [row["title"] for row in drawn(client, cast, "?last=1", "logger")]
