"""The story that Woodshed exists for, in a browser: logged at home, answered by the teacher, read by all."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.practice.models import NewMark, PracticeEntry
from apps.private_teaching.models import Teaching
from tests.factories.accounts import LONG_AGO, make_guardianship, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

from .conftest import PASSWORD, Visitor

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
Enter = Callable[..., Visitor]
Post = Callable[[str, str], str]


def sign_up(person: Visitor, email: str, name: str) -> None:
    person.fill(email=email, password1="quarter-notes-9", display_name=name)
    person.check()
    person.submit()
    person.check()


def confirm(person: Visitor, post: Post, email: str) -> None:
    """By the link in the mail."""
    link = post(email, r"/account/confirm-email/\S+")
    person.visit(link)
    person.check()
    person.submit()


def log(person: Visitor, student: Student, minutes: str, title: str) -> PracticeEntry:
    person.visit(f"/students/{student.pk}/diary/log/")
    person.check()
    person.page.fill("[name=minutes]", minutes)
    person.page.fill("main [name$=-title]:visible >> nth=0", title)
    person.press("Save")
    return PracticeEntry.objects.latest("created_at")


def test_a_teacher_starts_a_guardian_joins_and_the_diary_goes_round(visitor: Enter, post: Post) -> None:
    teacher, guardian = visitor(), visitor()

    teacher.visit("/account/signup/?next=/students/new/")
    sign_up(teacher, "nora@people.example", "Nora Klang")
    confirm(teacher, post, "nora@people.example")
    teacher.visit("/students/new/")
    teacher.check()
    teacher.fill(name="Mia", instrument="Piano")
    teacher.submit()
    mia = Student.objects.get(name="Mia")
    assert Teaching.objects.get(student=mia).teacher.display_name == "Nora Klang"

    teacher.visit(f"/students/{mia.pk}/invitations/new/?role=guardian")
    teacher.check()
    teacher.fill(email="omar@people.example")
    teacher.submit()
    teacher.check()

    guardian.visit(post("omar@people.example", r"/join/\w+/"))
    guardian.check()
    guardian.page.get_by_role("link", name="I am new here").click()
    # The link in the invitation's mail has shown already that the address is theirs.
    sign_up(guardian, "omar@people.example", "Omar Klein")
    assert "/join/" in guardian.page.url
    guardian.check()
    guardian.press("Accept")
    assert Guardianship.objects.get(student=mia).guardian.display_name == "Omar Klein"
    entry = log(guardian, mia, "25", "Minuet in G")
    assert (entry.minutes, entry.logged_by) == (25, User.objects.get(email="omar@people.example"))

    assert NewMark.objects.filter(entry=entry).exists()
    teacher.visit(f"/entries/{entry.pk}/")
    teacher.check()
    assert teacher.says("Minuet in G")
    teacher.page.fill("[name=body]", "The left hand sings already.")
    teacher.page.locator("#comments form").last.locator("button[type=submit]").click()
    teacher.page.get_by_text("The left hand sings already.").first.wait_for()

    guardian.visit(f"/entries/{entry.pk}/")
    guardian.check()
    assert guardian.says("The left hand sings already.")


@pytest.fixture
def studio(transactional_db: None) -> Student:
    """An adult student with a login, a teacher, a second and a former one."""
    adult = make_user("Ada")
    student = make_student("Ada", user=adult, age_band=AgeBand.ADULT)
    make_teaching(make_user("Teacher"), student)
    make_teaching(make_user("Second"), student, "Voice")
    make_teaching(make_user("Former"), student, "Flute", ended_at=LONG_AGO)
    make_guardianship(make_student("Noah"), make_user("Stranger"))
    return student


def person(name: str) -> User:
    return User.objects.get(display_name=name)


def test_a_student_logs_by_a_preset_and_the_teacher_sees_it_as_new(visitor: Enter, studio: Student) -> None:
    student, teacher = visitor(), visitor()
    student.sign_in(person("Ada"))
    student.visit(f"/students/{studio.pk}/diary/log/")
    student.page.locator("button.preset[value='20']").click()
    student.page.fill("main [name$=-title]:visible >> nth=0", "Scales")
    student.press("Save")
    entry = PracticeEntry.objects.get(student=studio)
    assert entry.minutes == 20

    teacher.sign_in(person("Teacher"))
    teaching = Teaching.objects.get(student=studio, teacher=person("Teacher"))
    assert NewMark.objects.filter(teaching=teaching, entry=entry).exists()
    teacher.visit(f"/students/{studio.pk}/diary/")
    teacher.check()
    teacher.page.wait_for_timeout(2500)
    if NewMark.objects.filter(teaching=teaching, entry=entry).exists():
        teacher.press("Mark as seen")
    assert not NewMark.objects.filter(teaching=teaching, entry=entry).exists()
    assert NewMark.objects.filter(entry=entry).exists(), "new for the second teacher still"


@pytest.mark.parametrize(
    ("who", "shared", "addressed"), [("Second", 200, 404), ("Former", 404, 404), ("Stranger", 404, 404)]
)
def test_others_get_what_the_rules_say(
    visitor: Enter, studio: Student, who: str, shared: int, addressed: int
) -> None:
    """On the page, by address, and by a form sent from elsewhere."""
    teaching = Teaching.objects.get(student=studio, teacher=person("Teacher"))
    open_entry = make_entry(studio, person("Ada"))
    own_entry = make_entry(studio, person("Ada"), addressed_to=teaching, description="For Teacher only")
    other = visitor()
    other.sign_in(person(who))
    diary = other.visit(f"/students/{studio.pk}/diary/")
    assert diary == shared
    assert not other.says("For Teacher only")
    assert other.visit(f"/entries/{open_entry.pk}/") == shared
    assert other.visit(f"/entries/{own_entry.pk}/") == addressed
    token = next(c for c in other.context.cookies() if c.get("name") == "csrftoken").get("value", "")
    sent = other.context.request.post(
        f"{other.address}/entries/{own_entry.pk}/delete/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": other.address},
    )
    assert sent.status == 404
    own_entry.refresh_from_db()
    assert own_entry.deleted_at is None


def test_log_and_comment_without_javascript(visitor: Enter, studio: Student) -> None:
    student = visitor(java_script_enabled=False)
    student.sign_in(person("Ada"))
    student.visit(f"/students/{studio.pk}/diary/log/")
    student.page.fill("[name=minutes]", "15")
    student.page.fill("main [name$=-title] >> nth=0", "Scales")
    student.press("Save")
    entry = PracticeEntry.objects.get(student=studio)
    student.visit(f"/entries/{entry.pk}/")
    student.page.fill("[name=body]", "Was this the right tempo?")
    with student.page.expect_navigation():
        student.page.locator("#comments form").last.locator("button[type=submit]").click()
    assert student.says("Was this the right tempo?")


def test_a_double_click_saves_once(visitor: Enter, studio: Student) -> None:
    student = visitor()
    student.sign_in(person("Ada"))
    student.visit(f"/students/{studio.pk}/diary/log/")
    student.page.fill("[name=minutes]", "15")
    student.page.fill("main [name$=-title]:visible >> nth=0", "Scales")
    student.page.get_by_role("button", name="Save", exact=True).first.dblclick()
    student.page.wait_for_url(re.compile(r"^(?!.*/log/)"))
    assert PracticeEntry.objects.filter(student=studio).count() == 1


def test_a_log_with_the_keyboard_alone(visitor: Enter, studio: Student) -> None:
    student = visitor()
    student.sign_in(person("Ada"))
    student.visit(f"/students/{studio.pk}/diary/log/")
    student.page.focus("[name=minutes]")
    student.page.keyboard.type("35")
    title = student.page.locator("main [name$=-title]:visible").first
    for _ in range(20):
        student.page.keyboard.press("Tab")
        if title.evaluate("field => field === document.activeElement"):
            break
    student.page.keyboard.type("Scales")
    with student.page.expect_navigation():
        student.page.keyboard.press("Enter")
    assert PracticeEntry.objects.get(student=studio).minutes == 35


def test_a_lost_session_loses_no_words(visitor: Enter, studio: Student) -> None:
    student = visitor()
    student.sign_in(person("Ada"))
    form = f"/students/{studio.pk}/diary/log/"
    student.visit(form)
    student.page.fill("[name=minutes]", "40")
    student.page.locator("main details.fold > summary").first.click()
    student.page.fill("[name=notes]", "A long thought about bar seventeen")
    student.page.wait_for_timeout(1200)
    student.context.clear_cookies(name="sessionid")
    student.press("Save")
    assert "/account/login/" in student.page.url
    student.fill(login=person("Ada").email, password=PASSWORD)
    student.submit()
    student.visit(form)
    student.page.wait_for_timeout(500)
    assert student.page.input_value("[name=notes]") == "A long thought about bar seventeen"
    assert not PracticeEntry.objects.filter(student=studio).exists()


@pytest.mark.parametrize("path", ["", "log/"])
def test_the_diary_speaks_german(visitor: Enter, studio: Student, path: str) -> None:
    User.objects.filter(display_name="Ada").update(language="de")
    make_entry(studio, person("Ada"), now=timezone.now())
    student = visitor(locale="de-DE")
    student.sign_in(person("Ada"))
    student.visit(f"/students/{studio.pk}/diary/{path}")
    student.check()
    assert student.page.get_attribute("html", "lang") == "de"
