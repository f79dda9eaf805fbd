"""What a child's session opens: a list, and nothing else. New pages and rules are shut until listed."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.accounts.templatetags.accounts import photo_of
from apps.children.models import ChildLogin
from apps.children.permissions import CHILD_MAY, CHILD_PAGES
from apps.core import access
from apps.core.access import is_allowed, registered_rules
from apps.practice.models import EntryComment, PracticeEntry
from apps.privacy.models import Erasure, Export
from apps.private_teaching.models import Teaching
from apps.safeguarding.models import Report
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import child_client, handed_over_client
from tests.factories.photos import make_avatar
from tests.factories.practice import make_entry
from tests.sweep.routes import Route, all_routes

from .conftest import Family

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

ROUTES = {route.name: route for route in all_routes()}
NUMBERED = ("pk", "content_type_id", "object_id", "app_label", "key", "uidb36")
# Of the guardian's hands, with what they would send.
GUARDIANS_FORMS: dict[str, dict[str, str]] = {
    "accounts:student-edit": {"name": "Somebody else", "time_zone": "Berlin"},
    "accounts:settings": {
        "display_name": "Big Boss",
        "language": "de",
        "week_starts_on": "6",
        "time_zone": "Berlin",
    },
    "accounts:invitation-create": {"email": "friend@people.example", "role": "guardian"},
    "accounts:code-create": {"role": "guardian"},
    "accounts:grant-create": {"email": "friend@people.example", "level": "log", "until": "2030-01-01"},
    "privacy:person-export": {},
    "privacy:person-erase": {"understood": "on", "at_once": "on"},
    "privacy:student-export": {},
    "privacy:student-erase": {"understood": "on", "at_once": "on"},
    "home:start": {"name": "Second diary", "age_band": "adult"},
    "private_teaching:student-create": {"name": "A pupil of mine", "instrument": "Cello"},
    "account_email": {"email": "zoe@people.example", "action_add": ""},
    "account_change_password": {"oldpassword": "x", "password1": "purple-metronome-9"},
    "account_set_password": {"password1": "purple-metronome-9", "password2": "purple-metronome-9"},
    "account_reauthenticate": {"password": "woodshed-demo"},
    "account_logout": {},
    "mfa_activate_totp": {"code": "123456"},
    "children:sign-in-edit": {"kind": "pin", "pin": "111213"},
    "children:sign-in-close": {},
    "children:card-make": {},
    "children:card-revoke": {},
    "children:device-trust": {},
    "children:hand-over": {},
}


def url_of(route: Route, student: Student) -> str:
    values = {name: str(student.pk if name == "student" else uuid4()) for name in route.carries}
    return route.url(values)


@pytest.fixture(params=["own device", "handed over"])
def client(request: pytest.FixtureRequest, family: Family) -> Client:
    make = child_client if request.param == "own device" else handed_over_client
    return make(family.child, family.guardian)


def state() -> list[object]:
    """What a child must not change; without what a visit itself writes."""
    counted = (Invitation, StudentGrant, Guardianship, Export, Erasure)
    return [
        *(list(model._default_manager.order_by("pk").values()) for model in counted),
        list(Student.objects.order_by("pk").values()),
        list(ChildLogin.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values("pk", "email", "password", "display_name", "language")),
    ]


@pytest.mark.parametrize("name", GUARDIANS_FORMS)
def test_a_guardians_form_is_shut(family: Family, client: Client, name: str) -> None:
    before = state()
    answer = client.post(url_of(ROUTES[name], family.child), GUARDIANS_FORMS[name])
    assert answer.status_code == 403
    assert "This page is for grown-ups" in answer.content.decode()
    assert state() == before


def test_every_other_page_is_shut(family: Family, client: Client) -> None:
    """Whatever the URLconf answers and the list does not name, the staff's site and new pages included."""
    open_pages = set()
    for route in all_routes():
        # Numbers for the addresses of others' rows; a key for ours.
        is_ours = not route.name.startswith(("admin:", "account_", "mfa_"))
        values = {name: str(uuid4()) if is_ours or name not in NUMBERED else "1" for name in route.carries}
        if "app_label" in values:
            values["app_label"] = "core"
        if client.get(route.url(values)).status_code != 403:
            open_pages.add(route.name)
    assert open_pages <= CHILD_PAGES
    assert {"home:student", "children:leave"} <= open_pages
    assert client.get(reverse("home:student")).status_code == 200


def test_the_list_names_pages_that_exist() -> None:
    assert set(ROUTES) >= CHILD_PAGES


def test_the_list_names_rules_that_exist() -> None:
    known = {(model._meta.label_lower, action) for model, action in registered_rules()}
    assert known >= CHILD_MAY


def test_no_other_rule_says_yes(family: Family) -> None:
    """Asked with the rules themselves, so that a page that forgets the door changes nothing."""
    entry = make_entry(family.child, family.login.user)
    child = family.login.user
    said_yes = {
        (model._meta.label_lower, action)
        for model, action in registered_rules()
        if access.condition(model, action, child) is not None
    }
    assert said_yes == CHILD_MAY
    assert is_allowed("change", child, entry)
    assert not is_allowed("change", child, family.child)
    assert not is_allowed("invite_guardian", child, family.child)
    assert is_allowed("invite_guardian", family.guardian, family.child)


def test_without_the_limit_the_rules_would_say_yes(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it is the limit that shuts them."""
    monkeypatch.setattr(access, "_limits", [])
    assert is_allowed("change", family.login.user, family.child)
    assert is_allowed("invite_guardian", family.login.user, family.child)


class TestOwnDiary:
    def test_logs_corrects_and_talks(self, family: Family, client: Client) -> None:
        child = ChildLogin.objects.get().user
        quick = reverse("practice:entry-quick-log", args=[family.child.pk])
        assert client.post(quick, {"minutes": "20"}).status_code == 302
        entry = PracticeEntry.objects.get()
        assert (entry.student, entry.logged_by) == (family.child, child)
        comments = reverse("practice:comment-add", args=[entry.pk])
        sent = {"body": "It was fun", "key": str(uuid4())}
        assert client.post(comments, sent).status_code == 302
        assert EntryComment.objects.get().author == child
        assert client.get(reverse("practice:entry-edit", args=[entry.pk])).status_code == 200
        client.post(reverse("practice:entry-delete", args=[entry.pk]))
        entry.refresh_from_db()
        assert entry.deleted_at is not None

    def test_never_another_child(self, family: Family, client: Client) -> None:
        """Not the own brother either."""
        brother = make_student("Ben")
        make_guardianship(brother, family.guardian)
        entry = make_entry(brother, family.guardian)
        for name in ("entry-list", "entry-log"):
            assert client.get(reverse(f"practice:{name}", args=[brother.pk])).status_code == 404
        assert client.get(reverse("practice:entry-detail", args=[entry.pk])).status_code == 404
        assert client.post(reverse("practice:entry-quick-log", args=[brother.pk])).status_code == 404

    def test_language_and_colours(self, family: Family, client: Client) -> None:
        assert client.post(reverse("set_language"), {"language": "de"}).status_code == 302
        assert User.objects.get(child_login__student=family.child).language == "de"
        assert client.post(reverse("home:theme-set"), {"theme": "dark"}).status_code == 302


def links(html: str) -> Iterator[str]:
    yield from re.findall(r'(?:href|action)="(/[^"#]*)"', html)


def test_every_link_that_a_child_sees_works(family: Family, client: Client) -> None:
    """From page to page: nothing is shown that does not work for them; forms lead somewhere open, too."""
    make_entry(family.child, family.guardian)
    waiting, seen = {reverse("home:student")}, set()
    while waiting:
        url = waiting.pop()
        seen.add(url)
        answer = client.get(url)
        assert answer.status_code in (200, 302, 405), url
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found = {link for link in links(answer.content.decode()) if not link.startswith("/static/")}
            waiting |= {link.replace("&amp;", "&") for link in found} - seen
        assert len(seen) < 200
    assert reverse("home:readers") in seen
    assert reverse("children:leave") in seen


def test_who_can_see_my_diary(family: Family, client: Client) -> None:
    page = client.get(reverse("home:readers")).content.decode()
    assert "Nora Berg" in page
    assert "A grown-up of your family." in page
    assert "Tom Lee" in page
    assert "Your teacher for Cello." in page
    assert "when something is wrong" in page
    assert "Grown-ups read along" in client.get(reverse("home:student")).content.decode()


def test_a_child_sees_a_photo_and_reports_it(family: Family, client: Client) -> None:
    readers, teacher = reverse("home:readers"), family.teacher
    report = reverse("safeguarding:photo-report", args=[teacher.pk])
    assert report not in client.get(readers).content.decode()
    make_avatar(teacher)
    page = client.get(readers).content.decode()
    assert f'src="{photo_of(teacher)}"' in page
    assert page.count("Report the photo") == 1, "nobody else has one"
    assert "your first page says so" in client.get(report).content.decode()
    assert client.post(report, {"category": "other", "words": ""}).status_code == 302
    found = Report.objects.get()
    assert (found.kind, found.author, found.evidence) == ("photo", teacher, teacher.avatar)
    Teaching.objects.filter(teacher=teacher).update(ended_at=timezone.now())
    assert client.get(report).status_code == 404
    assert "Report the photo" not in client.get(readers).content.decode()


def test_a_strangers_account_with_such_an_address_is_none(db: None) -> None:
    """Nobody gets an account that passes for a child's, or for an erased one."""
    for address in ("zoe@child.invalid", "zoe@CHILD.INVALID", "zoe@erased.invalid"):
        answer = Client().post(
            reverse("account_signup"),
            {"display_name": "Zoe", "email": address, "password1": "purple-metronome-9"},
        )
        assert answer.status_code == 200
        assert "No mail can go to this address." in answer.content.decode()
    assert not User.objects.exists()


def test_a_teacher_with_no_child_notices_nothing(family: Family) -> None:
    client = Client()
    client.force_login(make_user("Ada"))
    assert client.get(reverse("accounts:settings")).status_code == 200
