"""An instrument up to its new strings by keyboard, and a concert up to its hours without any script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.gear.models import Care, Gear
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Occasion
from tests.conftest import Cast, make_cast
from tests.factories.gear import make_care, make_gear
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_occasion, make_piece

from .test_repertoire import LONG, Enter, enter, look


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    return make_cast()


def test_new_strings_by_keyboard(visitor: Enter, mia: Cast) -> None:
    student = enter(visitor, mia, "student")
    student.visit(f"/students/{mia.student.pk}/pieces/")
    student.page.get_by_role("link", name="Instruments and gear").press("Enter")
    student.page.wait_for_url("**/gear/")
    look(student, "gear-empty")
    student.page.get_by_role("link", name="Add the first thing").press("Enter")
    student.page.wait_for_url("**/add/")
    student.fill(name="My violin", notes="From the music school")
    student.page.get_by_label("Remind me of").select_option("strings")
    look(student, "gear-add")
    with student.page.expect_navigation():
        student.page.get_by_label("After how many months").press("Enter")
    assert student.says("Say after how many months, too.")
    look(student, "gear-wrong")
    student.fill(remind_months="3")
    with student.page.expect_navigation():
        student.page.get_by_label("After how many months").press("Enter")
    gear = Gear.objects.get()
    Gear.objects.update(remind_from=mia.student.today(timezone.now()) - timedelta(days=200))
    make_gear(mia.student, mia.user("guardian"), LONG, notes=LONG * 3)
    make_care(gear, mia.user("guardian"), mia.student.today(timezone.now()), kind="repair", words=LONG)
    student.page.reload()
    look(student, "gear")
    student.visit(f"/students/{mia.student.pk}/gear/")
    look(student, "gear-list")
    student.visit(reverse("home:student"))
    look(student, "first-page")
    with student.page.expect_navigation():
        student.page.get_by_role("button", name="Thanks, I know").press("Enter")
    assert not student.says("New strings are due")


def test_hours_for_a_concert_without_any_script(visitor: Enter, mia: Cast) -> None:
    by = mia.user("guardian")
    make_piece(mia.student, by, "Gavotte")
    make_gear(mia.student, by)
    student = enter(visitor, mia, "student", scripts=False)
    student.visit(f"/students/{mia.student.pk}/occasions/add/")
    day = mia.student.today(timezone.now()) + timedelta(days=40)
    student.fill(title="Summer concert", held_on=day.isoformat(), target_hours="2")
    student.page.get_by_label("Kind").select_option("performance")
    student.page.get_by_label("Gavotte").check()
    student.press("Save")
    assert student.says("40 days to go")
    student.visit(f"/students/{mia.student.pk}/diary/log/")
    student.fill(minutes="45")
    student.page.locator("[name=lines-0-title]").fill("Gavotte")
    student.page.locator("details.fold > summary", has_text="More").last.click()
    student.page.get_by_label("Which exam or performance?").select_option(label="Summer concert")
    student.page.get_by_label("Played on").select_option(label="Violin")
    with student.page.expect_navigation():
        student.page.get_by_role("button", name="Save", exact=True).last.click()
    entry = PracticeEntry.objects.latest("created_at")
    assert (str(entry.instrument), entry.preparing_for_performance) == ("Violin", True)
    student.visit(f"/occasions/{Occasion.objects.get().pk}/")
    assert student.says("45 min in 1 session")
    assert not Care.objects.exists()


def test_dates_in_every_look(visitor: Enter, mia: Cast) -> None:
    by, today = mia.user("guardian"), mia.student.today(timezone.now())
    guardian = enter(visitor, mia, "guardian")
    home = f"/students/{mia.student.pk}/occasions/"
    guardian.visit(home)
    look(guardian, "occasions-empty")
    pieces = [make_piece(mia.student, by, title) for title in ("Gavotte", LONG * 2)]
    exam = make_occasion(
        mia.student, by, LONG * 2, board=LONG, grade=LONG[:50], result=LONG, target_hours=2, pieces=pieces
    )
    make_occasion(mia.student, by, "Spring concert", kind="performance", held_on=today - timedelta(days=9))
    make_gear(mia.student, by, LONG)
    entry = make_entry(
        mia.student,
        by,
        minutes=45,
        instrument=Gear.objects.get(),
        occasion=exam,
        preparing_for_exam=True,
    )
    for name, path in {
        "occasions": home,
        "occasion-add": f"{home}add/",
        "occasion": f"/occasions/{exam.pk}/",
        "entry": f"/entries/{entry.pk}/",
        "entry-edit": f"/entries/{entry.pk}/edit/",
    }.items():
        guardian.visit(path)
        look(guardian, name)
