"""The story that Woodshed exists for, in a browser: logged at home, answered by the teacher, read by all."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.practice.models import EntryComment, NewMark, PracticeEntry
from apps.private_teaching.models import Teaching
from tests.factories.accounts import LONG_AGO, born, make_guardianship, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

from .conftest import PASSWORD, Visitor

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


def add_student(teacher: Visitor, name: str, instrument: str) -> Student:
    teacher.visit("/students/new/")
    teacher.check()
    teacher.fill(name=name, instrument=instrument)
    teacher.submit()
    student = Student.objects.get(name=name)
    assert Teaching.objects.get(student=student).teacher.display_name == teacher.name
    return student


def invite(teacher: Visitor, student: Student, role: str, email: str) -> None:
    teacher.visit(f"/students/{student.pk}/invitations/new/?role={role}")
    teacher.check()
    teacher.fill(email=email)
    teacher.submit()
    teacher.check()


def join(newcomer: Visitor, post: Post, email: str, name: str, age: int = 0) -> None:
    """Signed out, by the link in the mail, which has shown already that the address is theirs."""
    newcomer.visit(post(email, r"/join/\w+/"))
    newcomer.check()
    newcomer.page.get_by_role("link", name="I am new here").click()
    sign_up(newcomer, email, name)
    assert "/join/" in newcomer.page.url
    newcomer.check()
    if age:
        newcomer.page.get_by_label("Month of birth").select_option(born(age)["birth_month"])
        newcomer.fill(birth_year=born(age)["birth_year"])
    newcomer.page.get_by_label("I have read this, and I agree.").check()
    newcomer.press("Accept")
    newcomer.check()


def new_on_the_roster(teacher: Visitor) -> list[str]:
    """Whose entries stand in the inbox; the numbers beside the students on the roster must agree."""
    teacher.visit("/studio/")
    teacher.check()
    counted = teacher.page.locator(".roster .badge-new").all_inner_texts()
    teacher.visit("/studio/inbox/")
    teacher.check()
    cards = teacher.page.locator("[data-news]")
    assert sum(int(text.split()[0]) for text in counted) == cards.count()
    return sorted(card.get_attribute("data-name") or "" for card in cards.all())


def read_diary(teacher: Visitor, student: Student) -> None:
    """Until the marks are gone by themselves, because the entries were on the screen."""
    teacher.visit(f"/students/{student.pk}/diary/")
    assert teacher.page.locator("article .badge-new").count() == 1
    with teacher.page.expect_response("**/entries/seen/"):
        teacher.page.locator("article").first.scroll_into_view_if_needed()
    teacher.page.locator("form[data-seen]").wait_for(state="hidden")


def say(person: Visitor, entry: PracticeEntry, words: str) -> None:
    person.visit(f"/entries/{entry.pk}/")
    person.check()
    person.page.fill("#comments .card [name=body]", words)
    person.page.locator("#comments .card button[type=submit]").click()
    person.page.locator(".comment:focus", has_text=words).wait_for()


def test_a_diary_goes_round(visitor: Enter, post: Post) -> None:
    """A teacher begins with nothing; a guardian and an adult student join, log, and are answered."""
    teacher, guardian, adult = visitor(), visitor(), visitor()
    teacher.name = "Nora Klang"
    teacher.visit("/account/signup/?next=/students/new/")
    sign_up(teacher, "nora@people.example", teacher.name)
    confirm(teacher, post, "nora@people.example")
    mia, ada = add_student(teacher, "Mia", "Piano"), add_student(teacher, "Ada", "Voice")
    invite(teacher, mia, "guardian", "omar@people.example")
    invite(teacher, ada, "student", "ada@people.example")

    join(guardian, post, "omar@people.example", "Omar Klein")
    assert Guardianship.objects.get(student=mia).guardian.display_name == "Omar Klein"
    minuet = log(guardian, mia, "25", "Minuet in G")
    assert (minuet.minutes, minuet.logged_by) == (25, User.objects.get(email="omar@people.example"))

    join(adult, post, "ada@people.example", "Ada Moreau", age=30)
    log(adult, ada, "15", "Scales")
    adult.visit("/practice/")
    adult.check()
    adult.page.get_by_label("Scales").check()
    adult.press("20 minutes")
    scales = PracticeEntry.objects.latest("created_at")
    assert (scales.student, scales.minutes, adult.page.url) == (ada, 20, f"{adult.address}/practice/")
    assert [line.title for line in scales.items.all()] == ["Scales"]
    PracticeEntry.objects.filter(student=ada, minutes=15).delete()

    assert new_on_the_roster(teacher) == ["Ada", "Mia"]
    read_diary(teacher, mia)
    assert new_on_the_roster(teacher) == ["Ada"]
    read_diary(teacher, ada)
    assert new_on_the_roster(teacher) == []
    say(teacher, minuet, "The left hand sings already.")
    say(teacher, scales, "Slower, and twice as often.")
    assert new_on_the_roster(teacher) == [], "one's own words are no news"

    guardian.visit("/family/")
    guardian.check()
    assert guardian.says("The left hand sings already.")
    assert not guardian.says("Slower, and twice as often.")
    adult.visit("/practice/")
    assert adult.says("Slower, and twice as often.")

    guardian.visit(f"/entries/{minuet.pk}/edit/")
    guardian.check()
    guardian.page.fill("[name=minutes]", "40")
    guardian.press("Save")
    assert new_on_the_roster(teacher) == ["Mia"]
    teacher.page.locator("[data-news] article a").first.click()
    teacher.page.get_by_text("40 min").first.wait_for()
    with teacher.page.expect_response("**/entries/seen/"):
        teacher.page.locator("article").first.scroll_into_view_if_needed()
    assert new_on_the_roster(teacher) == []
    say(adult, scales, "I will.")
    assert new_on_the_roster(teacher) == ["Ada"]


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
    read_diary(teacher, studio)
    assert not NewMark.objects.filter(teaching=teaching, entry=entry).exists()
    assert NewMark.objects.filter(entry=entry).exists(), "new for the second teacher still"


@pytest.mark.parametrize(
    ("who", "shared", "addressed"), [("Second", 200, 404), ("Former", 404, 404), ("Stranger", 404, 404)]
)
def test_others_get_what_the_rules_say(
    visitor: Enter, studio: Student, who: str, shared: int, addressed: int
) -> None:
    """On the page, by address, and by a form that their own page sends elsewhere."""
    teaching = Teaching.objects.get(student=studio, teacher=person("Teacher"))
    ada = person("Ada")
    open_entry = make_entry(studio, ada, description="For all my teachers")
    own_entry = make_entry(studio, ada, addressed_to=teaching, description="For Teacher only")
    private = make_entry(studio, ada, is_private=True, description="For nobody")
    other = visitor()
    other.sign_in(person(who))
    for page in ("/studio/inbox/", f"/students/{studio.pk}/diary/"):
        other.visit(page)
        assert other.says("For all my teachers") == (shared == 200)
        assert not other.says("For Teacher only")
        assert not other.says("For nobody")
    expected = [(open_entry, shared), (own_entry, addressed), (private, 404)]
    assert [other.visit(f"/entries/{entry.pk}/") for entry, _status in expected] == [s for _, s in expected]
    other.visit("/settings/")
    key = str(uuid4())
    for entry, status in expected:
        edit = {"minutes": "1", "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
        # Reading gives no right to change: forbidden where the entry may be seen, else not there.
        refused = 403 if status == 200 else 404
        assert other.send(f"/entries/{entry.pk}/delete/") == refused
        assert other.send(f"/entries/{entry.pk}/edit/", edit) == refused
        assert other.send(f"/entries/{entry.pk}/comments/", {"body": "Psst", "key": key}) == status
        entry.refresh_from_db()
        assert (entry.deleted_at, entry.minutes) == (None, 30)
    refused = 403 if shared == 200 else 404
    assert other.send(f"/students/{studio.pk}/diary/quick/", {"minutes": "10", "key": key}) == refused
    teachings = Teaching.objects.filter(student=studio).exclude(teacher=person(who))
    assert [other.send(f"/teachings/{t.pk}/end/") for t in teachings] == [404] * len(teachings)
    assert PracticeEntry.objects.filter(student=studio).count() == 3
    assert EntryComment.objects.count() == (1 if shared == 200 else 0)
    assert not teachings.filter(ended_at__gt=LONG_AGO).exists()


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
