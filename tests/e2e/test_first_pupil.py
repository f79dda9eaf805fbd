"""From nothing to the first entry of a first pupil, with a card in the hand and no mail: how many presses?

Who joins whom goes by the card alone. The one mail that each of the two reads shows that their own address is
theirs, as at every sign-up; the button it leads to counts.
"""

from collections.abc import Callable
from typing import Literal

from django.urls import reverse

from apps.accounts.models import Guardianship, Invitation
from apps.practice.models import PracticeEntry

from .conftest import Visitor

Enter = Callable[..., Visitor]
Post = Callable[[str, str], str]

# A press of a finger or a mouse, wherever it lands.
COUNT = """addEventListener("pointerdown", () => {
    localStorage.setItem("presses", Number(localStorage.getItem("presses")) + 1);
}, true)"""
MOST_PRESSES = 12
# Somebody who types three letters a second and looks at each page for eight seconds.
LETTERS_A_SECOND, SECONDS_A_PRESS, MOST_SECONDS = 3, 8, 300


class Counted:
    """What a person presses and types."""

    def __init__(self, person: Visitor) -> None:
        self.person, self.letters = person, 0
        person.context.add_init_script(COUNT)

    @property
    def presses(self) -> int:
        return int(self.person.page.evaluate("Number(localStorage.getItem('presses'))"))

    def press(self, role: Literal["button", "link"], name: str) -> None:
        with self.person.page.expect_navigation():
            self.person.page.get_by_role(role, name=name, exact=True).first.click()

    def type(self, **fields: str) -> None:
        self.letters += sum(map(len, fields.values()))
        self.person.fill(**fields)

    def sign_up(self, post: Post, email: str, name: str) -> None:
        self.type(display_name=name, email=email, password1="quarter-notes-9")
        self.press("button", "Sign up")
        self.person.visit(post(email, r"/account/confirm-email/\S+"))
        self.press("button", "Confirm")


def test_a_first_pupils_first_entry(visitor: Enter, post: Post) -> None:
    teacher, mother = Counted(visitor()), Counted(visitor())
    teacher.person.visit("/")
    teacher.press("link", "Sign up")
    teacher.sign_up(post, "nora@people.example", "Nora Klang")
    teacher.press("link", "Add a student")
    teacher.type(name="Mia", instrument="Violin")
    teacher.press("button", "Add the student")
    teacher.press("button", "Make a code for a guardian")
    card = teacher.person.page.locator(".code-card")
    assert card.locator("svg.qr").is_visible()

    # What the picture says, as a telephone's camera reads it.
    mother.person.visit(reverse("accounts:invitation-show", args=[Invitation.objects.get().token]))
    mother.press("link", "I am new here")
    mother.sign_up(post, "omar@people.example", "Omar Klein")
    mother.person.page.get_by_label("I have read this, and I agree.").check()
    mother.press("button", "Accept")
    mother.press("button", "20 minutes")

    assert Guardianship.objects.get().guardian.display_name == "Omar Klein"
    assert PracticeEntry.objects.get().minutes == 20
    # The link in the mail is no press of a page.
    presses = teacher.presses + mother.presses
    seconds = (teacher.letters + mother.letters) / LETTERS_A_SECOND + presses * SECONDS_A_PRESS
    print(f"{presses} presses, {seconds:.0f} s")
    assert presses <= MOST_PRESSES
    assert seconds <= MOST_SECONDS
