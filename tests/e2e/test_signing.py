"""A week that a teacher asks to be signed, by keyboard alone; and a diary on two sizes of paper."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.utils import timezone

from apps.practice.content import Line
from apps.practice.models import WeekSignOff
from apps.private_teaching.models import Teaching
from tests.conftest import Cast, make_cast
from tests.factories.practice import make_entry

from .conftest import Visitor

Enter = Callable[..., Visitor]
DAY = timedelta(days=1)


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    found = make_cast()
    today = found.student.today(timezone.now())
    Teaching.objects.filter(pk=found.teaching.pk).update(sign_off_since=today - 14 * DAY)
    for number in range(1, 15):
        make_entry(
            found.student,
            found.user("student"),
            practised_on=today - number * DAY,
            lines=[Line("W" * 150)],
            description="W" * 400,
        )
    return found


def enter(visitor: Enter, mia: Cast, name: str) -> Visitor:
    person = visitor()
    person.is_signed_in(mia.user(name))
    return person


def look(person: Visitor, name: str) -> None:
    """In every look; with SCREENSHOTS set, each is kept in that folder."""
    person.check_looks()
    if folder := os.environ.get("SCREENSHOTS"):
        looks: list[tuple[int, Literal["light", "dark"]]] = [(390, "light"), (1280, "dark")]
        for width, scheme in looks:
            person.page.set_viewport_size({"width": width, "height": 844})
            person.page.emulate_media(color_scheme=scheme)
            person.page.screenshot(path=str(Path(folder) / f"{name}-{width}-{scheme}.png"))


def test_a_week_is_signed_by_keyboard(visitor: Enter, mia: Cast) -> None:
    guardian = enter(visitor, mia, "guardian")
    assert guardian.visit("/family/") == 200
    look(guardian, "sign-family")
    for _turn in range(60):
        guardian.page.keyboard.press("Tab")
        if "Sign this week" in guardian.page.evaluate("document.activeElement.innerText || ''"):
            break
    with guardian.page.expect_navigation():
        guardian.page.keyboard.press("Enter")
    assert guardian.says("Signed. The teacher sees it.")
    assert WeekSignOff.objects.get().signed_by == mia.user("guardian")
    look(guardian, "sign-diary")
    teacher = enter(visitor, mia, "teacher")
    teacher.visit(f"/students/{mia.student.pk}/diary/")
    assert teacher.says("Signed by Guardian Qzguardian")
    teacher.visit("/studio/")
    assert teacher.says("week signed")
    look(teacher, "sign-roster")
    teacher.visit(f"/students/{mia.student.pk}/people/")
    look(teacher, "sign-people")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_diary_fits_the_paper(visitor: Enter, mia: Cast, paper: str) -> None:
    guardian = enter(visitor, mia, "guardian")
    assert guardian.visit(f"/students/{mia.student.pk}/diary/print/") == 200
    guardian.page.emulate_media(media="print")
    hidden = guardian.page.evaluate(
        "[...document.querySelectorAll('.site-header, .filter-bar, .no-print, .site-footer')]"
        ".every(part => getComputedStyle(part).display === 'none')"
    )
    assert hidden
    width = {"A4": 186, "Letter": 191}[paper] * 96 / 25.4
    guardian.page.set_viewport_size({"width": int(width), "height": 1000})
    assert guardian.page.evaluate("document.documentElement.scrollWidth") <= int(width)
    pdf = guardian.page.pdf(format=paper)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 2 <= pages <= 15
    if folder := os.environ.get("SCREENSHOTS"):
        (Path(folder) / f"diary-{paper}.pdf").write_bytes(pdf)
