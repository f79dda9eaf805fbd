"""Lines: their shares of the minutes, what they may be attached to, and whom they follow."""

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
from apps.practice.dividing import add_up, divide
from apps.practice.models import PracticeEntry, PracticeItem
from apps.practice.refusals import refusal
from apps.repertoire import services as repertoire
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_section, make_skill

from .lines import attach, typed
from .test_logging_pages import fields, log_url, refused

SAID = st.lists(st.one_of(st.none(), st.integers(1, 60)), max_size=30)
QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(minutes=st.integers(1, 1440), said=SAID)
def test_shares_add_up(minutes: int, said: list[int | None]) -> None:
    if not said or not add_up(minutes, said):
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
        assert (entry is not None) is add_up(minutes, said)
        if entry is not None:
            assert not lines or shares(entry) == minutes
            content = content_of(entry.practised_on, later, lines)
            with suppress(services.LinesAreLongerThanTheSession, services.LinesAreShorterThanTheSession):
                services.change_entry(entry=entry, by=by, content=content, now=timezone.now())
                assert not lines or shares(entry) == later
            entry.refresh_from_db()
            assert not lines or shares(entry) == entry.minutes
        transaction.set_rollback(True)


ANY = st.none() | st.integers(-5, 2000)
ANY_LINE = st.builds(
    Line,
    st.sampled_from(["", " ", "Etude", "x" * 200, "x" * 201]),
    st.sampled_from(["piece", "exercise", "", "song"]),
    ANY,
    ANY,
    ANY,
)


@QUICK
@given(minutes=st.integers(-5, 310), lines=st.lists(ANY_LINE, max_size=31))
def test_whatever_calls_the_service_is_refused_or_saved(cast: Cast, minutes: int, lines: list[Line]) -> None:
    """Never an error of the database."""
    with transaction.atomic():
        content = content_of(cast.entry.practised_on, minutes, lines)
        given: dict[str, Any] = {"student": cast.student, "by": cast.user("student"), "now": timezone.now()}
        with suppress(services.EntryIsNotPossible):
            entry = services.log_entry(key=uuid4(), content=content, **given)
            assert not lines or shares(entry) == minutes
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"title": ""}, services.LineHasNoTitle),
        ({"title": "  "}, services.LineHasNoTitle),
        ({"title": "x" * 201}, services.LineIsTooLong),
        ({"kind": "song"}, services.LineKindIsUnknown),
        ({"minutes": 0}, services.LineMinutesAreNotPossible),
        ({"minutes": -5}, services.LineMinutesAreNotPossible),
        ({"minutes": 1441}, services.LineMinutesAreNotPossible),
        ({"tempo": 19}, services.TempoIsNotPossible),
        ({"tempo": 401}, services.TempoIsNotPossible),
        ({"repetitions": 0}, services.RepetitionsAreNotPossible),
        ({"repetitions": 1000}, services.RepetitionsAreNotPossible),
    ],
)
def test_a_line_that_cannot_be(
    cast: Cast, wrong: dict[str, Any], error: type[services.EntryIsNotPossible]
) -> None:
    """By whom the service is called without a form; each has a sentence."""
    with pytest.raises(error) as raised:
        make_entry(
            cast.student, cast.user("student"), lines=[Line("Etude"), Line(**{"title": "Etude"} | wrong)]
        )
    assert "%" not in refusal(raised.value, "Mia")


def test_an_old_entry_whose_lines_fall_short_can_be_changed(client: Client, cast: Cast) -> None:
    """As long as its minutes and those of its lines stay as they are."""
    by = cast.user("guardian")
    lines = [Line("Etude", minutes=10), Line("Scales", minutes=20)]
    entry = make_entry(cast.student, by, minutes=30, lines=lines)
    PracticeEntry.objects.filter(pk=entry.pk).update(minutes=45)
    client.force_login(by)
    sent = fields(
        version="",
        minutes="45",
        notes="Slower",
        **{
            "lines-INITIAL_FORMS": "2",
            "lines-0-title": "Etude",
            "lines-0-minutes": "10",
            "lines-1-title": "Scales of D",
            "lines-1-minutes": "20",
        },
    )
    assert client.post(f"/entries/{entry.pk}/edit/", sent).status_code == 302
    entry.refresh_from_db()
    assert (entry.notes, shares(entry)) == ("Slower", 30)
    for changed in ({"minutes": "44"}, {"lines-0-minutes": "11"}):
        again = client.post(f"/entries/{entry.pk}/edit/", sent | {"version": entry.version} | changed)
        assert list(again.context["form"].errors) == ["minutes"]


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


@pytest.mark.parametrize("gone", [None, "0"])
def test_two_lines_of_one_title_keep_what_each_meant(
    client: Client, cast: Cast, minuet: Piece, gone: str | None
) -> None:
    by = cast.user("guardian")
    other = make_piece(cast.student, by, "Menuet in D", composer="Bach")
    lines = [Line("Menuet in D", about=About(piece=piece.pk)) for piece in (minuet, other)]
    entry = make_entry(cast.student, by, lines=lines)
    client.force_login(by)
    titles = {f"lines-{number}-title": "Menuet in D" for number in "01" if number != gone}
    sent = fields(
        version="", minutes="30", notes="More", **{"lines-INITIAL_FORMS": "2", "lines-0-title": "", **titles}
    )
    assert client.post(f"/entries/{entry.pk}/edit/", sent).status_code == 302
    found = [item.piece for item in entry.items.order_by("position")]
    assert found == ([other] if gone else [minuet, other])
