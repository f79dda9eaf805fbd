"""Comments without a new page: htmx puts the answer into the page, and nothing typed is ever lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route

from apps.practice.models import EntryComment, PracticeEntry
from tests.conftest import Cast
from tests.e2e.conftest import PASSWORD, Visitor

Enter = Callable[..., Visitor]
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('woodshed-draft:')).length"


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    return cast


def open_talk(person: Visitor, entry: PracticeEntry) -> Locator:
    """The entry's page, marked so that a second load of it shows; the field one writes in."""
    person.visit(f"/entries/{entry.pk}/")
    person.page.evaluate("document.body.dataset.same = 'yes'")
    return person.page.locator("#comments .card textarea")


def send(person: Visitor) -> None:
    person.page.locator("#comments .card").get_by_role("button", name="Send").click()


def stands(person: Visitor, words: str) -> None:
    """The comment came in and has the focus; htmx has settled then."""
    person.page.locator(".comment:focus", has_text=words).wait_for()


def no_draft_is_left(person: Visitor) -> None:
    """The old page's last words are kept until the new part of it has said that they arrived."""
    person.page.wait_for_function(f"{DRAFTS} === 0")


def is_same_page(person: Visitor) -> bool:
    return bool(person.page.evaluate("document.body.dataset.same") == "yes")


def focused(person: Visitor) -> str:
    return str(person.page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def toast(person: Visitor) -> str:
    corner = person.page.locator("[data-toasts] .alert")
    corner.wait_for()
    return corner.inner_text()


def test_a_comment_appears_in_place(visitor: Enter, cast: Cast) -> None:
    """Announced and in the focus, the form empty and ready; twice, so what was swapped in works too."""
    teacher = visitor()
    teacher.is_signed_in(cast.user("teacher"))
    field = open_talk(teacher, cast.entry)
    for number, words in enumerate(["The left hand sings.", "And now the right one."], 1):
        field.fill(words)
        send(teacher)
        stands(teacher, words)
        said = EntryComment.objects.get(body=words)
        assert focused(teacher) == f"comment-{said.pk}"
        assert teacher.page.locator("#talk-status[role=status]").inner_text() == "Your words are there."
        assert field.input_value() == ""
        no_draft_is_left(teacher)
        assert EntryComment.objects.count() == number
    assert is_same_page(teacher)
    teacher.page.wait_for_timeout(600)
    assert teacher.page.evaluate(DRAFTS) == 0
    teacher.check()
    teacher.visit(f"/entries/{cast.entry.pk}/")
    assert teacher.page.locator(".comment").count() == 2
    assert field.input_value() == ""


def test_a_mistake_is_said_beside_the_field(visitor: Enter, cast: Cast) -> None:
    guardian = visitor()
    guardian.is_signed_in(cast.user("guardian"))
    field = open_talk(guardian, cast.entry)
    send(guardian)
    guardian.page.get_by_text("Write something first.").wait_for()
    assert focused(guardian) == "id__body"
    guardian.check()
    long = "🎻 " * 1200
    field.fill(long)
    guardian.page.locator(".field-count.is-over").wait_for()
    send(guardian)
    guardian.page.get_by_text("at most 2000 characters").wait_for()
    assert field.input_value() == long
    assert is_same_page(guardian)
    field.fill("Shorter.")
    send(guardian)
    stands(guardian, "Shorter.")
    no_draft_is_left(guardian)
    assert EntryComment.objects.get().body == "Shorter."


def hold(person: Visitor) -> list[Route]:
    """Comments that are under way, until the test lets them go."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    person.page.route("**/comments/", keep)
    return held


def test_it_says_that_it_is_busy_and_sends_once(visitor: Enter, cast: Cast) -> None:
    teacher = visitor()
    teacher.is_signed_in(cast.user("teacher"))
    open_talk(teacher, cast.entry).fill("Bravo")
    held = hold(teacher)
    button = teacher.page.locator("#comments .card").get_by_role("button", name="Send")
    button.dblclick()
    teacher.page.get_by_text("One moment").wait_for()
    assert button.get_attribute("aria-disabled") == "true"
    assert button.evaluate("button => button === document.activeElement"), "the focus stays meanwhile"
    button.press("Enter")
    held[0].abort()
    assert "No connection" in toast(teacher)
    teacher.faults.clear()
    assert button.get_attribute("aria-disabled") is None
    assert not teacher.page.get_by_text("One moment").is_visible()
    teacher.page.wait_for_timeout(200)
    assert len(held) == 1
    teacher.page.unroute("**/comments/")
    button.press("Enter")
    stands(teacher, "Bravo")
    assert EntryComment.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "No connection"), (429, "did not work just now"), (500, "did not work just now")],
)
def test_what_goes_wrong_is_said_kindly_and_can_be_sent_again(
    visitor: Enter, cast: Cast, status: int, words: str
) -> None:
    teacher = visitor()
    teacher.is_signed_in(cast.user("teacher"))
    field = open_talk(teacher, cast.entry)
    field.fill("Bravo")

    def fail(route: Route) -> None:
        if status:
            route.fulfill(status=status, body="<h1>Oops</h1>", content_type="text/html")
        else:
            route.abort("internetdisconnected")

    teacher.page.route("**/comments/", fail)
    send(teacher)
    assert words in toast(teacher)
    teacher.check()
    assert field.input_value() == "Bravo"
    assert is_same_page(teacher)
    # The browser and htmx write down that a request failed; that is all they have to say.
    noise = ("Failed to load resource", "Response Status Error", "htmx:sendError", "htmx:afterRequest")
    assert [fault for fault in teacher.faults if not any(word in fault for word in noise)] == []
    teacher.faults.clear()
    teacher.page.unroute("**/comments/")
    send(teacher)
    stands(teacher, "Bravo")
    assert teacher.page.locator("[data-toasts] .alert").count() == 0
    assert EntryComment.objects.get().body == "Bravo"


def test_a_lost_session_comes_back_with_the_words(visitor: Enter, cast: Cast) -> None:
    teacher = visitor()
    teacher.is_signed_in(cast.user("teacher"))
    field = open_talk(teacher, cast.entry)
    field.fill("A long thought about bar seventeen")
    teacher.context.clear_cookies(name="sessionid")
    with teacher.page.expect_navigation(url="**/account/login/**"):
        send(teacher)
    assert teacher.says("You were signed out.")
    teacher.fill(login=cast.user("teacher").email, password=PASSWORD)
    teacher.submit()
    assert teacher.page.url.endswith(f"/entries/{cast.entry.pk}/")
    teacher.page.get_by_text("We brought back what you typed").wait_for()
    assert field.input_value() == "A long thought about bar seventeen"
    assert not EntryComment.objects.exists()
    send(teacher)
    stands(teacher, "bar seventeen")
    no_draft_is_left(teacher)


def test_a_page_that_is_too_old_loads_itself_again(visitor: Enter, cast: Cast) -> None:
    """Somebody signed in elsewhere in this browser since: the token of the form is no good any more."""
    teacher = visitor()
    teacher.is_signed_in(cast.user("teacher"))
    field = open_talk(teacher, cast.entry)
    field.fill("Patience")
    teacher.context.clear_cookies(name="csrftoken")
    send(teacher)
    teacher.page.get_by_text("We brought back what you typed").wait_for()
    assert field.input_value() == "Patience"
    send(teacher)
    stands(teacher, "Patience")


def test_an_answer_in_one_thread_leaves_the_other_words(visitor: Enter, cast: Cast) -> None:
    """The family writes to two teachers; what is half-written in one form outlives sending the other."""
    guardian = visitor()
    guardian.is_signed_in(cast.user("guardian"))
    teacher = visitor()
    teacher.is_signed_in(cast.user("second_teacher"))
    open_talk(teacher, cast.entry).fill("How was the étude?")
    send(teacher)
    stands(teacher, "étude")

    field = open_talk(guardian, cast.entry)
    field.fill("Half a thought for everybody")
    fold = guardian.page.locator("#comments details.fold", has_text="Second Teacher")
    fold.locator("summary").click()
    fold.get_by_role("button", name="Send").click()
    guardian.page.get_by_text("Write something first.").wait_for()
    assert fold.locator("textarea").evaluate("field => field === document.activeElement")
    assert field.input_value() == "Half a thought for everybody"
    fold.locator("textarea").fill("Easy!")
    held = hold(guardian)
    fold.get_by_role("button", name="Send").click()
    field.fill("A whole thought for everybody")
    held[0].continue_()
    stands(guardian, "Easy!")
    assert EntryComment.objects.get(body="Easy!").thread == cast.second_teaching
    assert field.input_value() == "A whole thought for everybody"
    assert guardian.page.get_by_text("We brought back").count() == 0
    guardian.visit(f"/entries/{cast.entry.pk}/")
    assert field.input_value() == "A whole thought for everybody"
