"""Getting in without a mail: the teacher's sheet, a card in the hand, a telephone at home."""

import re
from collections.abc import Callable

from apps.accounts.models import Guardianship, Invitation
from apps.practice.models import PracticeEntry
from tests.factories.accounts import make_user

from .conftest import Visitor
from .test_story import add_student, confirm, log, sign_up

Enter = Callable[..., Visitor]
Post = Callable[[str, str], str]


def come_in(visitor: Enter, name: str) -> Visitor:
    person = visitor()
    person.name = name
    person.is_signed_in(make_user(name))
    return person


def read_off(teacher: Visitor, name: str) -> str:
    """The code as it stands on that student's card."""
    card = teacher.page.locator(".code-card").filter(has_text=name)
    assert card.locator("svg.qr").is_visible()
    return card.locator(".code-word").inner_text()


def test_from_a_new_pupil_to_the_first_entry_by_a_card(visitor: Enter, post: Post) -> None:
    """Two families get their cards from one sheet; a mother types hers, signs up, and logs."""
    teacher = come_in(visitor, "Thea Teacher")
    mia = add_student(teacher, "Mia", "Violin")
    ben = add_student(teacher, "Ben", "Piano")
    teacher.visit("/studio/codes/")
    teacher.check()
    teacher.press("Make the codes")
    teacher.check()
    code = read_off(teacher, "Mia")
    assert re.fullmatch(r"\w{3} \w{3}", code)
    assert code != read_off(teacher, "Ben")

    mother = visitor()
    mother.visit("/join/")
    mother.check()
    mother.fill(code="no code")
    mother.submit()
    mother.check()
    assert "This code is not one that waits." in mother.page.inner_text("main")
    mother.fill(code=code.lower())
    mother.submit()
    mother.check()
    mother.page.get_by_role("link", name="I am new here").click()
    sign_up(mother, "nora@people.example", "Nora")
    assert not Guardianship.objects.filter(student=mia).exists()
    confirm(mother, post, "nora@people.example")
    mother.check()
    assert "/join/" in mother.page.url
    mother.page.get_by_label("I have read this, and I agree.").check()
    mother.press("Accept")
    mother.check()
    assert Guardianship.objects.get(student=mia).guardian.email == "nora@people.example"
    entry = log(mother, mia, "20", "Minuet")
    assert PracticeEntry.objects.get() == entry

    teacher.visit("/studio/codes/")
    assert "Mia" not in teacher.page.inner_text("main")
    assert Invitation.objects.get(student=ben).accepted_at is None
    teacher.visit("/studio/inbox/")
    assert "Minuet" in teacher.page.inner_text("main")


def test_a_used_card_leads_nobody_in(visitor: Enter) -> None:
    teacher = come_in(visitor, "Thea Teacher")
    mia = add_student(teacher, "Mia", "Violin")
    teacher.visit(f"/students/{mia.pk}/invitations/new/?role=guardian")
    teacher.check()
    teacher.press("Make a code")
    teacher.check()
    code = read_off(teacher, "Mia")

    mother = come_in(visitor, "Nora")
    mother.visit("/join/")
    mother.fill(code=code)
    mother.submit()
    mother.press("Accept")

    stranger = come_in(visitor, "Sly")
    stranger.visit("/join/")
    stranger.fill(code=code)
    stranger.submit()
    stranger.check()
    assert "This code is not one that waits." in stranger.page.inner_text("main")
    assert [each.guardian.display_name for each in Guardianship.objects.filter(student=mia)] == ["Nora"]
    stranger.page.goto(stranger.page.url.replace("/join/", f"/students/{mia.pk}/diary/"))
    assert "Mia" not in stranger.page.inner_text("body")
