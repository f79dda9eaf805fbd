"""The family graph in the browser: an objection, a pause, and the eighteenth birthday by keyboard alone."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Guardianship, Student, StudentGrant
from tests.conftest import Cast, make_cast
from tests.factories.accounts import make_guardianship, make_student, make_user

from .conftest import Visitor

Enter = Callable[..., Visitor]
DAY = timedelta(days=1)
LONG = "Wolfeschlegelsteinhausenbergerdorff " * 2


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    return make_cast()


def look(person: Visitor, name: str) -> None:
    """In every look; with SCREENSHOTS set, each is kept in that folder."""
    person.check_looks()
    if folder := os.environ.get("SCREENSHOTS"):
        looks: list[tuple[int, Literal["light", "dark"]]] = [(390, "light"), (1280, "dark")]
        for width, scheme in looks:
            person.page.set_viewport_size({"width": width, "height": 844})
            person.page.emulate_media(color_scheme=scheme)
            person.page.screenshot(path=str(Path(folder) / f"{name}-{width}-{scheme}.png"), full_page=True)
    person.page.set_viewport_size({"width": 390, "height": 844})


def come_in(visitor: Enter, cast: Cast, name: str) -> Visitor:
    person = visitor()
    person.is_signed_in(cast.user(name))
    return person


def by_keyboard(person: Visitor, text: str) -> None:
    """Walk with the tabulator to what carries this text, and press Enter."""
    for _turn in range(80):
        person.page.keyboard.press("Tab")
        if text in person.page.evaluate("document.activeElement.innerText || ''"):
            person.page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {text}")


def test_an_objection(visitor: Enter, mia: Cast) -> None:
    new = make_guardianship(mia.student, make_user(LONG.strip()[:90]), started_at=timezone.now())
    person = come_in(visitor, mia, "guardian")
    person.visit(f"/students/{mia.student.pk}/people/")
    look(person, "people-newcomer")
    person.page.get_by_role("link", name="This is not right").click()
    person.page.wait_for_url("**/object/")
    look(person, "object")
    person.fill(reason="We do not know them")
    person.press("Yes, please check")
    assert person.says("They see nothing for now.")
    look(person, "people-suspended")
    new.refresh_from_db()
    assert new.suspended_at is not None
    services.lock_family(student=mia.student, reason="x", by=mia.user("staff"), now=timezone.now())
    own = Guardianship.objects.get(guardian=mia.user("guardian"))
    person.visit(f"/guardianships/{own.pk}/leave/")
    look(person, "leave-locked")
    person.visit(f"/students/{mia.student.pk}/people/")
    look(person, "people-locked")


def test_leaving(visitor: Enter, mia: Cast) -> None:
    alone = Guardianship.objects.get(guardian=mia.user("other_guardian"))
    other = come_in(visitor, mia, "other_guardian")
    other.visit(f"/guardianships/{alone.pk}/leave/")
    look(other, "leave-last")
    person = come_in(visitor, mia, "guardian")
    own = Guardianship.objects.get(guardian=mia.user("guardian"))
    person.visit(f"/guardianships/{own.pk}/leave/")
    look(person, "leave")
    person.press("Yes, I leave")
    assert not Guardianship.objects.current().filter(pk=own.pk).exists()


def test_a_pause(visitor: Enter, mia: Cast) -> None:
    person = come_in(visitor, mia, "teacher")
    person.visit(f"/teachings/{mia.teaching.pk}/pause/")
    look(person, "pause")
    person.fill(reason="A semester abroad")
    by_keyboard(person, "Pause")
    person.page.wait_for_url("**/studio/")
    person.page.get_by_text("1 paused student").click()
    look(person, "roster-paused")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Go on").click()
    assert person.says("The lessons go on.")


def test_the_eighteenth_birthday(visitor: Enter, mia: Cast) -> None:
    """Announced, done, and the young adult lets the mother look again, without a mouse."""
    now, guardian = timezone.now(), mia.user("guardian")
    Student.objects.filter(pk=mia.student.pk).update(birth_month=date(now.year - 19, now.month, 1))
    mother = come_in(visitor, mia, "guardian")
    diary = f"/students/{mia.student.pk}/diary/"
    services.come_of_age_due(now=now - 8 * DAY)
    assert mother.visit(diary) == 200
    services.come_of_age_due(now=now)
    assert mother.visit(diary) == 404
    person = come_in(visitor, mia, "student")
    person.visit("/hand-over/")
    look(person, "hand-over")
    person.page.locator("summary", has_text="Let somebody look again").focus()
    person.page.keyboard.press("Enter")
    look(person, "hand-over-open")
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Space")
    by_keyboard(person, "Let them look")
    person.page.wait_for_load_state()
    person.page.get_by_text("is your guest now").wait_for()
    assert StudentGrant.objects.filter(user=guardian).exists()
    assert mother.visit(diary) == 200
    person.page.set_viewport_size({"width": 390, "height": 844})


def test_an_adult_without_a_sign_in(visitor: Enter, mia: Cast) -> None:
    ida = make_student(LONG.strip()[:90], birth_month=date(1999, 1, 1))
    make_guardianship(ida, mia.user("guardian"))
    person = come_in(visitor, mia, "guardian")
    person.visit(f"/students/{ida.pk}/people/")
    assert person.says("Adults decide for themselves")
    look(person, "people-of-age")
    person.visit(f"/students/{ida.pk}/edit/")
    look(person, "edit-birth-month")
