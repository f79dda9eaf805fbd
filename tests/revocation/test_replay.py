"""Each kind of revoke, and then everything once more: nothing that was open may answer.

A page "answers" when an address of the student's things still gives a page or takes a form, or when any
page carries a word of the diary, of its people or of the child's name.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from apps.accounts import services
from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.accounts.models.grants import StudentGrantQuerySet
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import GuardianshipQuerySet
from apps.accounts.services.majority import end_all_guardianships
from apps.core.prepared import Prepared
from apps.private_teaching import services as lessons
from apps.private_teaching.models import Teaching, TeachingQuerySet
from tests import canaries as tap
from tests.factories.accounts import make_invitation
from tests.sweep.world import Values, World, make_world, undone

from .channels import OWN_COPY, Channel, Person, channels, copy_of, open_to, queue_mail, send_mail, still_open

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
DAY = timedelta(days=1)
Act = Callable[[World, datetime], object]


def guardianship(world: World, name: str) -> Guardianship:
    return Guardianship.objects.get(guardian=world.cast.user(name), student=world.cast.student)


def teaching_of(world: World, name: str) -> Teaching:
    return Teaching.objects.get(teacher=world.cast.user(name), student=world.cast.student)


def leave(world: World, now: datetime) -> None:
    services.leave_family(guardianship=guardianship(world, "second_guardian"), now=now)


def joined_lately(world: World, now: datetime) -> None:
    Guardianship.objects.filter(guardian=world.cast.user("second_guardian")).update(started_at=now - DAY)


def let_teacher_in(world: World, now: datetime) -> None:
    """The second teacher came by an invitation of the second guardian, who has joined lately."""
    joined_lately(world, now)
    cast, taught = world.cast, teaching_of(world, "second_teacher")
    row = make_invitation(
        cast.student, cast.user("second_guardian"), taught.teacher.email, InvitationRole.TEACHER, now=now
    )
    Invitation.objects.filter(pk=row.pk).update(accepted_at=taught.started_at, accepted_by=taught.teacher)


def object_to(world: World, now: datetime) -> None:
    row = guardianship(world, "second_guardian")
    services.object_to_guardian(guardianship=row, by=world.cast.user("guardian"), reason="", now=now)


def come_of_age(world: World, now: datetime) -> None:
    end_all_guardianships(student=Student.objects.get(pk=world.cast.student.pk), now=now)


def end_lessons(world: World, now: datetime) -> None:
    row = teaching_of(world, "second_teacher")
    lessons.end_teaching(teaching=row, by=world.cast.user("guardian"), now=now)


def pause_lessons(world: World, now: datetime) -> None:
    row = teaching_of(world, "second_teacher")
    lessons.pause_teaching(teaching=row, by=world.cast.user("guardian"), since=now, reason="", now=now)


def revoke(world: World, now: datetime) -> None:
    cast = world.cast
    services.revoke_grant(student=cast.student, user=cast.user("logger"), by=cast.user("guardian"), now=now)


def expire(world: World, now: datetime) -> None:
    StudentGrant.objects.filter(user=world.cast.user("logger")).update(
        granted_at=now - 9 * DAY, expires_at=now - DAY
    )


def run_out(world: World, now: datetime) -> None:
    """The day until which the second teacher stands in is over."""
    Teaching.objects.filter(pk=teaching_of(world, "second_teacher").pk).update(
        cover_until=now - timedelta(seconds=1)
    )


def disable(world: World, now: datetime) -> None:
    User.objects.filter(pk=world.cast.user("guardian").pk).update(is_active=False)


def dismiss_from_office(world: World, now: datetime) -> None:
    User.objects.filter(pk=world.cast.user("superuser").pk).update(is_staff=False, is_superuser=False)


def nothing(world: World, now: datetime) -> None:
    """No preparation."""


@dataclass(frozen=True, kw_only=True)
class Revoke:
    """One kind: whose access, how it ends, what of it may remain and why."""

    name: str
    who: str
    act: Act
    prepare: Act = nothing
    office: bool = False
    # Mails that tell of the revoke itself, and addresses that keep answering with a name alone.
    news: frozenset[str] = frozenset()
    remains: frozenset[str] = frozenset()
    words: frozenset[str] = field(default_factory=frozenset)

    def __str__(self) -> str:
        return self.name


# One's own thanks can be taken back always: the answer says nothing of the diary.
OWN_THANKS = frozenset({"practice:thanks-remove"})
REVOKES = [
    Revoke(name="a guardian leaves", who="second_guardian", prepare=joined_lately, act=leave),
    Revoke(
        name="a guardian is suspended",
        who="second_guardian",
        prepare=joined_lately,
        act=object_to,
        news=frozenset({"accounts.you-are-suspended"}),
    ),
    Revoke(
        name="the student comes of age",
        who="guardian",
        act=come_of_age,
        news=frozenset({"accounts.came-of-age"}),
    ),
    Revoke(
        name="lessons end",
        who="second_teacher",
        prepare=let_teacher_in,
        act=end_lessons,
        remains=OWN_THANKS,
    ),
    Revoke(
        name="lessons pause",
        who="second_teacher",
        prepare=let_teacher_in,
        act=pause_lessons,
        # The name stays in the list of paused students, and the teacher may still end the lessons.
        remains=frozenset({"home:roster", "private_teaching:teaching-end"}) | OWN_THANKS,
        words=frozenset({"Qzmia"}),
    ),
    Revoke(
        name="the guardian who let a teacher in is suspended",
        who="second_teacher",
        prepare=let_teacher_in,
        act=object_to,
        # As in every pause.
        remains=frozenset({"home:roster", "private_teaching:teaching-end"}) | OWN_THANKS,
        words=frozenset({"Qzmia"}),
    ),
    Revoke(
        name="a cover runs out",
        who="second_teacher",
        prepare=let_teacher_in,
        act=run_out,
        remains=OWN_THANKS,
    ),
    Revoke(name="a grant is revoked", who="logger", act=revoke),
    Revoke(name="a grant runs out", who="logger", act=expire),
    Revoke(name="a login is disabled", who="guardian", act=disable),
    Revoke(name="somebody leaves the office", who="superuser", act=dismiss_from_office, office=True),
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The sweep's world, made once; each kind is undone."""
    refusals = logging.getLogger("django.request")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(ACCOUNT_RATE_LIMITS=False):
        refusals.setLevel(logging.ERROR)
        found = make_world()
        with tap.listening(found.cast.canaries):
            yield found
        refusals.setLevel(logging.NOTSET)
        transaction.set_rollback(True)


def rights_changed(world: World) -> None:
    """The watch on canaries remembers who may read what."""
    world.cast.canaries.memo = {}


# What was open to somebody, prepared in one way: the same before each kind of revoke, but for the key of
# the copy of their data, which is made anew.
Opened = dict[tuple[str, Act], tuple[str, list[Channel]]]


def touched(world: World, person: Person, found: list[Channel]) -> list[Channel]:
    """Without the teachers' public pages, what another student's family asked for, and one's own photo."""
    keys = {values["profile"] for values in world.objects["profile",].values()}
    keys |= {world.objects[kind,]["foreign"][kind] for kind in ("application", "message")}
    keys.add(f"/people/{person.user.pk}/")
    return [each for each in found if not any(key in each.url for key in keys)]


def replay(
    world: World, kind: Revoke, opened: Opened, *, only: frozenset[str] = frozenset()
) -> tuple[int, int, list[str]]:
    """How much was open, how much mail waited, and what answers after the revoke."""
    now = timezone.now()
    kind.prepare(world, now)
    rights_changed(world)
    person = Person(world, kind.who)
    waiting = queue_mail(world, person.user, now)
    copy = copy_of(person.user)
    if copy:
        world.objects["export",][OWN_COPY] = {"export": copy}
    known = kind.who, kind.prepare
    if known not in opened:
        every = channels(world, office=kind.office, only=only, persona=kind.who)
        opened[known] = copy, open_to(person, touched(world, person, every))
    first_copy, found = opened[known]
    before = [replace(each, url=each.url.replace(first_copy, copy)) if copy else each for each in found]
    kind.act(world, timezone.now())
    rights_changed(world)
    return len(before), waiting, still_open(person, before, remains=kind.remains, words=kind.words)


@contextmanager
def unspoilt(world: World) -> Iterator[World]:
    """Whatever one kind does is gone before the next."""
    exports: dict[str, Values] = dict(world.objects[("export",)])
    with undone():
        yield world
    world.objects[("export",)] = exports
    rights_changed(world)


@pytest.fixture
def fresh(world: World) -> Iterator[World]:
    with unspoilt(world):
        yield world


# One test for each way to have come in: what was open is found once.
WAYS = sorted({(kind.who, kind.prepare.__name__) for kind in REVOKES})


@pytest.mark.parametrize(("who", "prepare"), WAYS)
def test_nothing_answers_after_the_revoke(
    world: World, who: str, prepare: str, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: Opened = {}
    for kind in REVOKES:
        if (kind.who, kind.prepare.__name__) == (who, prepare):
            with unspoilt(world):
                was_open, waiting, found = replay(world, kind, opened)
                sent = set(send_mail(world.cast.user(who), timezone.now())) - kind.news
            with capsys.disabled():
                print(
                    f"\n{kind}: {was_open} channels were open and {waiting} mails waited; {len(found)} answer"
                )
            assert was_open >= 15, kind
            assert found == [], f"{kind}:\n" + "\n".join(found)
            assert sent == set(), kind


# An invitation, and the staff's lock, take away what one could still do, not what one saw.


def test_a_cancelled_invitation_lets_nobody_in(fresh: World) -> None:
    cast, now = fresh.cast, timezone.now()
    invited = cast.user("stranger")
    row = make_invitation(cast.student, cast.user("guardian"), invited.email, now=now)
    person = Person(fresh, "stranger")
    address = f"/join/{row.token}/"
    found = [
        Channel("accounts:invitation-show", "GET", address, False, True),
        Channel("accounts:invitation-accept", "POST", f"{address}accept/", False, True),
        Channel("accounts:invitation-decline", "POST", f"{address}decline/", False, True),
    ]
    assert [person.ask(channel).status for channel in found] == [200, 302, 302]
    services.cancel_invitation(invitation=row, by=cast.user("guardian"), now=now)
    assert [person.ask(channel).status for channel in found] == [410, 410, 410]
    assert "accounts.invitation" not in send_mail(invited, now)
    letters = [message.body for message in mail.outbox if message.to == [invited.email]]
    assert not any(row.token in body for body in letters)


def family_of(world: World) -> list[object]:
    rows = Guardianship.objects.order_by("pk").values_list("pk", "ended_at", "suspended_at")
    return [*rows, Student.objects.values_list("user_id").get(pk=world.cast.student.pk)]


def test_while_locked_no_request_of_the_family_changes_who_belongs_to_it(fresh: World) -> None:
    """Every address of the product is sent a POST by everybody of the family; the rows stay as they are."""
    now = timezone.now()
    joined_lately(fresh, now)
    invited = make_invitation(fresh.cast.student, fresh.cast.user("guardian"), "x@people.example", now=now)
    Invitation.objects.filter(pk=invited.pk).update(email=fresh.cast.user("stranger").email)

    changing = {"accounts:guardianship-leave", "accounts:guardianship-object", "accept"}

    def changes(only: frozenset[str] = frozenset()) -> set[str]:
        found = set()
        accept = Channel("accept", "POST", f"/join/{invited.token}/accept/", False, True)
        for name in ("student", "guardian", "second_guardian", "stranger"):
            person = Person(fresh, name)
            # The start page shows whoever is invited by whom: the child's name stands there by right.
            for channel in [accept] if name == "stranger" else channels(fresh, only=only):
                if channel.method == "POST" and not channel.is_fragment:
                    before = family_of(fresh)
                    with undone():
                        client, cookies = person.client, person.cookies
                        client.cookies.load(cookies.output(header="", sep=";"))
                        client.post(channel.url)
                        if family_of(fresh) != before:
                            found.add(channel.route)
        return found

    assert changes(only=frozenset(changing)) == changing
    services.lock_family(student=fresh.cast.student, reason="An order", by=fresh.cast.user("staff"), now=now)
    assert changes() == set()


# Without the rule, the replay sees the leak.

CONTROLS: dict[str, tuple[type[QuerySet[Any]], str, dict[str, Any]]] = {
    "a guardian is suspended": (GuardianshipQuerySet, "current", {"ended_at": None}),
    "a guardian leaves": (GuardianshipQuerySet, "current", {}),
    "lessons end": (TeachingQuerySet, "current", {}),
    "lessons pause": (TeachingQuerySet, "current", {"ended_at": None}),
    "a grant runs out": (StudentGrantQuerySet, "live", {}),
}
PLAIN = frozenset({"private_teaching:student-people", "practice:entry-detail"})


@pytest.mark.parametrize("name", CONTROLS)
def test_the_replay_sees_a_leak(fresh: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = next(each for each in REVOKES if each.name == name)
    model, method, left = CONTROLS[name]

    def without(rows: QuerySet[Any], *args: object) -> QuerySet[Any]:
        return rows.filter(**left)

    def anew(prepared: Prepared[Any], **values: object) -> list[Any]:
        """A process keeps statements with the rules in them; nothing of this one's may stay."""
        return list(prepared._build(**values))

    monkeypatch.setattr(Prepared, "__call__", anew)
    monkeypatch.setattr(model, method, without)
    _was_open, _waiting, found = replay(fresh, kind, {}, only=PLAIN)
    assert found
