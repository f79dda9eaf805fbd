"""Two people change one entry: with scripts and without, whoever comes second is told, and loses nothing."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Locator

from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeEntry
from apps.practice.services import change_entry
from tests.conftest import Cast
from tests.e2e.conftest import Visitor
from tests.e2e.test_talk import DRAFTS

Enter = Callable[..., Visitor]
TOLD = "This entry was changed while you were writing"


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


def open_form(person: Visitor, cast: Cast) -> Locator:
    person.visit(f"/entries/{cast.entry.pk}/edit/")
    return person.page.locator("textarea[name=notes]")


def student_writes(cast: Cast) -> None:
    words = EntryContent(
        practised_on=cast.entry.practised_on, minutes=30, lines=[Line("Minuet in G")], notes="Slower"
    )
    change_entry(entry=cast.entry, by=cast.user("student"), content=words, now=timezone.now())


def notes_of(cast: Cast) -> str:
    return PracticeEntry.objects.get(pk=cast.entry.pk).notes


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_who_comes_second_looks_and_decides(visitor: Enter, cast: Cast, scripts: bool) -> None:
    guardian = visitor(java_script_enabled=scripts)
    guardian.is_signed_in(cast.user("guardian"))
    notes = open_form(guardian, cast)
    notes.fill("Pedal in bar four")
    student_writes(cast)
    guardian.submit()
    assert guardian.says(TOLD)
    assert notes.input_value() == "Pedal in bar four"
    assert notes_of(cast) == "Slower"
    if scripts:
        guardian.check_looks()
    with guardian.context.expect_page() as opened:
        guardian.page.get_by_role("link", name="What the entry says now").click()
    assert "Slower" in opened.value.inner_text("main")
    opened.value.close()
    guardian.submit()
    assert guardian.page.url.endswith(f"/entries/{cast.entry.pk}/")
    assert notes_of(cast) == "Pedal in bar four"
    if scripts:
        guardian.page.wait_for_function(f"{DRAFTS} === 0")


def test_words_that_waited_on_the_device_overwrite_nothing(visitor: Enter, cast: Cast) -> None:
    guardian = visitor()
    guardian.is_signed_in(cast.user("guardian"))
    open_form(guardian, cast).fill("Pedal in bar four")
    guardian.visit(f"/entries/{cast.entry.pk}/")
    student_writes(cast)
    notes = open_form(guardian, cast)
    guardian.page.get_by_text("We brought back what you typed").wait_for()
    assert notes.input_value() == "Pedal in bar four"
    guardian.submit()
    assert guardian.says(TOLD)
    assert notes_of(cast) == "Slower"
    guardian.submit()
    assert notes_of(cast) == "Pedal in bar four"
