"""Something to show for a session: by keyboard, with a picture, and without any script."""

from collections.abc import Callable

import pytest

from apps.evidence.models import Evidence
from apps.practice.content import About, Line
from tests.conftest import Cast, make_cast
from tests.factories.evidence import make_evidence, make_link, make_picture
from tests.factories.photos import picture
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_skill

from .conftest import Visitor
from .test_repertoire import enter, look

Enter = Callable[..., Visitor]
LONG = "W" * 90


@pytest.fixture
def mia(transactional_db: None) -> Cast:
    return make_cast()


def test_a_note_by_keyboard_and_a_picture(visitor: Enter, mia: Cast) -> None:
    student = enter(visitor, mia, "student")
    student.visit(f"/entries/{mia.entry.pk}/")
    look(student, "evidence-entry-empty")
    student.page.locator("#evidence > summary").press("Enter")
    student.page.get_by_role("link", name="Add a note").press("Enter")
    student.page.wait_for_url("**/evidence/?kind=note")
    student.fill(body="Slow is smooth")
    student.submit()
    assert student.says("Slow is smooth")
    student.page.get_by_role("link", name="Add a picture").press("Enter")
    student.page.wait_for_url("**/evidence/?kind=screenshot")
    student.submit()
    assert student.says("Please choose a picture.")
    look(student, "evidence-add-refused")
    data = picture("PNG", (900, 600))
    student.page.set_input_files(
        "[name=picture]", {"name": "screen.png", "mimeType": "image/png", "buffer": data}
    )
    student.fill(body="The fingering of bar 12")
    student.submit()
    shown = student.page.get_by_role("img", name="Picture: The fingering of bar 12")
    shown.scroll_into_view_if_needed()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 900
    make_link(mia.entry, mia.user("guardian"), f"https://music.example/{LONG}", body=LONG * 2)
    make_picture(mia.entry, mia.user("guardian"), LONG, size=(300, 2400))
    student.page.reload()
    look(student, "evidence-entry")
    rows = Evidence.objects.order_by("created_at").values_list("kind", flat=True)
    assert list(rows)[:2] == ["note", "screenshot"]


def test_all_of_it_without_scripts(visitor: Enter, mia: Cast) -> None:
    skill = make_skill(mia.student, mia.user("guardian"))
    about = Line("Vibrato", about=About(skill=skill.pk))
    for number in range(2):
        entry = make_entry(mia.student, mia.user("student"), lines=[about])
        make_evidence(entry, mia.user("student"), f"Take {number}")
    guardian = enter(visitor, mia, "guardian", scripts=False)
    guardian.visit(f"/skills/{skill.pk}/")
    guardian.page.get_by_role("link", name="Add a link").click()
    guardian.fill(link="javascript:alert(1)", body="How it sounds")
    guardian.submit()
    assert guardian.says("https://")
    assert guardian.page.input_value("[name=body]") == "How it sounds"
    guardian.fill(link="music.example/vibrato")
    guardian.submit()
    assert guardian.says("leads to music.example")
    guardian.page.locator(".evidence", has_text="Take 0").get_by_role("link", name="Delete").click()
    guardian.press("Delete")
    assert not guardian.says("Take 0")
    assert Evidence.objects.kept().count() == 2
    teacher = enter(visitor, mia, "teacher")
    teacher.visit(f"/skills/{skill.pk}/")
    assert teacher.says("Take 1")
    look(teacher, "evidence-skill")
