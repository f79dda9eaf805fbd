"""One's own account in a browser: the photo, and the places where one is signed in."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import User, UserSession
from tests.conftest import Cast, make_cast
from tests.e2e.conftest import Visitor
from tests.factories.photos import picture
from tests.factories.sessions import make_session

Enter = Callable[..., Visitor]
SETTINGS, SESSIONS = reverse("accounts:settings"), reverse("accounts:session-list")


@pytest.fixture
def family(transactional_db: None, tmp_path: Path, settings: Any) -> Cast:
    """With a disk for the photos."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = str(tmp_path)
    return make_cast()


def test_a_photo_goes_from_the_settings_to_the_others(visitor: Enter, family: Cast, tmp_path: Path) -> None:
    teacher, guardian = visitor(), visitor()
    teacher.is_signed_in(family.user("teacher"))
    teacher.visit(SETTINGS)
    teacher.page.set_input_files(
        "[name=photo]", {"name": "me.png", "mimeType": "image/png", "buffer": b"<svg xmlns='x'/>"}
    )
    teacher.fill(display_name="Anna Maria Berg")
    teacher.submit()
    assert teacher.says("This is not a photo that we can read.")
    assert teacher.page.input_value("[name=display_name]") == "Anna Maria Berg"
    described = str(teacher.page.get_attribute("[name=photo]", "aria-describedby"))
    assert any("not a photo" in teacher.page.inner_text(f"#{each}") for each in described.split())
    teacher.check_looks()
    teacher.page.set_input_files(
        "[name=photo]", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": picture(colour="purple")}
    )
    teacher.submit()
    assert teacher.says("Saved.")
    teacher.check_looks()
    assert seen(teacher, "img.photo") == 256
    guardian.is_signed_in(family.user("guardian"))
    guardian.visit(reverse("private_teaching:student-people", args=[family.student.pk]))
    assert seen(guardian, "main .avatar img") == 96
    guardian.check_looks()
    teacher.visit(SETTINGS)
    teacher.press("Remove the photo")
    assert teacher.says("Your photo is removed.")


def seen(person: Visitor, selector: str) -> int:
    """How wide the picture that came is; 0 if none came."""
    person.page.locator(selector).first.scroll_into_view_if_needed()
    person.page.wait_for_function(
        "selector => document.querySelector(selector).complete", arg=selector, timeout=4000
    )
    return int(person.page.evaluate("selector => document.querySelector(selector).naturalWidth", selector))


def test_a_photo_that_does_not_come_leaves_the_initials(visitor: Enter, family: Cast) -> None:
    teacher = family.user("teacher")
    User.objects.filter(pk=teacher.pk).update(
        avatar="avatars/00000000-0000-4000-8000-000000000001.webp",
        avatar_small="avatars/00000000-0000-4000-8000-000000000002.webp",
    )
    guardian = visitor()
    guardian.is_signed_in(family.user("guardian"))
    guardian.visit(reverse("private_teaching:student-people", args=[family.student.pk]))
    assert seen(guardian, "main .avatar img") == 0
    assert guardian.page.locator("main .avatar:has(img)").first.inner_text() == "TQ"


@pytest.mark.parametrize("scripts", [True, False])
def test_another_browser_is_signed_out_by_keyboard(visitor: Enter, family: Cast, scripts: bool) -> None:
    guardian = family.user("guardian")
    make_session(guardian, browser="Edge, Windows")
    here, there = visitor(java_script_enabled=scripts), visitor()
    here.sign_in(guardian)
    there.sign_in(guardian)
    assert there.visit(SESSIONS) == 200
    here.visit(SETTINGS)
    here.page.get_by_role("link", name="Where you are signed in").press("Enter")
    here.page.wait_for_url(f"**{SESSIONS}")
    assert here.page.get_by_text("This browser", exact=True).count() == 1
    if scripts:
        here.check_looks()
    edge = here.page.get_by_role("button", name=re.compile("Edge, Windows"))
    edge.focus()
    with here.page.expect_navigation():
        edge.press("Enter")
    assert here.says("Signed out there.")
    others = here.page.get_by_role("button", name="Sign out everywhere else")
    others.focus()
    with here.page.expect_navigation():
        others.press("Enter")
    assert here.says("You are signed in nowhere else.")
    assert UserSession.objects.filter(user=guardian).count() == 1
    there.visit(SESSIONS)
    assert "/account/login/" in there.page.url
