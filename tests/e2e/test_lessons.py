"""Lessons by invitation in a browser: a diary that is here gets a teacher, a parent begins one alone."""

from collections.abc import Callable

from apps.accounts.models import Invitation, Student
from apps.accounts.models.students import AgeBand
from apps.private_teaching.models import Teaching
from tests.factories.accounts import born, make_guardianship, make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching

from .conftest import Visitor

Enter = Callable[..., Visitor]


def come_in(visitor: Enter, name: str) -> Visitor:
    person = visitor()
    person.is_signed_in(make_user(name))
    return person


def test_an_adult_with_a_diary_gets_a_teacher_by_a_code(visitor: Enter) -> None:
    """By keyboard alone where there is something to choose."""
    teacher, nora = come_in(visitor, "Thea Teacher"), make_user("Nora")
    own = make_student("Nora", user=nora, age_band=AgeBand.ADULT)
    make_guardianship(make_student("W" * 90), nora)
    teacher.visit("/studio/")
    teacher.page.get_by_role("link", name="Invite a pupil").click()
    teacher.check()
    teacher.fill(instrument="Cello")
    teacher.submit()
    teacher.check_looks()
    code = teacher.page.locator(".code-word").inner_text()
    teacher.visit("/studio/")
    assert teacher.says("Invited pupils")
    teacher.check_looks()

    pupil = visitor()
    pupil.is_signed_in(nora)
    pupil.visit("/join/")
    pupil.fill(code=code)
    pupil.submit()
    pupil.check_looks()
    pupil.page.locator("input[name=whose]").first.focus()
    pupil.page.keyboard.press("Space")
    with pupil.page.expect_navigation():
        pupil.page.keyboard.press("Enter")
    assert Teaching.objects.get().student == own
    pupil.check()
    teacher.visit("/studio/")
    assert teacher.says("Nora")
    assert not teacher.says("Invited pupils")


def test_a_parent_begins_alone_and_asks_a_teacher(visitor: Enter) -> None:
    parent = come_in(visitor, "Nora")
    parent.visit("/start/")
    parent.check_looks()
    parent.page.get_by_role("link", name="Begin a child's diary").click()
    parent.check_looks()
    parent.fill(name="Zoe")
    parent.submit()
    assert parent.says("The diary is ready")
    parent.check_looks()
    parent.page.get_by_role("link", name="Invite a teacher").first.click()
    parent.check_looks()
    parent.fill(instrument="Cello")
    parent.submit()
    assert Invitation.objects.get().student == Student.objects.get()
    teacher = come_in(visitor, "Thea Teacher")
    teacher.visit(f"/join/{Invitation.objects.get().token}/")
    teacher.check_looks()
    teacher.page.get_by_label("Month of birth").select_option(born(40)["birth_month"])
    teacher.fill(birth_year=born(40)["birth_year"])
    teacher.press("Accept")
    teacher.check()
    assert Teaching.objects.get().teacher.display_name == "Thea Teacher"


def test_a_child_who_is_here_keeps_one_diary(visitor: Enter) -> None:
    nora, thea = make_user("Nora"), make_user("Thea Teacher")
    zoe, placeholder = make_student("Zoe"), make_student("Zoe Z.")
    make_guardianship(zoe, nora)
    make_teaching(thea, placeholder)
    row = make_invitation(placeholder, thea, nora.email)
    parent = visitor()
    parent.is_signed_in(nora)
    parent.visit(f"/join/{row.token}/")
    parent.check_looks()
    parent.page.get_by_label("Zoe, who is here already").check()
    parent.press("Accept")
    parent.check()
    assert Student.objects.get() == zoe
    assert Teaching.objects.get().student == zoe
