"""Lessons in a browser, by keyboard alone: planned for some weeks, noted, moved; the family reads along."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.lessons.models import Lesson, OwnNote
from tests.conftest import Cast
from tests.e2e.test_talk import DRAFTS
from tests.factories.lessons import make_lesson

from .conftest import Visitor

Enter = Callable[..., Visitor]


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


def come_in(visitor: Enter, cast: Cast, name: str) -> Visitor:
    person = visitor()
    person.is_signed_in(cast.user(name))
    return person


def type_into(person: Visitor, name: str, text: str) -> None:
    """Reached by the Tab key, from the field that has the focus now."""
    for _ in range(30):
        if person.page.evaluate("document.activeElement.name") == name:
            break
        person.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"the Tab key never comes to {name}")
    person.page.keyboard.type(text)


def drafts_become(person: Visitor, count: int) -> None:
    """Asked from outside: the page's own policy lets nothing wait inside it."""
    for _ in range(50):
        if person.page.evaluate(DRAFTS) == count:
            return
        person.page.wait_for_timeout(100)
    raise AssertionError(f"{person.page.evaluate(DRAFTS)} drafts, not {count}")


def enter(person: Visitor) -> None:
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def test_a_row_of_lessons_is_planned_noted_and_moved(visitor: Enter, cast: Cast) -> None:
    teacher = come_in(visitor, cast, "teacher")
    teacher.visit("/lessons/")
    assert teacher.says("No lessons this week")
    teacher.page.get_by_role("link", name="Plan a lesson").first.focus()
    enter(teacher)
    first = timezone.localdate() + timedelta(days=3)
    teacher.page.locator("select[name=teaching]").focus()
    type_into(teacher, "teaching", "Mia")
    type_into(teacher, "day", f"{first:%m%d%Y}")
    type_into(teacher, "time", "0330PM")
    type_into(teacher, "place", "Room 3")
    type_into(teacher, "weeks", "every week")
    type_into(teacher, "until", f"{first + timedelta(weeks=2):%m%d%Y}")
    enter(teacher)
    assert teacher.says("3 lessons are planned.")
    assert [each.wall.hour for each in Lesson.objects.order_by("starts_at")] == [15, 15, 15]
    teacher.check_looks()

    guardian = come_in(visitor, cast, "guardian")
    guardian.visit("/family/")
    guardian.page.locator("main a[href^='/lessons/']").first.focus()
    enter(guardian)
    assert guardian.says("Room 3")
    assert not guardian.says("Private note")

    teacher.page.get_by_role("link", name="Change or move").focus()
    enter(teacher)
    type_into(teacher, "time", "0400PM")
    type_into(teacher, "following", " ")
    type_into(teacher, "reason", "A rehearsal")
    enter(teacher)
    assert teacher.says("A rehearsal")
    assert [each.wall.hour for each in Lesson.objects.order_by("starts_at")] == [16, 16, 16]
    guardian.page.reload()
    assert guardian.says("A rehearsal")
    assert teacher.faults == guardian.faults == []


def test_what_was_typed_is_there_after_a_lost_connection(visitor: Enter, cast: Cast) -> None:
    lesson = make_lesson(cast.teaching)
    teacher = come_in(visitor, cast, "teacher")
    teacher.visit(f"/lessons/{lesson.pk}/notes/")
    teacher.fill(shared_note="Bars 9 to 16, slowly", own_note="Tired today")
    drafts_become(teacher, 1)
    teacher.context.set_offline(True)
    teacher.page.keyboard.press("Escape")
    teacher.page.evaluate("document.querySelector('main form').requestSubmit()")
    teacher.page.wait_for_timeout(300)
    assert not OwnNote.objects.exists()
    teacher.context.set_offline(False)
    teacher.visit(f"/lessons/{lesson.pk}/notes/")
    assert teacher.page.input_value("[name=shared_note]") == "Bars 9 to 16, slowly"
    assert teacher.page.input_value("[name=own_note]") == "Tired today"
    teacher.check()
    teacher.submit()
    drafts_become(teacher, 0)
    lesson.refresh_from_db()
    assert lesson.shared_note == "Bars 9 to 16, slowly"
    assert OwnNote.objects.get().body == "Tired today"


def test_what_is_wrong_is_where_the_reader_goes_on(visitor: Enter, cast: Cast) -> None:
    person = come_in(visitor, cast, "teacher")
    person.visit("/lessons/add/")
    person.page.locator("[name=place]").fill("Room 3")
    person.page.locator("[name=minutes]").fill("2")
    with person.page.expect_navigation():
        person.page.locator("main form [type=submit]").click()
    assert person.page.evaluate("document.activeElement.name") == "minutes"
    assert person.page.locator("[name=place]").input_value() == "Room 3"


def test_a_guest_and_another_teacher_do_not_get_in(visitor: Enter, cast: Cast) -> None:
    lesson = make_lesson(cast.teaching)
    for name in ("viewer", "second_teacher", "stranger"):
        person = come_in(visitor, cast, name)
        assert person.visit(f"/lessons/{lesson.pk}/") == 404
        assert person.visit(f"/lessons/{lesson.pk}/notes/") == 404
