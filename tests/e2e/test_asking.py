"""From a teacher's first word to the first lesson, with the keyboard alone where something is typed."""

from collections.abc import Callable

from django.urls import reverse

from apps.private_teaching.models import Application, TeacherProfile, Teaching
from tests.e2e.conftest import Visitor
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import approve

Enter = Callable[..., Visitor]


def address(name: str, *args: object) -> str:
    return reverse(f"private_teaching:{name}", args=args)


def tab(person: Visitor, name: str) -> None:
    """To the field of this name, or the button that says so."""
    for _step in range(80):
        person.page.keyboard.press("Tab")
        here = person.page.evaluate("[document.activeElement.name, document.activeElement.innerText.trim()]")
        if name in here:
            return
    raise AssertionError(f"80 steps, and never {name}")


def type_into(person: Visitor, name: str, text: str) -> None:
    tab(person, name)
    person.page.keyboard.type(text)


def press(person: Visitor, name: str) -> None:
    tab(person, name)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def test_a_teacher_is_found_and_says_yes(visitor: Enter, transactional_db: None) -> None:
    thea, nora = make_user("Thea Teacher"), make_user("Nora Mother")
    zoe = make_student("Zoe Z.")
    make_guardianship(zoe, nora)
    teacher, mother, nobody = visitor(), visitor(), visitor()
    teacher.is_signed_in(thea)
    mother.is_signed_in(nora)
    teacher.visit(address("page-edit"))
    type_into(teacher, "display_name", "Thea")
    type_into(teacher, "bio", "I teach the cello, slowly and with songs.")
    type_into(teacher, "instruments", "Cello")
    tab(teacher, "languages")
    teacher.page.keyboard.press("Space")
    press(teacher, "Save and look at it")
    assert teacher.says("Nobody else sees your page yet")
    press(teacher, "Send it in")
    assert teacher.says("We read it soon")
    nobody.visit(address("teacher-list"))
    assert not nobody.says("Thea")
    approve(TeacherProfile.objects.get())
    nobody.visit(address("teacher-list"))
    nobody.page.get_by_role("link", name="Thea").click()
    nobody.check_looks()
    nobody.page.get_by_role("link", name="Ask for lessons").click()
    assert "/account/login/" in nobody.page.url
    mother.visit(address("teacher-list"))
    type_into(mother, "instrument", "cell")
    press(mother, "Show")
    press(mother, "Thea")
    press(mother, "Ask for lessons")
    # One child and one instrument: both are chosen, and the focus goes past them to the words.
    type_into(mother, "body", "Would Thursdays be possible?")
    press(mother, "Send")
    assert mother.says("has got your request")
    mother.check_looks()
    row = Application.objects.get()
    teacher.visit(reverse("home:roster"))
    press(teacher, "1 request for lessons")
    press(teacher, "Zoe · Cello")
    assert teacher.says("Would Thursdays be possible?")
    assert not teacher.says("Zoe Z.")
    type_into(teacher, "body", "Thursdays at four?")
    press(teacher, "Send")
    press(teacher, "Yes, I teach them")
    assert teacher.says("You talk in the diary")
    teacher.check_looks()
    lessons = Teaching.objects.get()
    assert (lessons.teacher, lessons.student, lessons.instrument) == (thea, zoe, "Cello")
    mother.visit(address("application-show", row.pk))
    assert mother.says("Thursdays at four?")
    press(mother, "Open the diary")
    assert str(zoe.pk) in mother.page.url
