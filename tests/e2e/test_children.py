"""A child without e-mail: the guardian lets the tablet in and prints the card; a classmate stays outside."""

from collections.abc import Callable

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.children.models import ChildLogin, TrustedDevice
from apps.practice.models import PracticeEntry
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import make_child_login, trusted_client

from .conftest import PASSWORD, Visitor

Enter = Callable[..., Visitor]
LONG = "W" * 60


def make_family() -> tuple[User, Student]:
    mother = make_user("Nora Berg")
    zoe = make_student("Zoë Berg", age_band=AgeBand.CHILD, time_zone="Europe/Berlin")
    make_guardianship(zoe, mother)
    return mother, zoe


def give_password(person: Visitor) -> None:
    if "reauthenticate" in person.page.url:
        person.fill(password=PASSWORD)
        person.submit()


def set_up(mother: Visitor, child: Student) -> None:
    """Four pictures, chosen on the mother's page."""
    mother.visit(f"/students/{child.pk}/people/")
    mother.page.get_by_role("link", name="Sign-in for your child").click()
    mother.check_looks()
    mother.page.get_by_role("link", name="Set up a sign-in").click()
    give_password(mother)
    mother.check_looks()
    mother.page.check("[name=kind][value=pictures]")
    mother.submit()
    mother.check()
    assert mother.says("Choose a picture.")
    for number, picture in enumerate(("cat", "sun", "boat", "key"), start=1):
        mother.page.select_option(f"[name=picture_{number}]", picture)
    mother.fill(username="zoe47")
    mother.submit()
    assert mother.says("zoe47")


def choose_by_keyboard(child: Visitor, *pictures: str) -> None:
    """Tab to the picture, Enter; no mouse."""
    for number, picture in enumerate(pictures, start=1):
        assert child.says(f"Picture {number} of 4")
        child.check()
        for _step in range(60):
            child.page.keyboard.press("Tab")
            here = "document.activeElement.name === 'pick' && document.activeElement.value"
            if child.page.evaluate(here) == picture:
                break
        with child.page.expect_navigation():
            child.page.keyboard.press("Enter")


def log(child: Visitor, minutes: str) -> None:
    with child.page.expect_navigation():
        child.page.locator(f"main button[name=minutes][value='{minutes}']").first.click()


def test_a_nine_year_old_comes_in_and_logs(visitor: Enter) -> None:
    nora, zoe = make_family()
    tablet = visitor()
    tablet.sign_in(nora)
    set_up(tablet, zoe)
    tablet.press("Zoë may sign in on this device")
    give_password(tablet)
    tablet.check_looks()
    assert TrustedDevice.objects.count() == 1
    tablet.press("Make a card to scan")
    tablet.check_looks()
    assert tablet.page.locator(".child-card svg.qr").is_visible()
    assert "Berg" not in tablet.page.inner_text(".child-card")
    card = f"/child/card/{ChildLogin.objects.get().card_token}/"
    tablet.visit("/account/logout/")
    tablet.submit()

    # By the card: looking does nothing, the button lets in.
    tablet.visit(card)
    tablet.check_looks()
    assert tablet.says("Hello Zoë!")
    tablet.press("Come in")
    tablet.check_looks()
    assert tablet.says("Log now")
    log(tablet, "20")
    entry = PracticeEntry.objects.get()
    assert entry.logged_by == ChildLogin.objects.get().user
    tablet.page.get_by_role("link", name="Grown-ups read along").click()
    tablet.check_looks()
    assert tablet.says("Nora Berg")
    assert tablet.visit("/settings/") == 403
    tablet.check_looks()

    # By pictures, with the keyboard alone.
    tablet.visit("/child/leave/")
    tablet.check_looks()
    tablet.press("Sign out")
    tablet.page.get_by_role("link", name="Zoë").focus()
    with tablet.page.expect_navigation():
        tablet.page.keyboard.press("Enter")
    choose_by_keyboard(tablet, "cat", "sun", "boat", "cat")
    assert tablet.says("That was not it.")
    tablet.check_looks()
    choose_by_keyboard(tablet, "cat", "sun", "boat", "key")
    assert tablet.says("Log now")

    # A classmate with the name, the card's link and even the pictures stands before a strange device.
    classmate = visitor()
    classmate.visit("/child/")
    classmate.fill(username="zoe47")
    classmate.submit()
    classmate.check_looks()
    assert classmate.says("Ask a grown-up to let this device in.")
    classmate.visit(card)
    assert classmate.says("Ask a grown-up to let this device in.")
    assert "Zoë" not in classmate.page.inner_text("body")
    assert classmate.visit(f"/child/{TrustedDevice.objects.get().pk}/") == 404

    # Revoked from the mother's telephone, the tablet is out at its next page.
    phone = visitor()
    phone.sign_in(nora)
    phone.visit(f"/students/{zoe.pk}/sign-in/")
    phone.page.locator("form[action^='/devices/'] button").click()
    assert phone.says("No device yet.")
    tablet.visit("/practice/")
    assert tablet.page.url.endswith("/child/")


def test_by_number(visitor: Enter) -> None:
    nora, zoe = make_family()
    tablet = visitor(java_script_enabled=False)
    tablet.is_signed_in(nora)
    tablet.visit(f"/students/{zoe.pk}/sign-in/edit/")
    give_password(tablet)
    tablet.page.check("[name=kind][value=pin]")
    tablet.fill(pin="470913")
    tablet.submit()
    tablet.press("Zoë may sign in on this device")
    tablet.context.clear_cookies(name="sessionid")
    tablet.visit("/child/")
    tablet.page.get_by_role("link", name="Zoë").click()
    tablet.fill(pin="470913")
    tablet.submit()
    assert tablet.page.url.endswith("/practice/")


def test_hand_over_and_leave(visitor: Enter) -> None:
    nora, zoe = make_family()
    tablet = visitor()
    tablet.sign_in(nora)
    tablet.visit(f"/students/{zoe.pk}/sign-in/")
    tablet.press("Hand over to Zoë")
    tablet.check_looks()
    assert tablet.says("Log now")
    log(tablet, "10")
    assert PracticeEntry.objects.get().logged_by == ChildLogin.objects.get().user
    assert tablet.visit("/family/") == 403
    tablet.page.go_back()
    tablet.visit("/practice/")
    tablet.page.get_by_role("link", name="Zoë: leave").click()
    tablet.check_looks()
    tablet.fill(password="not the password")
    tablet.submit()
    tablet.check()
    assert tablet.says("This is not the password")
    tablet.fill(password=PASSWORD)
    tablet.submit()
    assert tablet.page.url.endswith("/family/")


def test_the_word_under_a_picture_stands_whole(visitor: Enter) -> None:
    """“Schneemann” is the longest of them, on the narrowest phone as on a wide one."""
    nora, zoe = make_family()
    make_child_login(zoe, nora)
    browser = trusted_client(zoe, nora)
    phone = visitor(locale="de-DE")
    phone.has_cookies(browser.cookies)
    phone.visit(f"/child/{TrustedDevice.objects.get().pk}/")
    assert phone.says("Schneemann")
    broken = """() => [...document.querySelectorAll(".picture span:last-child")].filter(word => {
        const range = document.createRange();
        range.selectNodeContents(word);
        return range.getClientRects().length !== 1 || word.scrollWidth > word.parentElement.clientWidth;
    }).map(word => word.textContent)"""
    for width in (320, 360, 390, 430, 1280):
        phone.page.set_viewport_size({"width": width, "height": 844})
        assert (width, phone.page.evaluate(broken)) == (width, [])


def test_very_long_names_stay_in_their_frame(visitor: Enter) -> None:
    nora, child = make_family()
    Student.objects.filter(pk=child.pk).update(name=LONG)
    tablet = visitor()
    tablet.sign_in(nora)
    set_up_long(tablet, child)
    tablet.check_looks()
    tablet.visit("/child/")
    tablet.check_looks()
    tablet.page.locator("a.child-name").click()
    tablet.check_looks()


def set_up_long(person: Visitor, child: Student) -> None:
    person.visit(f"/students/{child.pk}/sign-in/edit/")
    give_password(person)
    person.page.check("[name=kind][value=pin]")
    person.fill(pin="470913")
    person.submit()
    person.page.locator("form[action$='/trust/'] button").click()
    person.page.locator("form[action$='/card/new/'] button").click()
