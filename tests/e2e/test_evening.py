"""A teacher's evening by keyboard alone: forty pupils, 120 new entries, twenty replies, three put aside, five
lessons noted and five assignments given. It prints how many keys that took and how long the server worked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.assignments.models import Step
from apps.desk.models import Snooze
from apps.lessons.models import Lesson
from apps.practice.models import EntryComment, NewMark
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.lessons import place_lesson
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

from .conftest import Visitor

Enter = Callable[..., Visitor]
PUPILS, ENTRIES, REPLIES, ASIDE, NOTED = 40, 3, 20, 3, 5
MOST_TABS = 60


@dataclass
class Hands:
    """Presses keys and counts them; letters of sentences are counted apart."""

    person: Visitor
    keys: int = 0
    letters: int = 0
    server_ms: float = 0
    answers: int = 0
    seen: set[Any] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.person.page.on("requestfinished", self._finished)

    def _finished(self, request: Any) -> None:
        if "/static/" not in request.url:
            timing = request.timing
            self.server_ms += max(timing["responseStart"] - timing["requestStart"], 0)
            self.answers += 1

    def press(self, key: str) -> None:
        self.keys += 1
        self.person.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.letters += len(text)
        self.person.page.keyboard.type(text)

    def go(self) -> None:
        with self.person.page.expect_navigation():
            self.press("Enter")

    def focused(self, script: str) -> Any:
        return self.person.page.evaluate(f"(document.activeElement {script})")

    def tab_to(self, script: str) -> None:
        for _time in range(MOST_TABS):
            if self.focused(script):
                return
            self.press("Tab")
        raise AssertionError(f"the Tab key never comes to {script}")

    def wait_for(self, ready: Callable[[], bool]) -> None:
        for _time in range(100):
            if ready():
                return
            self.person.page.wait_for_timeout(50)
        raise AssertionError("it never came")


@pytest.fixture
def teacher(transactional_db: None) -> User:
    teacher, family, now = make_user("Teacher"), make_user("Family"), timezone.now()
    for number in range(PUPILS):
        student = make_student(f"Pupil {number:02}")
        make_guardianship(student, family)
        teaching = make_teaching(teacher, student)
        for ago in range(ENTRIES):
            make_entry(
                student, family, now=now - timedelta(days=2 * ago + 5 * (number < ASIDE), minutes=number)
            )
        if number < NOTED:
            begin = now.replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(minutes=30 * number)
            place_lesson(teaching, begin)
    return teacher


def review(hands: Hands) -> None:
    """The inbox, page by page: the first twenty entries get a reply, all others are done."""
    page, replied = hands.person.page, 0
    hands.tab_to(".href?.endsWith('/studio/inbox/#news')")
    hands.go()
    while True:
        items = page.locator("[data-news]")
        for number in range(items.count()):
            item = items.nth(number)
            hands.wait_for(partial(item.evaluate, "each => each === document.activeElement"))
            if replied < REPLIES:
                hands.press("r")
                hands.wait_for(lambda: hands.focused(".matches('textarea')"))
                hands.write("Well done!")
                hands.press("Control+Enter")
                replied += 1
            else:
                hands.press("e")
            hands.wait_for(item.locator("button[name=mark]").is_disabled)
        if not page.locator(".pager a[rel=next]").count():
            return
        hands.wait_for(lambda: hands.focused(".matches('.pager a')"))
        hands.go()


def put_aside(hands: Hands) -> None:
    for _pupil in range(ASIDE):
        hands.tab_to(".href?.endsWith('/snooze/')")
        hands.go()
        hands.tab_to(".name === 'reason'")
        hands.write("On holiday")
        hands.go()


def note(hands: Hands) -> None:
    """From the week to the pupil's brief: what was done in the lesson, and what is to be practised."""
    send = ".type === 'submit' && document.activeElement.form.elements."
    for number in range(NOTED):
        hands.person.visit("/lessons/")
        hands.tab_to(
            f".closest('li')?.innerText.includes('Pupil {number:02}') && document.activeElement.href"
        )
        hands.go()
        hands.tab_to(".href?.endsWith('/brief/')")
        hands.go()
        hands.tab_to(".hash === '#id_shared_note'")
        hands.press("Enter")
        assert hands.focused(".name === 'shared_note'")
        hands.write("Bars 9 to 16, hands apart, slowly.")
        hands.tab_to(f"{send}shared_note")
        hands.go()
        hands.tab_to(".hash === '#id_title'")
        hands.press("Enter")
        assert hands.focused(".name === 'title'")
        hands.write("Minuet in G")
        hands.tab_to(".name === 'steps-0-label'")
        hands.write("Hands together")
        hands.tab_to(".name === 'steps-0-kind'")
        hands.press("r")
        hands.tab_to(".name === 'steps-0-goal'")
        hands.write("10")
        hands.tab_to(f"{send}title")
        hands.go()


def test_an_evening_by_keyboard(visitor: Enter, teacher: User, capsys: pytest.CaptureFixture[str]) -> None:
    person = visitor()
    person.is_signed_in(teacher)
    hands = Hands(person)
    person.visit("/studio/")
    review(hands)
    assert NewMark.objects.count() == 0
    assert EntryComment.objects.filter(author=teacher, body="Well done!").count() == REPLIES
    person.visit("/studio/")
    put_aside(hands)
    assert Snooze.objects.filter(teacher=teacher, reason="On holiday").count() == ASIDE
    note(hands)
    assert Lesson.objects.filter(shared_note__startswith="Bars 9").count() == NOTED
    given = Step.objects.filter(assignment__teaching__teacher=teacher, assignment__title="Minuet in G")
    assert [(step.label, step.kind, step.amount) for step in given] == [
        ("Hands together", "repetitions", 10)
    ] * NOTED
    assert person.faults == []
    with capsys.disabled():
        print(
            f"\n{PUPILS} pupils, {PUPILS * ENTRIES} entries: {hands.keys} keys and {hands.letters} letters;"
            f" the server answered {hands.answers} times in {hands.server_ms / 1000:.1f} s"
        )


def test_a_reply_waits_for_the_network(visitor: Enter, teacher: User) -> None:
    """What was typed into the inbox is there when the page is opened again, and can be sent then."""
    person = visitor()
    person.is_signed_in(teacher)
    hands = Hands(person)
    person.visit("/studio/inbox/#news")
    hands.wait_for(lambda: hands.focused(".matches('[data-news]')"))
    hands.press("r")
    hands.wait_for(lambda: hands.focused(".matches('textarea')"))
    hands.write("Lovely tone today")
    person.page.wait_for_timeout(600)
    person.context.set_offline(True)
    hands.press("Control+Enter")
    person.page.locator("[data-toasts] > *").first.wait_for()
    assert person.page.locator("[data-news] textarea").input_value() == "Lovely tone today"
    person.context.set_offline(False)
    # That the network was away is no fault of the page.
    person.faults.clear()
    person.page.reload()
    hands.wait_for(lambda: hands.focused(".matches('[data-news]')"))
    hands.press("r")
    hands.wait_for(lambda: hands.focused(".matches('textarea')"))
    assert person.page.locator("[data-news] textarea").input_value() == "Lovely tone today"
    hands.press("Control+Enter")
    hands.wait_for(lambda: EntryComment.objects.filter(body="Lovely tone today").exists())


def test_keys_work_in_an_entry_too(visitor: Enter, teacher: User) -> None:
    """After a press of its buttons the focus is there, and the teacher goes on."""
    person = visitor()
    person.is_signed_in(teacher)
    person.visit("/studio/inbox/")
    hands = Hands(person)
    person.page.locator("[data-news] input[type=checkbox]").first.focus()
    hands.press("j")
    hands.wait_for(lambda: hands.focused(".matches('[data-news]:nth-child(2)')"))
    before = NewMark.objects.count()
    person.page.locator("[data-news]:nth-child(2) a[data-reply]").first.focus()
    hands.press("e")
    hands.wait_for(lambda: NewMark.objects.count() < before)


def test_keys_do_nothing_where_the_focus_is_elsewhere(visitor: Enter, teacher: User) -> None:
    person = visitor()
    person.is_signed_in(teacher)
    person.visit("/studio/inbox/")
    before = NewMark.objects.count()
    for key in ("e", "x", "r"):
        person.page.keyboard.press(key)
    person.page.wait_for_timeout(300)
    assert NewMark.objects.count() == before
    assert person.page.locator("input:checked, .inbox-talk form").count() == 0
    person.check_looks()
