"""A guardian brings the practice of a year in from a file, looks at it, takes the diary along, and takes it
all back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload

from apps.accounts.models import Student, User
from apps.practice.models import PracticeEntry
from apps.transfer import services
from apps.transfer.services import work
from tests.factories.accounts import make_guardianship, make_student, make_user

from .conftest import Visitor

Enter = Callable[..., Visitor]


@pytest.fixture
def family(transactional_db: None) -> tuple[Student, User]:
    mother, mia = make_user("Nora Klein"), make_student("Mia Klein")
    make_guardianship(mia, mother)
    return mia, mother


def choose(person: Visitor, mia: Student) -> None:
    today = mia.today(timezone.now())
    text = (
        f"Day;Length;Song\n{today};1:15;Für Elise\n{today + timedelta(days=1)};20;Menuett\n{today};5;Étude\n"
    )
    person.visit(f"/students/{mia.pk}/diary/")
    with person.page.expect_navigation():
        person.page.get_by_role("link", name="Or bring sessions in from a file").click()
    person.check_looks()
    file = FilePayload(name="practice.csv", mimeType="text/csv", buffer=text.encode("cp1252"))
    person.page.get_by_label("File").set_input_files(file)
    person.press("Go on")
    assert person.page.get_by_label("Song").input_value() == "piece"
    person.check_looks()
    person.press("Look through the rows")


def test_in_and_out_and_back(visitor: Enter, family: tuple[Student, User]) -> None:
    mia, mother = family
    guardian = visitor()
    guardian.is_signed_in(mother)
    choose(guardian, mia)
    assert guardian.says("2 sessions can go in")
    assert guardian.says("That day is still to come where Mia Klein lives.")
    assert not PracticeEntry.objects.exists()
    guardian.check_looks()
    guardian.press("Bring in the 2 that are right")
    assert guardian.says("2 sessions are in the diary")
    guardian.check_looks()

    guardian.visit(f"/students/{mia.pk}/diary/export/?q=elise")
    with guardian.page.expect_download() as found:
        guardian.page.get_by_role("link", name="Plain table (CSV)").click()
    taken = found.value.path().read_text("utf-8-sig")
    assert "Für Elise" in taken
    assert "Étude" not in taken

    guardian.visit(f"/students/{mia.pk}/diary/import/")
    with guardian.page.expect_navigation():
        guardian.page.get_by_role("link", name="practice.csv").click()
    guardian.press("Take all of it back")
    assert guardian.says("2 sessions were taken back.")
    guardian.check_looks()
    assert not PracticeEntry.objects.kept().exists()


def test_a_page_that_waits_says_by_itself_when_it_is_over(
    visitor: Enter, family: tuple[Student, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, mother = family
    guardian = visitor()
    guardian.is_signed_in(mother)
    choose(guardian, mia)
    monkeypatch.setattr(work, "SMALL", 1)
    guardian.press("Bring in the 2 that are right")
    assert guardian.says("The sessions are going in")
    guardian.check_looks()
    assert services.run_due(clock=timezone.now) == 1
    guardian.page.get_by_text("2 sessions are in the diary").wait_for(timeout=10_000)
    guardian.check_looks()
