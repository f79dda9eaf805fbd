"""Nothing before somebody agreed: a child asks, a mother agrees, stops it, and a link takes it back."""

from collections.abc import Callable

from apps.accounts.models import Student
from tests.factories.accounts import born, make_guardianship, make_student, make_user
from tests.factories.consent import make_consent

from .conftest import PASSWORD, Visitor

Enter = Callable[..., Visitor]
Post = Callable[[str, str], str]


def test_a_child_is_sent_to_a_grown_up_kindly(visitor: Enter) -> None:
    """By the keyboard alone."""
    child = visitor()
    child.is_signed_in(make_user("Kim", time_zone="Europe/Berlin"))
    child.visit("/start/")
    child.check_looks()
    child.page.focus("[name=birth_month]")
    month = child.page.get_by_label("Month of birth")
    month.select_option(born(9)["birth_month"])
    child.page.keyboard.press("Tab")
    child.page.keyboard.type(born(9)["birth_year"])
    child.page.keyboard.press("Tab")
    child.page.keyboard.press("Space")
    assert child.page.get_by_label("I have read this, and I agree.").is_checked()
    with child.page.expect_navigation():
        child.page.keyboard.press("Enter")
    assert child.says("Ask a grown-up to make your diary.")
    child.check_looks()
    child.visit("/start/")
    assert child.says("Ask a grown-up to make your diary.")
    assert not Student.objects.exists()


def test_a_guardian_decides(visitor: Enter, post: Post) -> None:
    mother, kid = make_user("Nora Klein"), make_user("Mia Klein")
    mia = make_student("Mia Klein", user=kid, collecting=False)
    make_guardianship(mia, mother)
    guardian, child = visitor(), visitor()
    guardian.is_signed_in(mother)
    child.is_signed_in(kid)
    assert child.visit(f"/students/{mia.pk}/diary/log/") == 403
    assert child.says("You did nothing wrong.")
    child.check_looks()
    guardian.visit(f"/students/{mia.pk}/consents/")
    guardian.check_looks()
    with guardian.page.expect_navigation():
        guardian.page.get_by_role("button", name="I agree : The practice diary").click()
    guardian.fill(password=PASSWORD)
    guardian.submit()
    assert guardian.says("Agreed by Nora Klein")
    guardian.check_looks()
    mia.refresh_from_db()
    assert mia.collecting
    assert child.visit(f"/students/{mia.pk}/diary/log/") == 200
    child.visit(f"/students/{mia.pk}/consents/")
    assert child.says("We may keep your diary")
    child.check_looks()

    anybody = visitor()
    anybody.visit(post(mother.email, r"/consents/\w+/"))
    anybody.check_looks()
    anybody.press("Take it back")
    assert anybody.says("This is taken back")
    anybody.check_looks()
    mia.refresh_from_db()
    assert not mia.collecting


def test_somebody_stops_it_while_another_writes(visitor: Enter) -> None:
    """What was typed is still there, and goes through when it is allowed again."""
    mother = make_user("Nora")
    mia = make_student("Mia")
    make_guardianship(mia, mother)
    make_consent(mia, mother)
    writer = visitor()
    writer.is_signed_in(mother)
    writer.visit(f"/students/{mia.pk}/diary/log/")
    writer.fill(minutes="20")
    folded = writer.page.locator("main form details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    writer.page.locator("[name=description]").fill("Slowly, both hands")
    make_consent(mia, mother, given=False)
    writer.submit()
    assert writer.says("on the page Permissions")
    assert writer.page.locator("[name=description]").input_value() == "Slowly, both hands"
    writer.check_looks()
    make_consent(mia, mother)
    writer.submit()
    assert writer.says("Slowly, both hands")
