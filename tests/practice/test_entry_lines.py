"""Lines: their shares of the minutes, what they are attached to by name, and who follows whom."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.practice import queries, services
from apps.practice.content import About, EntryContent, Line
from apps.practice.dividing import divide
from apps.practice.models import PracticeEntry, PracticeItem
from apps.practice.services.lines import add_up
from apps.repertoire import services as repertoire
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_section, make_skill

from .test_differential import CHANGES
from .test_logging_pages import fields, log_url, logged, refused

SAID = st.lists(st.one_of(st.none(), st.integers(1, 60)), max_size=30)
QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(minutes=st.integers(1, 1440), said=SAID)
def test_shares_add_up(minutes: int, said: list[int | None]) -> None:
    lines = [Line("Etude", minutes=part) for part in said]
    if not lines or not add_up(lines, minutes):
        return
    shares = divide(minutes, said)
    assert sum(shares) == minutes
    assert all(share == part for share, part in zip(shares, said, strict=True) if part is not None)
    others = [share for share, part in zip(shares, said, strict=True) if part is None]
    assert not others or max(others) - min(others) <= 1
    assert min(shares) >= 0


@QUICK
@given(minutes=st.integers(1, 90), said=SAID, later=st.integers(1, 90))
def test_the_lines_of_an_entry_add_up_to_its_minutes(
    cast: Cast, minutes: int, said: list[int | None], later: int
) -> None:
    """Whatever is saved and changed; what cannot add up is not saved."""
    by, lines = cast.user("student"), [Line(f"Etude {n}", minutes=part) for n, part in enumerate(said)]
    with transaction.atomic():
        entry = written(cast, by, minutes, lines)
        assert (entry is not None) is (not lines or add_up(lines, minutes))
        if entry is not None:
            assert not lines or shares(entry) == minutes
            content = content_of(entry.practised_on, later, lines)
            with suppress(services.LinesAreLongerThanTheSession, services.LinesAreShorterThanTheSession):
                services.change_entry(entry=entry, by=by, content=content, now=timezone.now())
                assert not lines or shares(entry) == later
            entry.refresh_from_db()
            assert not lines or shares(entry) == entry.minutes
        transaction.set_rollback(True)


def content_of(day: date, minutes: int, lines: list[Line]) -> EntryContent:
    return EntryContent(practised_on=day, minutes=minutes, lines=lines, description="Slowly, both hands")


def written(cast: Cast, by: User, minutes: int, lines: list[Line]) -> PracticeEntry | None:
    """None if the lines cannot add up."""
    content = content_of(cast.entry.practised_on, minutes, lines)
    try:
        return services.log_entry(
            key=uuid4(), student=cast.student, by=by, content=content, now=timezone.now()
        )
    except (services.LinesAreLongerThanTheSession, services.LinesAreShorterThanTheSession):
        return None


def shares(entry: PracticeEntry) -> int:
    return sum(entry.items.values_list("share_minutes", flat=True))


@pytest.mark.parametrize(
    ("total", "parts", "words"),
    [
        ("30", ("20", "11"), "more minutes than the session"),
        ("30", ("31", ""), "more minutes than the session"),
        ("30", ("10", "19"), "fewer minutes than the session"),
    ],
)
def test_lines_that_do_not_add_up(
    client: Client, cast: Cast, total: str, parts: tuple[str, str], words: str
) -> None:
    typed = {"lines-0-minutes": parts[0], "lines-1-title": "Scales", "lines-1-minutes": parts[1]}
    errors = refused(client, cast, minutes=total, **typed)
    assert list(errors) == ["minutes"]
    assert words in errors["minutes"][0]


@pytest.mark.parametrize("name", ["tempo", "repetitions"])
@pytest.mark.parametrize("value", ["-5", "0", "1000", "12.5", "fast"])
def test_a_tempo_and_a_count_that_cannot_be(client: Client, cast: Cast, name: str, value: str) -> None:
    client.force_login(cast.user("student"))
    answer = client.post(log_url(cast), fields(**{f"lines-0-{name}": value}))
    assert answer.status_code == 200
    line = answer.context["form"].lines[0]
    assert list(line.errors) == [name]
    assert line[name].value() == value
    assert line.has_more()


@pytest.mark.parametrize(
    "wrong",
    [{"tempo": 19}, {"tempo": 401}, {"repetitions": 0}, {"repetitions": 1000}, {"share_minutes": 1441}],
)
def test_the_database_holds_the_bounds(cast: Cast, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeItem.objects.filter(entry=cast.entry).update(**wrong)


def test_a_line_is_about_one_thing(cast: Cast) -> None:
    by = cast.user("guardian")
    piece, skill = make_piece(cast.student, by), make_skill(cast.student, by)
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeItem.objects.filter(entry=cast.entry).update(piece=piece, skill=skill)


# What a name means


@pytest.fixture
def minuet(cast: Cast) -> Piece:
    return make_piece(cast.student, cast.user("guardian"), "Menuet in D", composer="Leopold Mozart")


def typed(client: Client, cast: Cast, title: str, **more: str) -> PracticeItem:
    client.force_login(cast.user("student"))
    sent = {f"lines-0-{name}": value for name, value in {"title": title, **more}.items()}
    answer = client.post(log_url(cast), fields(**sent))
    assert answer.status_code == 302
    return logged(cast).items.get()


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
    things = queries.things_of(cast.student.pk)
    assert things.called("Menuet in D") is None
    found = things.called("Menuet in D (Bach)")
    assert found
    assert found.about == About(piece=other.pk)


def test_of_two_that_look_the_same_the_first_is_meant(cast: Cast, minuet: Piece) -> None:
    make_piece(cast.student, cast.user("guardian"), "menuet in d", composer="LEOPOLD MOZART")
    found = queries.things_of(cast.student.pk).called("Menuet in D")
    assert found
    assert found.about == About(piece=minuet.pk)


def test_names_of_another_student_mean_nothing(client: Client, cast: Cast) -> None:
    make_piece(cast.other_student, cast.user("other_guardian"), "Sarabande")
    assert typed(client, cast, "Sarabande").piece is None
    assert "Sarabande" not in queries.things_of(cast.student.pk).offered


def test_the_form_offers_names_and_not_what_was_put_away(client: Client, cast: Cast, minuet: Piece) -> None:
    by = cast.user("guardian")
    make_section(minuet, by, "Coda")
    make_piece(cast.student, by, "Old one", status="archived")
    gone = make_piece(cast.student, by, "Gone one")
    repertoire.delete_piece(piece=gone, by=by, now=timezone.now())
    offered = queries.things_of(cast.student.pk).offered
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


# Forged: names cannot be, what calls the service can


def forge(kind: str, cast: Cast) -> About:
    by, other = cast.user("guardian"), cast.user("other_guardian")
    mine = make_piece(cast.student, by)
    foreign = make_piece(cast.other_student, other)
    gone = make_piece(cast.student, by, "Gone one")
    repertoire.delete_piece(piece=gone, by=by, now=timezone.now())
    return {
        "piece of another student": About(piece=foreign.pk),
        "section of another student": About(piece=foreign.pk, section=make_section(foreign, other).pk),
        "section of another piece": About(piece=mine.pk, section=make_section(foreign, other).pk),
        "section without its piece": About(section=make_section(mine, by).pk),
        "skill of another student": About(skill=make_skill(cast.other_student, other).pk),
        "deleted piece": About(piece=gone.pk),
        "nothing there": About(skill=UUID(int=7)),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "piece of another student",
        "section of another student",
        "section of another piece",
        "section without its piece",
        "skill of another student",
        "deleted piece",
        "nothing there",
    ],
)
def test_what_is_not_the_students_is_refused(cast: Cast, kind: str) -> None:
    about, before = forge(kind, cast), PracticeItem.objects.count()
    with pytest.raises(services.NotTheirs):
        make_entry(cast.student, cast.user("student"), lines=[Line("Minuet", about=about)])
    content = EntryContent(
        practised_on=cast.entry.practised_on, minutes=30, lines=[Line("Minuet", about=about)]
    )
    with pytest.raises(services.NotTheirs):
        services.change_entry(entry=cast.entry, by=cast.user("guardian"), content=content, now=timezone.now())
    assert PracticeItem.objects.count() == before


def test_forged_ids_beside_a_name_mean_nothing(client: Client, cast: Cast) -> None:
    foreign = make_piece(cast.other_student, cast.user("other_guardian"))
    section = make_section(foreign, cast.user("other_guardian"))
    line = typed(client, cast, "Etude", piece=str(foreign.pk), section=str(section.pk), about=str(foreign.pk))
    assert (line.piece, line.section) == (None, None)


# What becomes of lines later


def attach(cast: Cast, piece: Piece, **more: Any) -> PracticeEntry:
    line = Line(piece.title, about=About(piece=piece.pk))
    return make_entry(cast.student, cast.user("student"), lines=[line], **more)


def test_lines_follow_a_merge_and_no_entry_changes_by_it(cast: Cast, minuet: Piece) -> None:
    by = cast.user("guardian")
    other = make_piece(cast.student, by, "Minuetto")
    section = make_section(other, by, "Coda")
    line = Line("Minuetto: Coda", about=About(piece=other.pk, section=section.pk))
    entry = make_entry(cast.student, by, lines=[line], is_private=True)
    before = len(queries.versions(entry))
    repertoire.merge_pieces(into=minuet, other=other, by=by, now=timezone.now())
    item = entry.items.get()
    assert (item.piece, item.section, item.title) == (minuet, section, "Minuetto: Coda")
    assert item.section.piece == minuet
    assert len(queries.versions(entry)) == before


def test_what_was_said_stays_when_the_piece_is_deleted(client: Client, cast: Cast, minuet: Piece) -> None:
    by, entry = cast.user("guardian"), attach(cast, minuet)
    repertoire.delete_piece(piece=minuet, by=by, now=timezone.now())
    assert [line.title for line in entry.shown_lines] == ["Menuet in D"]
    # Other words of the entry can change all the same.
    content = EntryContent(
        practised_on=entry.practised_on,
        minutes=30,
        notes="More",
        lines=[Line("Menuet in D", about=About(piece=minuet.pk))],
    )
    services.change_entry(entry=entry, by=by, content=content, now=timezone.now())
    Piece.objects.filter(pk=minuet.pk).delete()
    item = entry.items.get()
    assert (item.title, item.piece) == ("Menuet in D", None)


def test_changing_an_entry_keeps_what_its_words_meant(client: Client, cast: Cast, minuet: Piece) -> None:
    """The piece has another name by now."""
    entry, by = attach(cast, minuet), cast.user("guardian")
    Piece.objects.filter(pk=minuet.pk).update(title="Arietta", title_key="arietta")
    client.force_login(by)
    sent = fields(version="", notes="More", **{"lines-INITIAL_FORMS": "1", "lines-0-title": "Menuet in D"})
    assert client.post(f"/entries/{entry.pk}/edit/", sent).status_code == 302
    assert entry.items.get().piece == minuet
    assert next(line.name_now for line in queries.last_lines(cast.student, by)) == "Arietta (Leopold Mozart)"


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
    assert "last time: 80" in html
    assert 'name="minutes" value="40"' in html


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


# The page of a piece


def test_the_page_of_a_piece_sums_up(cast: Cast, minuet: Piece) -> None:
    coda = make_section(minuet, cast.user("guardian"), "Coda")
    attach(cast, minuet, minutes=10)
    both = [
        Line("Menuet in D", tempo=88, about=About(piece=minuet.pk)),
        Line("Coda", minutes=5, repetitions=7, about=About(piece=minuet.pk, section=coda.pk)),
        Line("Scales"),
    ]
    make_entry(cast.student, cast.user("student"), minutes=25, lines=both)
    found = queries.practised(cast.user("student"), minuet)
    assert (found.minutes, found.sessions, found.last_on) == (25, 2, cast.entry.practised_on)
    assert [(line.section, line.minutes, line.tempo, line.repetitions) for line in found.lines] == [
        ("", 10, 88, None),
        ("Coda", 5, None, 7),
        ("", 10, None, None),
    ]


@pytest.mark.parametrize("kind", ["piece", "skill"])
@pytest.mark.parametrize("name", ["teacher", "second_teacher", "viewer", "commenter", "logger"])
def test_private_rows_make_no_difference_to_a_page(
    client: Client, cast: Cast, minuet: Piece, kind: str, name: str
) -> None:
    thing = minuet if kind == "piece" else make_skill(cast.student, cast.user("guardian"))
    line = Line("This", tempo=88, about=About(**{kind: thing.pk}))
    by, address = cast.user("student"), f"/{kind}s/{thing.pk}/"
    make_entry(cast.student, by, lines=[line])

    def page(who: User) -> str:
        client.force_login(who)
        return CHANGES.sub("", client.get(address).content.decode())

    before, family = page(cast.user(name)), page(by)
    for _ in range(3):
        make_entry(cast.student, by, minutes=11, lines=[line], is_private=True)
    deleted = make_entry(cast.student, by, minutes=12, lines=[line])
    services.delete_entry(entry=deleted, by=by, now=timezone.now())
    assert page(cast.user(name)) == before
    assert page(by) != family, "the control: the family sees them"


@pytest.mark.parametrize(
    ("name", "may"), [("student", True), ("guardian", True), ("logger", True), ("teacher", False)]
)
def test_practise_this_is_for_who_may_log(
    client: Client, cast: Cast, minuet: Piece, name: str, may: bool
) -> None:
    client.force_login(cast.user(name))
    html = client.get(f"/pieces/{minuet.pk}/").content.decode()
    assert (f"/diary/log/?piece={minuet.pk}" in html) is may
