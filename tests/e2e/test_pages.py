"""Every page, for each role that uses it: accessible, inside its frame and without a fault, in every look."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings as SettingsFixture

from apps.accounts.models import Student, User
from apps.practice.content import Line
from tests.connections.server import place, providers
from tests.e2e.conftest import Visitor
from tests.factories.accounts import make_guardianship, make_student
from tests.factories.ensembles import agree, make_ensemble
from tests.factories.gear import make_gear
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching
from tests.factories.repertoire import make_occasion, make_piece
from tests.sweep.policy import PERSONAS, row_of
from tests.sweep.routes import Route, all_routes
from tests.sweep.world import World, make_world

Enter = Callable[..., Visitor]
ROUTES = {route.name: route for route in all_routes()}
LONG = "W" * 90
NOWHERE = "/no-such-page/"

# Route → who uses it, each with the object that they look at.
PAGES: dict[str, dict[str, str]] = {
    "home:landing": {"anonymous": "page"},
    "home:student": {"student": "page", "child": "page"},
    "home:roster": {"teacher": "page", "stranger": "page"},
    "home:start": {"stranger": "page"},
    "home:child-create": {"stranger": "page"},
    "home:styleguide": {"superuser": "page"},
    "parent_portal:overview": {"guardian": "page", "stranger": "page"},
    "tools:index": {"anonymous": "page", "student": "page", "child": "page", "guardian": "page"},
    "tools:offline": {"anonymous": "page", "child": "page"},
    "tools:log": {"guardian": "page"},
    "home:readers": {"student": "page", "child": "page"},
    "children:sign-in": {"anonymous": "page", "child": "page"},
    "children:secret-enter": {"child": "zoe"},
    "children:card-enter": {"anonymous": "absent"},
    "children:leave": {"child": "page"},
    "children:sign-in-show": {"guardian": "mia"},
    "accounts:settings": {"student": "page"},
    "accounts:session-list": {"guardian": "page", "stranger": "page"},
    "accounts:connection-list": {"guardian": "page", "stranger": "page"},
    "accounts:connection-unknown": {"anonymous": "school"},
    "accounts:student-edit": {"guardian": "mia"},
    "accounts:student-limit": {"teacher": "mia"},
    "accounts:invitation-create": {"guardian": "mia"},
    "accounts:invitation-show": {
        "anonymous": "pending",
        "stranger": "pending",
        # Whose lessons, and a child's account that is asked for a grown-up.
        "guardian": "pupil",
        "student": "pupil",
    },
    "accounts:code-enter": {"anonymous": "page"},
    "accounts:code-show": {"guardian": "by_code"},
    "accounts:grant-list": {"guardian": "mia"},
    "accounts:grant-create": {"guardian": "mia"},
    "accounts:link-create": {"other_guardian": "noah"},
    "parent_portal:link-show": {"anonymous": "reader"},
    "accounts:guardianship-leave": {"guardian": "own", "other_guardian": "foreign"},
    "accounts:guardianship-object": {"student": "new", "guardian": "new"},
    "private_teaching:student-create": {"teacher": "page"},
    "private_teaching:code-sheet": {"teacher": "page"},
    "private_teaching:pupil-invite": {"teacher": "page"},
    "private_teaching:teacher-invite": {"guardian": "mia"},
    "private_teaching:teacher-list": {"anonymous": "page", "guardian": "page"},
    "private_teaching:teacher-show": {"anonymous": "public", "other_teacher": "public", "student": "public"},
    "private_teaching:teacher-report": {"guardian": "public"},
    "private_teaching:application-create": {"guardian": "public", "student": "public"},
    "private_teaching:page-show": {"other_teacher": "page", "second_teacher": "page", "teacher": "page"},
    "private_teaching:page-edit": {"other_teacher": "page", "teacher": "page"},
    "private_teaching:page-close": {"second_teacher": "page"},
    "private_teaching:application-list": {"other_teacher": "page", "teacher": "page"},
    "private_teaching:application-show": {
        "student": "open",
        "guardian": "open",
        "second_guardian": "ended",
        "other_teacher": "open",
    },
    "private_teaching:application-decline": {"other_teacher": "open"},
    "private_teaching:application-withdraw": {"guardian": "open"},
    "private_teaching:message-delete": {"guardian": "open"},
    "private_teaching:message-report": {"other_teacher": "open"},
    "private_teaching:student-people": {
        "student": "mia",
        "guardian": "mia",
        "teacher": "mia",
        "viewer": "mia",
    },
    "privacy:person-data": {"stranger": "page", "teacher": "page", "student": "page"},
    "privacy:student-data": {"student": "mia", "guardian": "mia"},
    "consent:student-consents": {"student": "mia", "guardian": "mia"},
    "consent:confirmation-show": {"anonymous": "consent"},
    "private_teaching:teaching-end": {"guardian": "first", "teacher": "first"},
    "private_teaching:teaching-pause": {"guardian": "first", "teacher": "first"},
    "private_teaching:hand-over": {"stranger": "page"},
    "practice:entry-list": {"student": "mia", "guardian": "mia", "teacher": "mia", "viewer": "mia"},
    "practice:entry-print": {"student": "mia", "guardian": "mia", "teacher": "mia", "viewer": "mia"},
    "transfer:diary-export": {"guardian": "mia", "teacher": "mia", "viewer": "mia"},
    "transfer:import-begin": {"guardian": "mia", "logger": "mia"},
    "transfer:import-columns": {"guardian": "checked"},
    "transfer:import-show": {"guardian": "checked", "student": "done", "logger": "guests"},
    "practice:entry-calendar": {"student": "mia", "guardian": "mia", "teacher": "mia", "viewer": "mia"},
    "practice:entry-resume": {"student": "mia", "guardian": "mia", "logger": "mia"},
    "practice:area-list": {"student": "mia", "guardian": "mia"},
    "practice:area-edit": {"student": "own", "guardian": "own"},
    "practice:filter-add": {"guardian": "mia", "teacher": "mia"},
    "practice:filter-edit": {"guardian": "own", "teacher": "of_teacher"},
    "practice:week-sign": {"guardian": "first"},
    "practice:sign-off-list": {"student": "mia", "guardian": "mia", "teacher": "mia", "viewer": "mia"},
    "practice:sign-off-report": {"teacher": "noted", "student": "noted"},
    "practice:entry-log": {"student": "mia", "guardian": "mia", "logger": "mia"},
    "practice:entry-detail": {
        "student": "private",
        "guardian": "shared",
        "teacher": "shared",
        "viewer": "shared",
        "commenter": "shared",
    },
    "practice:entry-edit": {"student": "shared", "guardian": "addressed"},
    "practice:entry-delete": {"guardian": "shared"},
    "practice:entry-revisions": {"guardian": "shared"},
    "practice:comment-delete": {"teacher": "first_thread"},
    "practice:comment-edit": {"teacher": "first_thread"},
    "practice:comment-versions": {"guardian": "deleted"},
    "practice:entry-report": {"student": "shared"},
    "safeguarding:photo-report": {"teacher": "near"},
    "practice:comment-report": {"student": "first_thread", "teacher": "open"},
    "repertoire:piece-list": {"student": "mia", "guardian": "mia", "teacher": "mia", "viewer": "mia"},
    "repertoire:piece-add": {"student": "mia", "teacher": "mia"},
    "repertoire:piece-detail": {
        "student": "minuet",
        "guardian": "minuet",
        "teacher": "minuet",
        "viewer": "minuet",
    },
    "repertoire:piece-edit": {"guardian": "minuet", "teacher": "minuet"},
    "repertoire:piece-merge": {"guardian": "minuet", "other_guardian": "foreign"},
    "repertoire:piece-delete": {"guardian": "minuet"},
    "repertoire:section-add": {"teacher": "minuet"},
    "repertoire:section-edit": {"guardian": "verse"},
    "repertoire:skill-list": {"student": "mia", "teacher": "mia", "viewer": "mia"},
    "repertoire:skill-add": {"guardian": "mia"},
    "repertoire:skill-detail": {"student": "vibrato", "viewer": "vibrato"},
    "repertoire:skill-edit": {"guardian": "vibrato", "teacher": "vibrato"},
    "repertoire:occasion-list": {"student": "mia", "teacher": "mia", "viewer": "mia"},
    "repertoire:occasion-add": {"guardian": "mia", "teacher": "mia"},
    "repertoire:occasion-edit": {"guardian": "concert", "teacher": "concert"},
    "practice:occasion-detail": {"student": "concert", "teacher": "concert", "viewer": "concert"},
    "gear:gear-list": {"student": "mia", "guardian": "mia", "teacher": "mia"},
    "gear:gear-add": {"student": "mia"},
    "gear:gear-detail": {"student": "violin", "teacher": "violin"},
    "gear:gear-edit": {"guardian": "violin"},
    "gear:gear-report": {"teacher": "violin"},
    "repertoire:occasion-report": {"student": "concert"},
    "gear:care-edit": {"student": "strings"},
    "repertoire:note-delete": {"guardian": "open"},
    "repertoire:note-report": {"student": "skill"},
    "evidence:entry-add": {"student": "private", "guardian": "shared"},
    "evidence:lesson-add": {"teacher": "past"},
    "evidence:skill-add": {"logger": "vibrato"},
    "evidence:skill-list": {"student": "vibrato", "teacher": "vibrato"},
    "evidence:evidence-delete": {"guardian": "picture"},
    "evidence:evidence-report": {"teacher": "note"},
    "scores:score-add": {"teacher": "minuet"},
    "scores:score-show": {"student": "minuet", "viewer": "minuet"},
    "scores:score-delete": {"guardian": "minuet"},
    "scores:score-report": {"student": "minuet"},
    "ensembles:ensemble-list": {"teacher": "page", "stranger": "page"},
    "ensembles:ensemble-create": {"teacher": "page", "stranger": "page"},
    "ensembles:ensemble-detail": {"teacher": "first"},
    "ensembles:ensemble-end": {"teacher": "first"},
    "ensembles:student-ensembles": {"student": "mia", "guardian": "mia", "other_guardian": "noah"},
    "ensembles:membership-agree": {"guardian": "asked", "other_guardian": "noah"},
    "ensembles:membership-end": {"student": "mia", "teacher": "mia"},
    "ensembles:membership-report": {"other_guardian": "olga"},
    "ensembles:entry-together": {"guardian": "shared"},
    "ensembles:part-answer": {"other_guardian": "noah"},
    "desk:brief": {"teacher": "mia"},
    "desk:timeline": {"teacher": "mia"},
    "desk:inbox": {"teacher": "page", "stranger": "page"},
    "desk:rules": {"teacher": "page"},
    "desk:snippets": {"teacher": "page", "stranger": "page"},
    "desk:snippet-edit": {"teacher": "own"},
    "desk:snooze": {"teacher": "mia"},
    "assignments:assignment-add": {"teacher": "page", "stranger": "page"},
    "assignments:assignment-detail": {"teacher": "open", "guardian": "open", "student": "bars"},
    "assignments:assignment-edit": {"teacher": "bars"},
    "assignments:assignment-carry": {"teacher": "open"},
    "assignments:library": {"teacher": "page", "stranger": "page"},
    "assignments:library-give": {"teacher": "page", "stranger": "page"},
    "assignments:template-add": {"teacher": "page"},
    "assignments:template-edit": {"teacher": "own"},
    "assignments:assignment-report": {"guardian": "open"},
    "assignments:student-assignments": {"teacher": "mia", "student": "mia", "other_guardian": "noah"},
    "assignments:challenge-list": {"teacher": "page", "stranger": "page"},
    "assignments:challenge-add": {"teacher": "page", "stranger": "page"},
    "assignments:challenge-detail": {"teacher": "runs", "other_teacher": "foreign"},
    "assignments:challenge-end": {"teacher": "runs"},
    "assignments:student-challenges": {"guardian": "mia", "student": "mia", "other_guardian": "noah"},
    "assignments:participation-report": {"guardian": "runs"},
    "notifications:news-list": {"guardian": "page", "stranger": "page"},
    "lessons:week": {"teacher": "page", "stranger": "page"},
    "lessons:lesson-add": {"teacher": "page", "stranger": "page"},
    "lessons:lesson-detail": {"teacher": "past", "guardian": "next", "student": "cancelled"},
    "lessons:lesson-edit": {"teacher": "next"},
    "lessons:lesson-cancel": {"teacher": "next"},
    "lessons:lesson-notes": {"teacher": "past"},
    "lessons:lesson-report": {"guardian": "past"},
    "lessons:student-lessons": {"teacher": "mia", "student": "mia", "other_guardian": "noah"},
    "account_login": {"anonymous": "page"},
    "account_signup": {"anonymous": "page"},
    "account_logout": {"stranger": "page"},
    "account_inactive": {"anonymous": "page"},
    "account_reauthenticate": {"stranger": "page"},
    "account_email": {"stranger": "page"},
    "account_email_verification_sent": {"anonymous": "page"},
    "account_confirm_email": {"anonymous": "absent"},
    "account_change_password": {"stranger": "page"},
    "account_reset_password": {"anonymous": "page"},
    "account_reset_password_done": {"anonymous": "page"},
    "account_reset_password_from_key": {"anonymous": "absent"},
    "account_reset_password_from_key_done": {"anonymous": "page"},
    "mfa_index": {"stranger": "page"},
    "mfa_reauthenticate": {"superuser": "page"},
    "mfa_list_webauthn": {"stranger": "page"},
}
# Pages that say no, one of each kind.
REFUSALS: dict[str, list[tuple[str, str]]] = {
    "anonymous": [("accounts:invitation-show", "cancelled"), ("parent_portal:link-show", "reader_over")],
    "teacher": [("practice:entry-log", "mia"), ("practice:entry-list", "absent")],
}
# So many pages to a test that several processes share the long roles.
MOST_PAGES = 12


def tours() -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Role → pages in portions, each with the object that is looked at and whether it lets one in."""
    found = []
    for role in sorted({role for users in PAGES.values() for role in users}):
        pages = [(name, users[role], True) for name, users in PAGES.items() if role in users]
        pages += [(name, relation, False) for name, relation in REFUSALS.get(role, [])]
        found += [(role, pages[at : at + MOST_PAGES]) for at in range(0, len(pages), MOST_PAGES)]
    return found


def make_long_things(student: Student, by: User) -> None:
    """An instrument of which strings are due, and an exam."""
    past = timezone.now() - timedelta(days=99)
    make_gear(student, by, LONG, notes=LONG * 3, remind_of="strings", remind_months=1, now=past)
    make_occasion(student, by, LONG * 2, board=LONG, grade=LONG[:50], result=LONG)


@pytest.fixture
def world(transactional_db: None, settings: SettingsFixture) -> World:
    """Everything of everything, with words that do not fit on a line."""
    settings.SOCIALACCOUNT_PROVIDERS = providers(place("http://127.0.0.1:9", LONG[:40]))
    found = make_world()
    cast = found.cast
    for name in ("guardian", "second_teacher"):
        User.objects.filter(pk=cast.user(name).pk).update(display_name=LONG)
    child = make_student(LONG)
    make_teaching(cast.user("teacher"), child, "Viola da gamba")
    make_guardianship(child, cast.user("guardian"))
    agree(make_ensemble(cast.user("teacher"), child, name=LONG[:60]), child, cast.user("guardian"), LONG[:30])
    make_piece(cast.student, cast.user("guardian"), LONG * 2, composer=LONG, difficulty=5)
    make_long_things(cast.student, cast.user("guardian"))
    for student in (child, cast.student):
        make_entry(
            student,
            cast.user("guardian"),
            minutes=59,
            lines=[Line(LONG * 2, minutes=59)],
            description=LONG * 3,
            achievements="אבגד " + LONG * 2,
            preparing_for_exam=True,
            enjoyment=5,
        )
    return found


def address(world: World, route: Route, relation: str) -> str:
    return route.url(world.objects[route.carries][relation])


@pytest.mark.parametrize(
    ("role", "pages"), [pytest.param(*tour, id=f"{tour[0]}-{tour[1][0][0]}") for tour in tours()]
)
def test_every_page_in_every_look(
    visitor: Enter, world: World, role: str, pages: list[tuple[str, str, bool]]
) -> None:
    person = visitor()
    if role == "child":
        person.has_cookies(world.clients[role][1])
    elif role != "anonymous":
        person.is_signed_in(world.cast.user(role))
    for name, relation, enters in pages:
        status = person.visit(address(world, ROUTES[name], relation))
        assert (name, status == 200) == (name, enters)
        assert enters or status in {403, 404, 410}
        person.check_looks()


def test_no_page_is_forgotten() -> None:
    """Whatever the policy lets somebody read stands in the table above; the staff's site is Django's."""

    def is_page(route: Route) -> bool:
        relations = [
            name for name in row_of(route.name).rules if isinstance(row_of(route.name).rules[name], dict)
        ]
        return any(
            row_of(route.name).expected(relation, persona, "GET") == 200
            for relation in relations
            for persona in PERSONAS
        )

    pages = {name for name, route in ROUTES.items() if not name.startswith("admin:") and is_page(route)}
    # Neither a figure for machines, nor a picture, a script or a file is a page. One asks for which child the
    # minutes are, and nobody of the policy has two.
    files = {f"transfer:{name}" for name in ("diary-csv", "diary-xlsx", "diary-json")}
    files |= {"transfer:template-csv", "transfer:template-xlsx"}
    files |= {"accounts:avatar-show", "evidence:picture-show", "scores:page-show"}
    no_pages = {"healthz", "tools:worker", *files}
    assert pages - no_pages == set(PAGES) - {"tools:log"}
