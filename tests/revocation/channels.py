"""Every way to a diary that a person has: pages, fragments, forms, files, the staff's site, queued mail.

What a person can open is found by walking the URLconf with all objects of the sweep's world; the same
requests, with the same session, are then sent again after the revoke.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http.cookies import SimpleCookie
from uuid import uuid4

from django.core import mail
from django.test import Client

from apps.accounts.emails import tell_who_joined
from apps.accounts.models import Invitation, User
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.practice import services as practice
from apps.practice.models.comments import AuthorRole
from apps.privacy.models import Export
from tests.canaries import CanaryLeaked
from tests.limits import forget_tries
from tests.privacy.conftest import make_export
from tests.sweep.policy import row_of
from tests.sweep.routes import Route, all_routes
from tests.sweep.world import World, admin_objects, undone

OPEN = (200, 301, 302)
# The copy of their data that a replay makes; the sweep does not know it.
OWN_COPY = "copy"
FRAGMENT = {"HX-Request": "true"}
# Signing in and out, and what is the account's own; the links of others' invitations are keys by themselves.
LINKS = ("accounts:invitation-show", "accounts:invitation-accept", "accounts:invitation-decline")
KEYS = (
    *LINKS,
    "parent_portal:link-",
    "parent_portal:reading-",
    "consent:confirmation-",
    "children:card-enter",
    "children:sign-in",
    "children:leave",
)
NOT_A_DIARY = ("account_", "accounts:connection-", "accounts:session-", "mfa_", *KEYS)
QUERIES = {"practice:entry-list": ["", "?view=table", "?q=qz"], "practice:entry-log": ["", "?full=1"]}
QUERIES |= {
    "practice:entry-calendar": ["", "?q=qz"],
    "practice:filter-add": ["", "?q=qz"],
    "transfer:diary-csv": ["", "?q=qz"],
}


@dataclass(frozen=True)
class Channel:
    """One request. ``is_about`` says that its address names something of a student's."""

    route: str
    method: str
    url: str
    is_fragment: bool
    is_about: bool

    def __str__(self) -> str:
        return f"{self.method} {self.url}{' (fragment)' if self.is_fragment else ''}"


@dataclass(frozen=True)
class Answer:
    status: int
    words: frozenset[str]
    is_leak: bool = False

    def is_open(self, channel: Channel) -> bool:
        """A page about the student's thing, or a page of one's own with the student's words in it."""
        if self.is_leak or self.words:
            return True
        return channel.is_about and self.status in OPEN


class Person:
    """A persona's browser, which stays the same before and after."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.user = world, world.cast.user(name)
        self.client: Client = world.client(name)
        # Copies and erasures ask for the password, which was given just now.
        self.client.post("/account/reauthenticate/", {"password": "woodshed-demo"})
        self.cookies = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        own = self.user.display_name.rpartition(" ")[2]
        self.own_words = {own, self.user.email}

    def ask(self, channel: Channel) -> Answer:
        """What the person gets; whatever it writes is undone."""
        forget_tries()
        self.client.cookies = SimpleCookie(self.cookies.output(header="", sep=";"))
        headers = FRAGMENT if channel.is_fragment else {}
        with undone():
            try:
                response = self.client.generic(channel.method, channel.url, headers=headers)
            except CanaryLeaked:
                return Answer(200, frozenset(), is_leak=True)
            text = b"".join(response) if response.streaming else response.content
        words = self.world.cast.canaries.found_in(text.decode(errors="replace")) - self.own_words
        status = response.status_code
        if status in (301, 302) and "/login/" in response["Location"]:
            status = 401
        return Answer(status, frozenset(words))


def channels(
    world: World, *, office: bool = False, only: frozenset[str] = frozenset(), persona: str = ""
) -> list[Channel]:
    """All requests of the product, or of the staff's site; without those that are shut to the persona anyway.

    What is shut the sweep holds, cell by cell.
    """
    return [
        channel
        for route in all_routes()
        if route.name.startswith("admin:") == office and not route.name.startswith(NOT_A_DIARY)
        if not only or route.name in only
        for channel in _of(world, route, persona)
    ]


def _is_shut(route: Route, relation: str, method: str, persona: str) -> bool:
    if not persona or relation == OWN_COPY:
        return False
    return row_of(route.name).expected(relation, persona, method) not in OPEN


def _of(world: World, route: Route, persona: str) -> Iterator[Channel]:
    objects = admin_objects(route.name) if route.carries == ("object_id",) else world.objects[route.carries]
    for relation, values in objects.items():
        if relation == "absent":
            continue
        url, is_about = route.url(values), bool(route.carries)
        queries = QUERIES.get(route.name, [""])
        for query in [] if _is_shut(route, relation, "GET", persona) else queries:
            yield Channel(route.name, "GET", url + query, False, is_about)
            # The staff's site has whole pages only.
            if not route.name.startswith("admin:"):
                yield Channel(route.name, "GET", url + query, True, is_about)
        if not _is_shut(route, relation, "POST", persona):
            yield Channel(route.name, "POST", url, False, is_about)


def open_to(person: Person, found: list[Channel]) -> list[Channel]:
    return [channel for channel in found if person.ask(channel).is_open(channel)]


def still_open(
    person: Person, found: list[Channel], *, remains: frozenset[str], words: frozenset[str]
) -> list[str]:
    """What answers, but for the routes that remain with no more than these words."""
    answers = [(channel, person.ask(channel)) for channel in found]
    return [
        f"{channel}: {answer.status} {sorted(answer.words)}{' leak' if answer.is_leak else ''}"
        for channel, answer in answers
        if answer.is_open(channel)
        and not (channel.route in remains and answer.words <= words and not answer.is_leak)
    ]


def queue_mail(world: World, user: User, now: datetime) -> int:
    """News of the diary for this person that waits to be sent; returns how much. All else that waits goes."""
    cast = world.cast
    # Such as an answer about one's public page, and what another family asks.
    Delivery.objects.all().delete()
    practice.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Bravo",
        now=now,
    )
    joined = Invitation.objects.pending(now).filter(student=cast.student).first()
    assert joined is not None
    Invitation.objects.filter(pk=joined.pk).update(accepted_at=now, accepted_by=cast.user("second_guardian"))
    joined.accepted_by, joined.invited_by = cast.user("second_guardian"), user
    tell_who_joined(invitation=joined, by=cast.user("second_guardian"), moved=False, now=now)
    if user.has_perm("accounts.export_student", cast.student):
        make_export(user, cast.student)
    Delivery.objects.exclude(recipient=user).delete()
    return Delivery.objects.count()


def copy_of(user: User) -> str:
    """The key of the person's newest ready copy; empty where there is none."""
    export = Export.objects.filter(requested_by=user, state="ready").order_by("-ready_at").first()
    return str(export.pk) if export else ""


def send_mail(user: User, now: datetime) -> list[str]:
    """The worker's round; the kinds that left for this person after all."""
    mail.outbox = []
    deliver_due(clock=lambda: now, limit=200)
    return sorted(Delivery.objects.filter(email=user.email, state="sent").values_list("kind", flat=True))
