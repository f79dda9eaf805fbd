"""A guardian with two children, each with a teacher of their own: one page for her, two worlds for them."""

from collections.abc import Callable

from apps.accounts.models import Guardianship, Student
from apps.practice.models import EntryComment, PracticeEntry
from apps.private_teaching.models import Teaching
from tests.factories.accounts import make_user

from .conftest import Visitor
from .test_story import add_student, invite, join, log, read_diary, say

Enter = Callable[..., Visitor]
Post = Callable[[str, str], str]
NORA = "nora@people.example"


def teacher(visitor: Enter, name: str) -> Visitor:
    person = visitor()
    person.name = name
    person.is_signed_in(make_user(name))
    return person


def accept_signed_in(guardian: Visitor, post: Post) -> None:
    """The second child's invitation finds the account that the first one made."""
    guardian.visit(post(NORA, r"/join/\w+/"))
    guardian.check_looks()
    guardian.page.get_by_label("I have read this, and I agree.").check()
    guardian.press("Accept")


def quick_log(guardian: Visitor, child: Student) -> PracticeEntry:
    """From the page of the family, in the child's own part of it."""
    guardian.visit("/family/")
    part = guardian.page.locator(f"section[aria-labelledby='child-{child.pk}']")
    part.locator("summary").click()
    with guardian.page.expect_navigation():
        part.get_by_role("button", name="20 minutes", exact=True).click()
    return PracticeEntry.objects.latest("created_at")


def is_shut_out(person: Visitor, child: Student, entry: PracticeEntry) -> None:
    """By page, by address and by a form sent with this person's own session."""
    diary = f"/students/{child.pk}/"
    for path in ("diary/", "people/", "diary/log/", "edit/", "data/", "access/"):
        assert person.visit(f"{diary}{path}") == 404
    assert person.visit(f"/entries/{entry.pk}/") == 404
    person.visit("/settings/")
    before = PracticeEntry.objects.count(), EntryComment.objects.count()
    for path in (f"{diary}diary/log/", f"{diary}diary/quick/", f"/entries/{entry.pk}/comments/"):
        assert person.send(path, {"minutes": "5", "body": "Hello"}) == 404
    assert (PracticeEntry.objects.count(), EntryComment.objects.count()) == before


def test_two_children_of_two_teachers(visitor: Enter, post: Post) -> None:
    thea, theo, guardian = teacher(visitor, "Thea Violin"), teacher(visitor, "Theo Piano"), visitor()
    mia, leo = add_student(thea, "Mia", "Violin"), add_student(theo, "Leo", "Piano")
    invite(thea, mia, "guardian", NORA)
    join(guardian, post, NORA, "Nora Klein")
    invite(theo, leo, "guardian", NORA)
    accept_signed_in(guardian, post)
    assert {row.student for row in Guardianship.objects.current()} == {mia, leo}
    assert len({row.guardian for row in Guardianship.objects.current()}) == 1

    # Whoever is logged for is named where it is done.
    minuet = log(guardian, mia, "25", "Minuet in G")
    sonatina = quick_log(guardian, leo)
    assert (minuet.student, sonatina.student, sonatina.minutes) == (mia, leo, 20)

    read_diary(thea, mia)
    read_diary(theo, leo)
    say(thea, minuet, "The bow is straight.")
    say(theo, sonatina, "Count aloud.")
    is_shut_out(thea, leo, sonatina)
    is_shut_out(theo, mia, minuet)
    for person, own, other in ((thea, "Mia", "Leo"), (theo, "Leo", "Mia")):
        person.visit("/studio/")
        person.check_looks()
        assert person.says(own)
        assert not person.says(other)

    guardian.visit("/family/")
    guardian.check_looks()
    for child, words in ((mia, "The bow is straight."), (leo, "Count aloud.")):
        part = guardian.page.locator(f"section[aria-labelledby='child-{child.pk}']").inner_text()
        assert [said in part for said in ("The bow is straight.", "Count aloud.")] == [
            said == words for said in ("The bow is straight.", "Count aloud.")
        ]

    # One teacher's end is none of the other's business.
    teaching = Teaching.objects.get(student=leo)
    guardian.visit(f"/teachings/{teaching.pk}/end/")
    guardian.check_looks()
    guardian.press("Yes, end them")
    is_shut_out(theo, leo, sonatina)
    assert thea.visit(f"/students/{mia.pk}/diary/") == 200
    guardian.visit(f"/students/{leo.pk}/diary/")
    assert guardian.says("Leo")
