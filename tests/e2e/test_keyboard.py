"""Everything with the keyboard alone: the focus is always somewhere, and one always sees where."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Locator

from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.e2e.conftest import Visitor

Enter = Callable[..., Visitor]
# What is wrong with the element in the focus, in words; an empty text when nothing is. The ring may stand
# around what is drawn for it: a radio button's star, a checkbox's pill.
FAULT = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return "the focus is lost";
    const name = here.outerHTML.slice(0, 120);
    const around = [here, here.nextElementSibling, here.closest("label")].filter(Boolean);
    const isRinged = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    // The button inside a date's field is the browser's own, and so is its ring.
    const hasRing = around.map(part => getComputedStyle(part)).some(isRinged);
    if (here.matches(":focus") && !hasRing) return `no ring: ${name}`;
    const box = here.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return `outside: ${name}`;
    const hit = document.elementFromPoint(x, y);
    return hit && (here.parentElement.contains(hit) || hit.contains(here)) ? "" : `covered: ${name}`;
}"""
STEPS = 120


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


@pytest.fixture
def visitor(visitor: Enter) -> Enter:
    """Nothing slides into its place after the focus is there."""
    return partial(visitor, reduced_motion="reduce")


def has_focus(what: Locator) -> bool:
    return what.count() == 1 and bool(what.evaluate("element => element === document.activeElement"))


def tab_to(person: Visitor, what: Locator) -> None:
    """As often as it takes, and each stop on the way can be seen."""
    for _step in range(STEPS):
        person.page.keyboard.press("Tab")
        assert person.page.evaluate(FAULT) == ""
        if has_focus(what):
            return
    raise AssertionError(f"{STEPS} steps, and never {what}")


def enter(person: Visitor) -> None:
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("student", "/practice/"),
        ("student", "/tools/"),
        ("guardian", "/family/"),
        ("teacher", "/studio/"),
        ("guardian", "/students/{student}/diary/"),
        ("guardian", "/students/{student}/diary/log/"),
        ("guardian", "/entries/{entry}/"),
        ("guardian", "/students/{student}/people/"),
    ],
)
def test_each_stop_is_seen_until_the_page_ends(
    visitor: Enter, cast: Cast, role: str, path: str, width: int
) -> None:
    person = visitor(viewport={"width": width, "height": 844})
    person.is_signed_in(cast.user(role))
    person.visit(path.format(student=cast.student.pk, entry=cast.entry.pk))
    # Everything that folds is open, so that all there is to reach is reached.
    person.page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
    last = person.page.locator("[data-theme-switch] button").last
    tab_to(person, last)


def test_the_skip_link_leads_past_the_menus(visitor: Enter, cast: Cast) -> None:
    person = visitor()
    person.is_signed_in(cast.user("student"))
    person.visit("/practice/")
    skip = person.page.get_by_role("link", name="Skip to the content")
    assert skip.bounding_box()["y"] < 0  # type: ignore[index]
    tab_to(person, skip)
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    person.page.keyboard.press("Enter")
    assert has_focus(person.page.locator("main"))
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_account_menu_opens_and_gives_the_focus_back(visitor: Enter, cast: Cast) -> None:
    person = visitor()
    person.is_signed_in(cast.user("student"))
    person.visit("/practice/")
    menu = person.page.locator("details.menu")
    tab_to(person, menu.locator("summary"))
    person.page.keyboard.press("Enter")
    tab_to(person, menu.get_by_role("link", name="Password"))
    person.page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert has_focus(menu.locator("summary"))
    person.page.keyboard.press("Space")
    tab_to(person, menu.get_by_role("link", name="Settings"))
    enter(person)
    assert person.page.url.endswith("/settings/")


def test_a_log_from_the_first_page(visitor: Enter, cast: Cast) -> None:
    """The piece of last time, the minutes, and back on the page with the good news."""
    person = visitor()
    person.is_signed_in(cast.user("student"))
    person.visit("/practice/")
    tab_to(person, person.page.get_by_label("Minuet in G"))
    person.page.keyboard.press("Space")
    tab_to(person, person.page.get_by_role("button", name="20 minutes"))
    enter(person)
    entry = PracticeEntry.objects.latest("created_at")
    assert (entry.minutes, [line.title for line in entry.items.all()]) == (20, ["Minuet in G"])
    assert person.says("Saved: 20 min.")


def test_a_log_with_details(visitor: Enter, cast: Cast) -> None:
    """A preset fills, a fold opens, a star is given, Enter in a field saves; a mistake keeps all of it."""
    person = visitor()
    person.is_signed_in(cast.user("guardian"))
    person.visit(f"/students/{cast.student.pk}/diary/log/")
    page = person.page
    tab_to(person, page.get_by_label("Minutes", exact=False).first)
    page.keyboard.type("0")
    tab_to(person, page.locator("main [name$=-title]:visible").first)
    page.keyboard.type("Scales")
    enter(person)
    assert not PracticeEntry.objects.filter(items__title="Scales").exists()
    tab_to(person, page.locator("button.preset[value='30']"))
    page.keyboard.press("Enter")
    assert page.input_value("[name=minutes]") == "30"
    assert has_focus(page.locator("button.preset[value='30']")), "the focus stays on the preset"
    tab_to(person, page.locator("main details.fold > summary").first)
    page.keyboard.press("Enter")
    tab_to(person, page.locator("[name=enjoyment]:checked"))
    for _star in range(4):
        page.keyboard.press("ArrowRight")
    tab_to(person, page.locator("[name=description]"))
    page.keyboard.type("Slowly")
    tab_to(person, page.locator("main details button[name=save]"))
    enter(person)
    entry = PracticeEntry.objects.get(items__title="Scales")
    assert (entry.minutes, entry.enjoyment, entry.description) == (30, 4, "Slowly")


def test_deleting_asks_first(visitor: Enter, cast: Cast) -> None:
    person = visitor()
    person.is_signed_in(cast.user("guardian"))
    person.visit(f"/entries/{cast.entry.pk}/")
    for answer, is_gone in [("No, keep it", False), ("Delete", True)]:
        tab_to(person, person.page.locator("article").get_by_role("link", name="Delete"))
        enter(person)
        assert person.says("Delete this entry?")
        tab_to(person, person.page.locator(".form-actions").get_by_text(answer))
        enter(person)
        cast.entry.refresh_from_db()
        assert (cast.entry.deleted_at is not None) is is_gone


def test_a_comment_and_its_answer(visitor: Enter, cast: Cast) -> None:
    """After the swap the focus is on the new comment, and Tab goes on from there."""
    person = visitor()
    person.is_signed_in(cast.user("teacher"))
    person.visit(f"/entries/{cast.entry.pk}/")
    tab_to(person, person.page.locator("#comments textarea"))
    person.page.keyboard.type("Bravo")
    tab_to(person, person.page.locator("#comments .card button[type=submit]"))
    person.page.keyboard.press("Enter")
    # The browser puts the focus there a moment before htmx does: only a test is quick enough between the two.
    comment = person.page.locator("#comments:not(.htmx-added) .comment:focus", has_text="Bravo")
    comment.wait_for()
    person.page.keyboard.press("Tab")
    assert has_focus(person.page.locator(".comment").get_by_role("link", name="Change"))


def test_what_puts_itself_away_does_not_take_the_focus_with_it(visitor: Enter, cast: Cast) -> None:
    person = visitor()
    person.is_signed_in(cast.user("teacher"))
    # However slow the machine: nothing is sent by itself before the focus is there.
    now = timezone.now()
    person.page.clock.install(time=now)
    person.page.clock.pause_at(now + timedelta(hours=1))
    person.visit(f"/entries/{cast.entry.pk}/")
    button = person.page.get_by_role("button", name="Mark as seen")
    tab_to(person, button)
    with person.page.expect_response("**/entries/seen/"):
        person.page.clock.run_for(2_000)
    person.page.wait_for_function("!document.querySelector('[data-seen] [name=entry]')")
    assert has_focus(button)
    person.page.keyboard.press("Tab")
    person.page.locator("[data-seen]").wait_for(state="hidden")
    assert person.page.evaluate(FAULT) == ""
