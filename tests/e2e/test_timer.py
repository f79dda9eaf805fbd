"""The timer in a browser: what ran survives a reload and a sleep, and nothing is saved that nobody saved."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.e2e.conftest import Visitor
from tests.e2e.test_tools import has_stopped, open_folds, ran, shown, tool
from tests.factories.accounts import make_guardianship, make_student

Enter = Callable[..., Visitor]


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


def minutes(count: int) -> object:
    return pytest.approx(count * 60, abs=8)


def timer_at_five_minutes(person: Visitor) -> None:
    """Started, five minutes on, and the page loaded anew meanwhile."""
    person.page.clock.install(time=timezone.now())
    person.visit("/tools/")
    tool(person, "Timer").get_by_role("button", name="Start").click()
    person.page.clock.run_for(180_000)
    assert ran(person) == minutes(3)
    person.page.reload()
    person.page.clock.run_for(120_000)
    assert ran(person) == minutes(5)


def test_the_timer_survives_a_reload_and_half_an_hour_of_sleep(visitor: Enter, cast: Cast) -> None:
    """What ran is counted by the clock on the wall; whether it was played, only the player knows."""
    person = visitor()
    person.is_signed_in(cast.user("student"))
    timer_at_five_minutes(person)
    person.page.clock.fast_forward(30 * 60_000)
    assert ran(person) == minutes(35)
    assert person.says("Still playing?")
    tool(person, "Timer").get_by_role("button", name="Yes, all 35 min count").click()
    assert not person.says("Still playing?")
    before = PracticeEntry.objects.count()
    with person.page.expect_navigation(url="**/diary/log/?minutes=35"):
        tool(person, "Timer").get_by_role("link", name="Write down 35 min").click()
    assert person.page.input_value("[name=minutes]") == "35"
    assert PracticeEntry.objects.count() == before
    assert ran(person) == minutes(35), "until the form is saved, nothing is lost"
    person.page.get_by_label("Minuet in G").check(force=True)
    person.submit()
    assert PracticeEntry.objects.count() == before + 1
    person.visit("/tools/")
    assert ran(person) == 0


def test_the_timer_asks_reminds_and_ends(visitor: Enter) -> None:
    """A word each twenty minutes, the question after 45 without an answer, and no more than five hours."""
    person = visitor()
    person.page.clock.install(time=timezone.now())
    person.visit("/tools/")
    open_folds(person)
    timer = tool(person, "Timer")
    every = person.page.get_by_label("A sound every")
    every.fill("-3")
    assert timer.get_by_text("Write whole minutes from 0 to 300.").first.is_visible()
    every.fill("20")
    assert not timer.get_by_text("Write whole minutes from 0 to 300.").first.is_visible()
    timer.get_by_role("button", name="Start").click()
    person.page.clock.run_for(20 * 60_000 + 1000)
    assert shown(person, "Timer", "news") == "20 minutes have passed."
    assert not person.says("Still playing?")
    person.page.clock.run_for(25 * 60_000 + 1000)
    assert person.says("Still playing?")
    person.page.clock.fast_forward(9 * 60 * 60_000)
    assert ran(person) == 5 * 60 * 60
    assert shown(person, "Timer", "news") == "Stopped: five hours are the most."
    timer.get_by_role("button", name="No, I stopped after 45 min").click()
    assert ran(person) == minutes(45)
    assert has_stopped(person, "Timer")
    person.page.clock.run_for(60_000)
    assert ran(person) == minutes(45)
    timer.get_by_role("button", name="Back to zero").click()
    person.page.reload()
    assert ran(person) == 0
    assert person.page.get_by_label("A sound every").input_value() == "20", "how it should be stays"


def test_the_timer_on_the_log_form_fills_the_minutes(visitor: Enter, cast: Cast) -> None:
    """It stands below Save, so that whoever knows the minutes never meets it."""
    person = visitor()
    person.is_signed_in(cast.user("student"))
    person.page.clock.install(time=timezone.now())
    person.visit(f"/students/{cast.student.pk}/diary/log/")
    timer = tool(person, "Timer")
    save = person.page.get_by_role("button", name="Save").last.bounding_box()
    box = timer.bounding_box()
    assert save is not None
    assert box is not None
    assert box["y"] > save["y"] + save["height"]
    timer.get_by_role("button", name="Start").click()
    person.page.clock.fast_forward(12 * 60_000)
    timer.get_by_role("button", name="Take 12 min").click()
    assert person.page.input_value("[name=minutes]") == "12"
    assert has_stopped(person, "Timer")
    assert person.page.evaluate("document.activeElement.name") == "minutes"


def test_who_writes_for_two_children_is_asked_for_whom(visitor: Enter, cast: Cast) -> None:
    other = make_student("Noah")
    make_guardianship(other, cast.user("guardian"))
    person = visitor()
    person.is_signed_in(cast.user("guardian"))
    person.visit("/tools/log/?minutes=25")
    assert person.says("Whose practice was it?")
    with person.page.expect_navigation():
        person.page.get_by_role("link", name="Noah").click()
    assert person.page.url.endswith(f"/students/{other.pk}/diary/log/?minutes=25")
    assert person.page.input_value("[name=minutes]") == "25"


def test_signing_out_takes_what_the_tools_had_kept(visitor: Enter, cast: Cast) -> None:
    person = visitor()
    person.is_signed_in(cast.user("guardian"))
    person.visit("/tools/")
    tool(person, "Timer").get_by_role("button", name="Start").click()
    kept = "Object.keys(localStorage).filter(key => key.startsWith('woodshed-tools:')).length"
    assert person.page.evaluate(kept) > 0
    person.page.locator("details.menu summary").click()
    person.press("Sign out")
    assert person.page.evaluate(kept) == 0
