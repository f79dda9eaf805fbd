"""Every role, route, state, actor and action of an invitation: a page with a next step, or a clean no.

A next step is a link in the page's main part that answers, or a form that leads to an address of the
site. What must come out is written here by hand, so that the pages are held against it and not against
themselves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.roles import Route, all_roles, role_of
from tests import canaries as tap
from tests.conftest import Cast, make_cast
from tests.factories.accounts import (
    birth_month,
    born,
    make_guardianship,
    make_invitation,
    make_student,
    make_user,
)
from tests.factories.consent import AGREED
from tests.factories.private_teaching import make_teaching
from tests.limits import forget_tries
from tests.sweep.world import undone

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

ROUTES = [(role.name, route) for role in all_roles() for route in sorted(role.routes)]
STATES = ["pending", "accepted", "declined", "cancelled", "expired", "resent"]
ACTORS = ["signed_out", "right", "wrong", "inviter", "guardian", "student", "teacher", "stranger"]
ACTIONS = ["show", "accept", "decline", "resend", "cancel", "code_entry", "code_show"]
ANSWERS: dict[str, dict[str, str]] = {
    "guardian": {},
    "student": born(16) | {"agreed": AGREED},
    "grantee": {},
    "pupil": {"whose": "new", "name": "Zoe", "agreed": AGREED},
    "teacher": born(40),
}
# What a form makes of an answer about age.
SAID: dict[str, dict[str, Any]] = {
    "student": {"birth_month": birth_month(16), "agreed": True},
    "teacher": {"birth_month": birth_month(40)},
}


@dataclass
class Scene:
    """One invitation in one state, and the people around it. ``old`` is the link that a resend killed."""

    role: str
    route: Route
    state: str
    invitation: Invitation
    people: dict[str, User | None]
    old_token: str
    old_code: str
    clients: dict[str, tuple[Client, str]]

    def client(self, actor: str) -> Client:
        client, cookies = self.clients[actor]
        client.cookies = SimpleCookie(cookies)
        return client

    @property
    def is_live(self) -> bool:
        return self.state in ("pending", "resent")

    def managers(self) -> set[str]:
        """Who may send it again: the sender, and every guardian, a new one included."""
        found = {"inviter"} if self.role == "pupil" else {"inviter", "guardian"}
        if self.state == "accepted" and self.role in ("guardian", "pupil"):
            found.add("right")
        return found

    def may_accept(self, actor: str) -> bool:
        if not self.is_live or actor == "signed_out":
            return False
        if self.route == Route.MAIL:
            return actor == "right"
        refused = {
            # A code is for somebody else; nobody is guardian or teacher of themselves; a child's account
            # brings no teacher; a student has one login, and no guardian's or teacher's.
            "guardian": {"inviter", "student"},
            "student": {"inviter", "student", "guardian", "teacher"},
            "pupil": {"inviter", "student"},
            "teacher": {"inviter", "student"},
        }
        return actor not in refused[self.role]


def make_scene(cast: Cast, role: InvitationRole, route: Route, state: str) -> Scene:
    right = make_user("Right One", email="right@people.example")
    sender = cast.user("teacher" if role == InvitationRole.PUPIL else "guardian")
    invitation = offer(cast, role, route, sender)
    old = invitation.token, invitation.code
    put_into(state, invitation, right)
    people = {"signed_out": None, "right": right, "wrong": make_user("Wrong One"), "inviter": sender}
    names = {"guardian": "second_guardian", "student": "student", "stranger": "stranger"}
    people |= {actor: cast.user(name) for actor, name in names.items()}
    people["teacher"] = cast.user("second_teacher" if role == InvitationRole.PUPIL else "teacher")
    clients = {actor: enter(user) for actor, user in people.items()}
    return Scene(role, route, state, Invitation.objects.get(pk=invitation.pk), people, *old, clients)


def offer(cast: Cast, role: InvitationRole, route: Route, sender: User) -> Invitation:
    more: dict[str, Any] = {"instrument": "Cello"} if role in ("pupil", "teacher") else {}
    student: Student | None = cast.student
    if role == InvitationRole.PUPIL:
        student = None
    elif role == InvitationRole.STUDENT:
        # Mia has her login; her little sister has the same guardians and none.
        student = make_student("Ida")
        for guardian in ("guardian", "second_guardian"):
            make_guardianship(student, cast.user(guardian))
        make_teaching(cast.user("teacher"), student)
    if route == Route.MAIL:
        return make_invitation(student, sender, "right@people.example", role, **more)
    return services.invite_by_code(student=student, role=role, by=sender, now=timezone.now(), **more)


def put_into(state: str, invitation: Invitation, right: User) -> None:
    now, row = timezone.now(), Invitation.objects.filter(pk=invitation.pk)
    if state == "accepted":
        answers = SAID.get(invitation.role) or ANSWERS[invitation.role]
        services.accept_invitation(invitation=invitation, by=right, now=now, **answers)
    elif state == "resent":
        services.resend_invitation(invitation=invitation, by=invitation.invited_by or right, now=now)
    elif state == "expired":
        row.update(expires_at=now - timedelta(seconds=1))
    elif state != "pending":
        row.update(**{f"{state}_at": now})


def enter(user: User | None) -> tuple[Client, str]:
    """A browser, and its cookies as they are right after signing in."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client, client.cookies.output(header="", sep=";")


def act(scene: Scene, client: Client, action: str, *, old: bool = False) -> Any:
    """The action's answer, with its redirects followed."""
    row = scene.invitation
    if action in ("show", "accept", "decline"):
        address = reverse(f"accounts:invitation-{action}", args=[scene.old_token if old else row.token])
        if action == "show":
            return client.get(address, follow=True)
        return client.post(address, ANSWERS[scene.role] if action == "accept" else {}, follow=True)
    if action in ("resend", "cancel"):
        return client.post(reverse(f"accounts:invitation-{action}", args=[row.pk]), follow=True)
    if action == "code_entry":
        code = scene.old_code if old else row.code
        return client.post(reverse("accounts:code-enter"), {"code": code}, follow=True)
    return client.get(reverse("accounts:code-show", args=[row.pk]), follow=True)


def expected_status(scene: Scene, actor: str, action: str) -> set[int]:
    """Of the last page. Whoever may not manage an invitation learns nothing of it."""
    if action in ("resend", "cancel", "code_show") and actor != "signed_out":
        is_there = actor in scene.managers() and (action != "code_show" or scene.route == Route.CODE)
        return {200} if is_there else {404}
    if action in ("show", "decline", "accept") and not scene.is_live:
        # Signed out, an accept leads to the page that says what became of it.
        return {410}
    if action == "decline":
        return {410}
    return {200}


LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
FORM = re.compile(r"<form\b([^>]*)>.*?<button", re.DOTALL)
ACTION = re.compile(r'\baction="([^"]*)"')


def next_steps(html: str, here: str) -> Iterator[str]:
    """Where the page's main part leads, beside to itself."""
    main = html.partition("<main")[2].partition("</main>")[0]
    yield from (link for link in LINK.findall(main) if link.startswith("/") and link != here)
    for attributes in FORM.findall(main):
        found = ACTION.search(attributes)
        yield found.group(1) if found and found.group(1) else here


def leads_on(address: str) -> bool:
    try:
        resolve(address.partition("?")[0].partition("#")[0])
    except Resolver404:
        return False
    return True


def is_dead_end(answer: Any) -> bool:
    here = answer.request["PATH_INFO"]
    return not any(leads_on(step) for step in next_steps(answer.content.decode(), here))


def faults_of(scene: Scene, actor: str, action: str) -> Iterator[str]:
    tap.scanned["invitation cells"] += 1
    before = scene.invitation.state(timezone.now())
    answer = act(scene, scene.client(actor), action)
    where = f"{action} by {actor}"
    if answer.status_code not in expected_status(scene, actor, action):
        yield f"{where}: {answer.status_code}, not {expected_status(scene, actor, action)}"
    if is_dead_end(answer):
        yield f"{where}: a dead end"
    after = Invitation.objects.get(pk=scene.invitation.pk).state(timezone.now())
    if after != outcome(scene, actor, action, before):
        yield f"{where}: {before} became {after}"
    if scene.state == "resent" and action in ("show", "accept", "decline"):
        late = act(scene, scene.client(actor), action, old=True)
        if late.status_code != 404 or is_dead_end(late):
            yield f"{where} with the old link: {late.status_code}"


def outcome(scene: Scene, actor: str, action: str, before: str) -> str:
    if action == "accept" and scene.may_accept(actor):
        return "accepted"
    if action == "decline" and scene.is_live:
        return "declined"
    if actor in scene.managers() and (scene.is_live or scene.state == "expired"):
        return {"resend": "pending", "cancel": "cancelled"}.get(action, before)
    return before


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("role", "route"), ROUTES)
def test_every_cell_has_a_next_step(db: None, role: InvitationRole, route: Route, state: str) -> None:
    """Without the canaries: people get to know each other here, so who may read a name changes."""
    scene, wrong = make_scene(make_cast(), role, route, state), []
    for actor in ACTORS:
        for action in ACTIONS:
            forget_tries()
            with undone():
                wrong += list(faults_of(scene, actor, action))
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(wrong)


def test_every_role_of_the_model_says_what_it_means() -> None:
    assert {role.name for role in all_roles()} == set(InvitationRole)
    assert {role_of(name).name for name in InvitationRole} == set(ANSWERS)


@pytest.mark.parametrize(
    ("main", "is_dead"),
    [
        ("<p>That is all.</p>", True),
        ('<a href="/here/">Again</a>', True),
        ('<a href="/no-such-page/">On</a>', True),
        ('<a href="https://elsewhere.example/">Away</a>', True),
        ('<a class="btn" href="/home/">On</a>', False),
        ('<form method="post" action="/account/logout/"><button>Out</button></form>', False),
        ('<form method="post"><input><button>Send</button></form>', False),
    ],
)
def test_the_control_sees_a_dead_end(main: str, is_dead: bool) -> None:
    class Answer:
        content = f'<nav><a href="/home/">Home</a></nav><main>{main}</main>'.encode()
        request = {"PATH_INFO": "/join/" if "<input" in main else "/here/"}

    assert is_dead_end(Answer()) is is_dead
