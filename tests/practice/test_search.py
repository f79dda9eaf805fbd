"""The search: words of an entry and its lines, in the reader's language, whatever their case and accents."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from apps.practice import services, words
from apps.practice.content import EntryContent, Line
from apps.practice.models import EntryWords, PracticeEntry
from apps.practice.models.entries import LONGEST_TITLE, TEXTS
from apps.practice.queries.words import saying
from tests.conftest import Cast
from tests.factories.practice import make_entry


def found(cast: Cast, sought: str, language: str = "en") -> set[Any]:
    with translation.override(language):
        says = saying(sought, cast.student.pk)
        return set(PracticeEntry.objects.filter(says).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("said", "sought", "language"),
    [
        ("The thumb is slow", "THUMB", "en"),
        ("The thumb is slow", "slow thumb", "en"),
        ("The thumbs are slow", "thumb", "en"),
        ("I practised the shift", "shifting", "en"),
        ("I practised the shift", "practising", "en"),
        ("Die Läufe waren schnell", "laufe", "de"),
        ("Die Läufe waren schnell", "Lauf", "de"),
        ("Zwei Übungen", "übung", "de"),
        ("Viele Häuser", "Haus", "de"),
        ("Étude in C♯", "etude c#", "en"),
        ("Łódź, Dvořák", "dvorak", "de"),
        ("Für Straße", "STRASSE", "de"),
        ("Bars 27-31, op. 9", "27", "en"),
        ("Bars 27-31, op. 9", "op.9", "en"),
        ("Cello/Suite", "suite", "en"),
        ("Гамма до мажор", "ГАММА", "en"),
        ("Barcarolle", "barca", "en"),
        ("Barcarolle", "ba", "en"),
        ("In C, then in c sharp", "c", "en"),
        ("x" * 300, "x" * 100, "en"),
        ("हिन्दी राग", "हिन्दी", "en"),
        ("音阶很慢", "音阶", "en"),
        ("don't rush", "don't", "en"),
        ("The thumb is slow", "the is", "en"),
    ],
)
def test_it_finds(cast: Cast, said: str, sought: str, language: str) -> None:
    entry = make_entry(cast.student, cast.user("student"), struggles=said)
    assert entry.pk in found(cast, sought, language)


@pytest.mark.parametrize(
    ("said", "sought", "language"),
    [
        ("The thumb is slow", "thumb quick", "en"),
        ("Barcarolle", "rolle", "en"),
        ("I practised the shift", "practising", "de"),
        ("C", "c#", "en"),
        ("Barcarolle", "b", "en"),
        ("㌖" * 100, "㍇" * 100, "en"),
        ("What was that", "%", "en"),
        ("What was that", "'", "en"),
        ("What was that", "\\", "en"),
        ("What was that", "! & | <-> :*", "en"),
    ],
)
def test_it_does_not_find(cast: Cast, said: str, sought: str, language: str) -> None:
    entry = make_entry(cast.student, cast.user("student"), struggles=said)
    assert entry.pk not in found(cast, sought, language)


def test_another_diary_says_nothing(cast: Cast) -> None:
    """Each word stands behind the key of its diary."""
    entry = make_entry(cast.student, cast.user("student"), lines=[Line("Barcarolle")])
    make_entry(cast.other_student, cast.user("other_guardian"), lines=[Line("Barcarolle")])
    assert found(cast, "barcarolle") == {entry.pk}


def test_words_of_texts_and_lines_count_together(cast: Cast) -> None:
    entry = make_entry(
        cast.student,
        cast.user("student"),
        lines=[Line("Barcarolle"), Line("Scale of E", kind="exercise")],
        description="Evening",
        struggles="thumb",
        achievements="rhythm",
        notes="pedal",
    )
    assert found(cast, "barcarolle scale evening thumb rhythm pedal") == {entry.pk}


def test_a_change_is_found_by_its_new_words_alone(cast: Cast) -> None:
    by = cast.user("student")
    entry = make_entry(cast.student, by, lines=[Line("Barcarolle")], is_private=True)
    content = EntryContent(
        practised_on=entry.practised_on, minutes=9, lines=[Line("Gavotte")], is_private=True
    )
    services.change_entry(entry=entry, by=by, content=content, now=timezone.now())
    assert (found(cast, "barcarolle"), found(cast, "gavotte")) == (set(), {entry.pk})


def test_what_was_deleted_is_on_no_page(client: Client, cast: Cast) -> None:
    entry = make_entry(cast.student, cast.user("student"), lines=[Line("Barcarolle")])
    client.force_login(cast.user("student"))
    page = f"/students/{cast.student.pk}/diary/?q=barcarolle"
    assert str(entry.pk) in client.get(page).content.decode()
    services.delete_entry(entry=entry, by=cast.user("student"), now=timezone.now())
    assert "Nothing fits" in client.get(page).content.decode()


@pytest.mark.parametrize("name", ["teacher", "second_teacher", "viewer"])
def test_private_words_find_nothing_for_others(client: Client, cast: Cast, name: str) -> None:
    """Neither the entry nor its figures; and of what is found for both, only what the reader may read."""
    for is_private in (True, False):
        make_entry(
            cast.student,
            cast.user("student"),
            minutes=11,
            lines=[Line("Barcarolle" if is_private else "Bartered")],
            is_private=is_private,
        )
    client.force_login(cast.user(name))
    nothing, one = (client.get(f"/students/{cast.student.pk}/diary/?q={q}") for q in ("barcarolle", "bar"))
    assert (nothing.context["rows"], nothing.context["statistics"]) == ([], None)
    assert (len(one.context["rows"]), one.context["statistics"].total_sessions) == (1, 1)
    client.force_login(cast.user("guardian"))
    assert len(client.get(f"/students/{cast.student.pk}/diary/?q=bar").context["rows"]) == 2


def test_entries_from_before_are_found_once_their_words_are_written(cast: Cast) -> None:
    entry = make_entry(cast.student, cast.user("student"), lines=[Line("Barcarolle")], notes="Ünder")
    kept = set(EntryWords.objects.values_list("pk", "words"))
    EntryWords.objects.all().delete()
    assert found(cast, "barcarolle") == set()
    assert words.write_missing(connection, batch=2) == len(kept)
    assert found(cast, "barcarolle under") == {entry.pk}
    assert set(EntryWords.objects.values_list("pk", "words")) == kept


def test_the_command_says_how_many(cast: Cast) -> None:
    EntryWords.objects.filter(entry=cast.entry).delete()
    for expected in ("1 entries written", "All entries are known"):
        out = StringIO()
        call_command("write_words", stdout=out)
        assert out.getvalue().strip() == expected


def test_the_longest_entry_can_be_saved(cast: Cast) -> None:
    """Of a sign that folding makes eighteen of; the last word of each field is found."""
    texts: dict[str, Any] = {name: "\ufdfa" * (limit - 20) + f" {name}last" for name, limit in TEXTS.items()}
    titles = ["\ufdfa" * (LONGEST_TITLE - 20) + f" line{number}last" for number in range(services.MOST_LINES)]
    lines = [Line(title) for title in titles]
    entry = make_entry(cast.student, cast.user("student"), lines=lines, **texts)
    for word in (*(f"{name}last" for name in texts), *(f"line{number}last" for number in range(30))):
        assert found(cast, word) == {entry.pk}, word
