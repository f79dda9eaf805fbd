"""What a history is filtered by, and how its page says so."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from apps.practice.content import About, Line
from apps.practice.models import FocusArea
from apps.practice.queries import find_head, reach
from apps.repertoire.models import Piece, Skill
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching
from tests.factories.repertoire import make_piece, make_skill

from .lines import attach
from .test_history_page import page, shown


def path(cast: Cast) -> str:
    return f"/students/{cast.student.pk}/diary/"


def chips(text: str) -> dict[str, str]:
    """The words of each chip and where taking it away leads."""
    found = re.findall(r'<a class="chip" href="([^"]*)"><bdi>(.*?)</bdi>', text)
    return {words: url.replace("&amp;", "&") for url, words in found}


@pytest.mark.parametrize("name", ["student", "guardian", "teacher", "viewer"])
def test_by_piece_and_by_skill(client: Client, cast: Cast, name: str) -> None:
    by = cast.user("guardian")
    piece, skill = make_piece(cast.student, by, "Gavotte", composer="Gossec"), make_skill(cast.student, by)
    with_piece = attach(cast, piece)
    line = Line("Vibrato", about=About(skill=skill.pk))
    with_skill = make_entry(cast.student, cast.user("student"), lines=[line])
    text = page(client, cast, name, f"?piece={piece.pk}")
    assert shown(text) == [str(with_piece.pk)]
    assert chips(text) == {"Gavotte (Gossec)": path(cast) + "?"}
    assert shown(page(client, cast, name, f"?skill={skill.pk}")) == [str(with_skill.pk)]
    both = page(client, cast, name, f"?skill={skill.pk}&piece={piece.pk}")
    assert (shown(both), "Nothing fits" in both) == ([], True)


def test_what_is_another_students_is_as_good_as_garbage(client: Client, cast: Cast) -> None:
    foreign = make_piece(cast.other_student, cast.user("other_guardian"), "Secret piece")
    text = page(client, cast, "student", f"?piece={foreign.pk}")
    assert "was not understood" in text
    assert "Secret piece" not in text
    assert str(cast.entry.pk) in shown(text)


def test_a_piece_that_was_put_away_is_understood_but_not_offered(client: Client, cast: Cast) -> None:
    piece = make_piece(cast.student, cast.user("guardian"), "Gavotte", status="archived")
    entry = attach(cast, piece)
    assert "Gavotte</option>" not in page(client, cast, "student")
    text = page(client, cast, "student", f"?piece={piece.pk}")
    assert shown(text) == [str(entry.pk)]
    assert " selected>Gavotte</option>" in text


def test_by_the_instrument_of_the_lessons(client: Client, cast: Cast) -> None:
    organ = make_teaching(cast.user("teacher"), cast.student, "Organ")
    entry = make_entry(cast.student, cast.user("student"), addressed_to=organ)
    assert shown(page(client, cast, "teacher", "?instrument=organ")) == [str(entry.pk)]
    assert shown(page(client, cast, "teacher", "?instrument=Piano")) == []
    text = page(client, cast, "second_teacher", "?instrument=organ")
    assert "was not understood" in text, "a teacher knows of their own lessons alone"
    assert shown(page(client, cast, "guardian", "?instrument=violin")) == [str(cast.addressed_entry.pk)]


def test_own_areas_are_the_familys_to_choose(client: Client, cast: Cast) -> None:
    """An entry that others may read is found by them only by what they may know."""
    entry = make_entry(cast.student, cast.user("student"), own_area="Nerves", is_private=True)
    slug = FocusArea.objects.get(name="Nerves").slug
    text = page(client, cast, "guardian", f"?focus={slug}")
    assert (shown(text), list(chips(text))) == ([str(entry.pk)], ["Nerves"])
    text = page(client, cast, "teacher", f"?focus={slug}")
    assert "was not understood" in text
    assert "Nerves" not in text


@pytest.mark.parametrize(("name", "reads"), [("guardian", True), ("teacher", True), ("viewer", False)])
def test_another_childs_diary_is_one_choice_away(client: Client, cast: Cast, name: str, reads: bool) -> None:
    sister = make_student("Sister")
    make_guardianship(sister, cast.user("guardian"))
    make_teaching(cast.user("teacher"), sister)
    assert ("Sister</option>" in page(client, cast, name)) is reads
    query = f"?child={sister.pk}&exam=1&q=scale&teacher={cast.teaching.pk}&view=table"
    answer = client.get(path(cast) + query)
    if reads:
        assert answer.headers["Location"] == f"/students/{sister.pk}/diary/?exam=1&q=scale&view=table"
        assert client.get(answer.headers["Location"]).status_code == 200
    else:
        assert "was not understood" in answer.content.decode()


def test_the_diarys_own_child_is_no_other(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("guardian"))
    assert client.get(f"{path(cast)}?child={cast.student.pk}").status_code == 200
    assert "was not understood" in page(client, cast, "guardian", "?child=x")


def test_each_chip_takes_itself_away(client: Client, cast: Cast) -> None:
    day = cast.entry.practised_on - timedelta(days=3)
    text = page(client, cast, "student", f"?q=Qz&from={day}&exam=1&private=1&view=table&page=zzz")
    found = chips(text)
    assert len(found) == 4
    rest = set(found["“Qz”"].partition("?")[2].split("&"))
    assert rest == {"exam=1", "private=1", f"from={day}", "view=table"}
    for url in found.values():
        answer = client.get(url)
        assert len(chips(answer.content.decode())) == 3
        assert answer.context["is_table"]


@pytest.mark.parametrize(("field", "typed"), [("from", "31.12.2026"), ("to", 'x"><b>'), ("to", "2026-02-31")])
def test_a_day_that_is_none_is_said_beside_its_field(
    client: Client, cast: Cast, field: str, typed: str
) -> None:
    client.force_login(cast.user("student"))
    text = client.get(path(cast), {field: typed, "q": "Qzshareddescription"}).content.decode()
    assert f'name="{field}" value="{escape(typed)}" aria-invalid="true"' in text
    assert f'id="f_{field}_wrong"' in text
    assert '<details class="fold filter-bar" open>' in text
    assert shown(text) == [str(cast.entry.pk)]


def test_nothing_fits_leads_back_in_the_same_view(client: Client, cast: Cast) -> None:
    text = page(client, cast, "teacher", "?q=nowhere&view=table")
    assert "Nothing fits" in text
    assert f'href="{path(cast)}?view=table"' in text


def test_words_stay_words(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    text = client.get(path(cast), {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text


def test_of_many_pieces_a_hundred_are_offered(client: Client, cast: Cast) -> None:
    """Those at work, and the one that is chosen, wherever they would stand; by title all the same."""
    by = cast.user("guardian")
    pieces = [Piece(student=cast.student, status="ready", created_at=timezone.now()) for _ in range(105)]
    for number, piece in enumerate(pieces):
        piece.rename(f"Row {number:03}", "")
    Piece.objects.bulk_create(pieces)
    make_piece(cast.student, by, "Zigzag", status="learning")
    make_piece(cast.student, by, "Abendlied", status="archived")
    text = page(client, cast, "student", f"?piece={pieces[104].pk}")
    offered = re.findall(r"<option[^>]*>(Row \d+|Zigzag|Abendlied)</option>", text)
    assert offered == [*(f"Row {number:03}" for number in range(98)), "Row 104", "Zigzag"]
    assert " selected>Row 104</option>" in text
    head = find_head(by, cast.student.pk, "view", with_filters=True)
    assert head is not None
    assert len(head.things["pieces"]) == 100


def test_of_many_skills_too(client: Client, cast: Cast) -> None:
    for number in range(3):
        make_skill(cast.student, cast.user("guardian"), f"Row {number}")
    gone = make_skill(cast.student, cast.user("guardian"), "Put away")
    Skill.objects.filter(pk=gone.pk).update(is_archived=True)
    assert "Put away</option>" not in page(client, cast, "student")
    text = page(client, cast, "student", f"?skill={gone.pk}")
    assert re.findall(r"<option[^>]*>(Row \d+|Put away)</option>", text) == [
        "Put away",
        "Row 0",
        "Row 1",
        "Row 2",
    ]


def test_figures_of_very_many_entries_say_so(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the newest days are counted; their number is the least there are."""
    today = cast.entry.practised_on
    for days, minutes in ((1, 10), (2, 20), (400, 40)):
        day = today - timedelta(days=days)
        make_entry(cast.student, cast.user("student"), minutes=minutes, practised_on=day, notes="Bach")
    # Today's and that of yesterday and the day before: three sessions that a teacher reads.
    monkeypatch.setattr(reach, "MOST_LOOKED_AT", 3)
    text = page(client, cast, "teacher", "?q=bach")
    values = re.findall(r'<span class="stat-value">(.*?)</span>', text.replace("\xa0", " "))
    assert values == ["at least 2", "at least 30 min", "30 min", "15 min"]
    monkeypatch.setattr(reach, "MOST_LOOKED_AT", 4)
    assert "at least" not in page(client, cast, "teacher", "?q=bach")
    monkeypatch.setattr(reach, "MOST_LOOKED_AT", 1)
    assert "at least" not in page(client, cast, "teacher", f"?from={today - timedelta(days=500)}")
