"""The state that the sweep walks through: the cast, and one object of every kind and relation.

It is long because it is one state.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Guardianship, Invitation, ReaderLink, Student, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.accounts.services import end_reader_link
from apps.children.models import TrustedDevice
from apps.consent.models import Confirmation, Purpose
from apps.consent.services import give_consent
from apps.core import chain
from apps.practice import services
from apps.practice.models import CommentThanks, EntryComment
from apps.practice.models.comments import AuthorRole
from apps.practice.services.talk import thank
from apps.privacy.models import Erasure, Export
from apps.private_teaching.models import Teaching
from apps.safeguarding import services as safeguarding
from tests import canaries as tap
from tests.conftest import Cast, make_cast, make_telling_entry
from tests.factories.accounts import make_guardianship, make_reader_link, make_student, make_user
from tests.factories.children import child_client, make_child_login
from tests.factories.private_teaching import make_teaching
from tests.factories.safeguarding import make_case, make_hold, make_look, make_report

from .accounts import people_of, photos_of, places_of, sessions_of
from .assignments import assignments_of, challenges_of, templates_of
from .desk import put_aside, snippets_of
from .ensembles import ensembles_of
from .filters import filters_of
from .imports import imports_of
from .lessons import lessons_of
from .news import news_of
from .policy import PERSONAS
from .repertoire import repertoire_of
from .requests import messages_of, pages_of, requests_of
from .signed import sign_offs_of

Values = dict[str, str]
WEEK = timedelta(days=7)
ABSENT = "00000000-0000-4000-8000-000000000000"


@dataclass
class World:
    cast: Cast
    clients: dict[str, tuple[Client, SimpleCookie]]
    # What an address carries → relation → values. "absent" first, to compare the others with.
    objects: dict[tuple[str, ...], dict[str, Values]]

    def client(self, persona: str) -> Client:
        """The persona's browser, its cookies as they were right after signing in."""
        client, cookies = self.clients[persona]
        client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
        return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def add_comments(cast: Cast, now: datetime) -> dict[str, EntryComment]:
    """One open to all, one in the second teacher's thread, one in the first's, one taken back."""

    def say(name: str, who: str, role: AuthorRole, thread: Teaching | None) -> EntryComment:
        comment = services.add_comment(
            key=uuid4(),
            entry=cast.entry,
            by=cast.user(who),
            role=role,
            body=f"Well done Qzcomment{name}",
            now=now,
            thread=thread,
        )
        cast.canaries.plant(f"{name} comment", f"Qzcomment{name}", tap.comment_readers(comment))
        return comment

    found = {
        "open": say("open", "guardian", AuthorRole.GUARDIAN, None),
        "second_thread": say("second", "second_teacher", AuthorRole.TEACHER, cast.second_teaching),
        "first_thread": say("first", "teacher", AuthorRole.TEACHER, cast.teaching),
        "deleted": say("deleted", "guardian", AuthorRole.GUARDIAN, None),
    }
    services.delete_comment(comment=found["deleted"], now=now)
    # However long the walk takes, they stay young enough to be changed.
    EntryComment.objects.filter(entry=cast.entry).update(created_at=now + WEEK)
    cast.canaries.words["Qzcommentdeleted"] = (
        "deleted comment",
        lambda user, path: (
            path.startswith("/staff/")
            or (path.endswith("/versions/") and user in (cast.user("guardian"), cast.user("second_guardian")))
        ),
    )
    return found


def thanks_of(cast: Cast, comments: dict[str, EntryComment], now: datetime) -> dict[str, str]:
    """The student's for what her teacher said, and the other teacher's for what her guardian said."""
    thank(comment=comments["first_thread"], by=cast.user("student"), now=now)
    thank(comment=comments["open"], by=cast.user("second_teacher"), now=now)
    rows = {row.user_id: str(row.pk) for row in CommentThanks.objects.all()}
    return {"student": rows[cast.user("student").pk], "teacher": rows[cast.user("second_teacher").pk]}


def add_invitations(cast: Cast, now: datetime) -> dict[str, Invitation]:
    """To guardians: waiting, out of date, cancelled, of another child, by code.

    To a guest, to a teacher: waiting. To a pupil by code, from Mia's teacher: waiting.
    """
    guest = {"role": InvitationRole.GRANTEE, "grant_level": GrantLevel.VIEW, "grant_until": now + WEEK}
    return {
        "pending": make_invitation(cast.student, "pending", now=now),
        "guest": make_invitation(cast.student, "guest", now=now, **guest),
        "cancelled": make_invitation(cast.student, "cancelled", now=now, cancelled_at=now),
        "expired": make_invitation(cast.student, "expired", now=now - 9 * WEEK),
        "foreign": make_invitation(cast.other_student, "foreign", now=now),
        "by_code": make_invitation(
            cast.student, "by code", now=now, email="", invited_by=cast.user("guardian")
        ),
        "teacher": make_invitation(cast.student, "teacher", now=now, role="teacher", instrument="Violin"),
        "pupil": make_invitation(
            None,
            "pupil",
            now=now,
            role="pupil",
            instrument="Violin",
            invited_by=cast.user("teacher"),
            email="",
        ),
    }


def make_invitation(student: Student | None, name: str, *, now: datetime, **fields: Any) -> Invitation:
    invitation = Invitation(
        student=student,
        created_at=now,
        sent_at=now,
        expires_at=now + WEEK,
        **({"role": InvitationRole.GUARDIAN, "email": f"invited.{name}@people.example"} | fields),
    )
    invitation.renew()
    invitation.save()
    return invitation


def objects_of(cast: Cast) -> dict[tuple[str, ...], dict[str, Values]]:
    now = timezone.now()
    deleted = make_telling_entry("deleted", cast.student, cast.user("student"))
    services.delete_entry(entry=deleted, by=cast.user("student"), now=now)
    ended = Teaching.objects.get(teacher=cast.user("former_teacher"))
    foreign = Teaching.objects.get(student=cast.other_student)
    entries = {
        "shared": cast.entry,
        "private": cast.private_entry,
        "addressed": cast.addressed_entry,
        "deleted": deleted,
    }
    comments, invitations = add_comments(cast, now), add_invitations(cast, now)
    teachings = {"first": cast.teaching, "second": cast.second_teaching, "ended": ended, "foreign": foreign}
    teachings |= paused_teachings(cast, now)
    students = {"mia": str(cast.student.pk), "noah": str(cast.other_student.pk)}
    guest, nobody = str(cast.user("viewer").pk), str(cast.user("stranger").pk)
    asks_since = cast.student.today(now) - 3 * WEEK
    Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_since=asks_since)
    requests, photos = requests_of(cast, now), photos_of(cast)
    links = links_of(cast, now)
    put_aside(cast, now)
    kinds = repertoire_of(cast, now) | ensembles_of(cast, now) | assignments_of(cast, teachings, now)
    kinds |= challenges_of(cast, teachings, now)
    lessons = lessons_of(cast, teachings, now)
    return kinds | {
        (): {"page": {}},
        ("profile",): with_absent("profile", pages_of(cast)),
        ("application",): with_absent("application", {name: str(row.pk) for name, row in requests.items()}),
        ("message",): with_absent("message", messages_of(cast, requests, now)),
        ("student",): with_absent("student", students),
        ("entry",): with_absent("entry", {name: str(row.pk) for name, row in entries.items()}),
        ("template",): with_absent("template", templates_of(cast, now)),
        ("snippet",): with_absent("snippet", snippets_of(cast, now)),
        ("lesson",): with_absent("lesson", lessons),
        ("notification",): with_absent("notification", news_of(cast, lessons, now)),
        ("comment",): with_absent("comment", {name: str(row.pk) for name, row in comments.items()}),
        ("thanks",): with_absent("thanks", thanks_of(cast, comments, now)),
        ("saved",): with_absent("saved", filters_of(cast, now)),
        ("batch",): with_absent("batch", imports_of(cast, now)),
        ("sign_off",): with_absent("sign_off", sign_offs_of(cast, asks_since)),
        ("teaching",): with_absent("teaching", {name: str(row.pk) for name, row in teachings.items()}),
        ("guardianship",): with_absent("guardianship", guardianships_of(cast, now)),
        ("invitation",): with_absent("invitation", {name: str(i.pk) for name, i in invitations.items()}),
        ("token",): {"absent": {"token": "f" * 64}}
        | {name: {"token": row.token} for name, row in invitations.items()}
        | {"consent": {"token": confirmation_of(cast, now).token}}
        | {"reader": {"token": links["mia"].token}, "reader_over": {"token": links["ended"].token}},
        ("link",): with_absent("link", {name: str(row.pk) for name, row in links.items()}),
        ("student", "user"): {
            "absent": {"student": ABSENT, "user": guest},
            "mia": {"student": students["mia"], "user": guest},
            "mia_without_grant": {"student": students["mia"], "user": nobody},
            "noah": {"student": students["noah"], "user": guest},
        },
        ("student", "teaching"): {
            "absent": {"student": ABSENT, "teaching": ABSENT},
            "first": {"student": students["mia"], "teaching": str(cast.teaching.pk)},
            "second": {"student": students["mia"], "teaching": str(cast.second_teaching.pk)},
            "crossed": {"student": students["noah"], "teaching": str(cast.teaching.pk)},
        },
        ("export",): with_absent("export", exports_of(cast, now)),
        ("erasure",): with_absent("erasure", erasures_of(cast, now)),
        ("person", "picture"): photos,
        ("person",): people_of(photos),
        ("session",): with_absent("session", sessions_of(cast)),
        ("provider",): places_of(cast),
        ("device",): with_absent("device", devices_of(cast, now)),
        ("key",): {"absent": {"key": ABSENT}},
        ("key", "uidb36"): {"absent": {"key": "no-such-key", "uidb36": "abc"}},
        ("pk",): {"absent": {"pk": "0"}},
        ("content_type_id", "object_id"): {"absent": {"content_type_id": "0", "object_id": "0"}},
        ("app_label",): {label: {"app_label": label} for label in admin_apps()},
    }


def paused_teachings(cast: Cast, now: datetime) -> dict[str, Teaching]:
    """Of Mia's first teacher: paused by the teacher, and by a guardian."""

    def pause(instrument: str, who: str) -> Teaching:
        return make_teaching(
            cast.user("teacher"), cast.student, instrument, paused_at=now, paused_by=cast.user(who)
        )

    return {"paused": pause("Flute", "teacher"), "held": pause("Violin", "guardian")}


def guardianships_of(cast: Cast, now: datetime) -> dict[str, str]:
    """Of Mia: two that last, one that ended, one that is new. Of Noah: the only one."""
    newcomer = make_guardianship(cast.student, make_user("Newcomer Qznewcomer"), started_at=now)
    rows = {
        "own": Guardianship.objects.get(guardian=cast.user("guardian")),
        "second": Guardianship.objects.get(guardian=cast.user("second_guardian")),
        "ended": Guardianship.objects.get(guardian=cast.user("former_guardian")),
        "new": newcomer,
        "foreign": Guardianship.objects.get(guardian=cast.user("other_guardian")),
    }
    return {name: str(row.pk) for name, row in rows.items()}


def confirmation_of(cast: Cast, now: datetime) -> Confirmation:
    """The link in the mail to the guardian who agreed that Mia's diary may hold recordings."""
    by = cast.user("guardian")
    event = give_consent(student=cast.student, purpose=Purpose.RECORDINGS, version=1, by=by, now=now)
    return Confirmation.objects.get(event=event)


def links_of(cast: Cast, now: datetime) -> dict[str, ReaderLink]:
    """To read along: one into each child's diary, and one that was ended."""

    def make(who: str, student: Student, name: str) -> ReaderLink:
        address = f"qz{name}@people.example"
        link = make_reader_link(student, cast.user(who), name=f"Aunt Qzaunt{name}", email=address, now=now)
        cast.canaries.plant(f"address of the link of {name}", address, tap.link_address_readers(link))
        return link

    found = {
        "mia": make("guardian", cast.student, "miaslink"),
        "ended": make("guardian", cast.student, "endedlink"),
        "noah": make("other_guardian", cast.other_student, "noahslink"),
    }
    end_reader_link(link=found["ended"], by=cast.user("guardian"), now=now)
    return found


def devices_of(cast: Cast, now: datetime) -> dict[str, str]:
    """One for each of two children; of the child who is signed in there, the world adds the row."""

    def make(student: Student, who: str) -> str:
        device = TrustedDevice.objects.create(
            student=student,
            token_hash=f"{who:x<64}",
            name="Tablet",
            trusted_by=cast.user(who),
            trusted_at=now,
        )
        return str(device.pk)

    return {"mia": make(cast.student, "guardian"), "noah": make(cast.other_student, "other_guardian")}


def sign_in_child(cast: Cast) -> tuple[Client, SimpleCookie, str]:
    """Zoe, who has a sign-in that her mother made: her browser, its cookies, and its row as a device."""
    mother, zoe = make_user("Mother Qzmother"), make_student("Zoe Qzzoe", age_band=AgeBand.CHILD)
    make_guardianship(zoe, mother)
    make_child_login(zoe, mother)
    cast.canaries.plant("name of zoe", "Qzzoe", tap.student_name_readers(zoe))
    client = child_client(zoe, mother, raise_request_exception=False)
    device = TrustedDevice.objects.get(student=zoe)
    return client, SimpleCookie(client.cookies.output(header="", sep=";")), str(device.pk)


def exports_of(cast: Cast, now: datetime) -> dict[str, str]:
    """Ready: of Mia's diary by one guardian, by one who is none any more, of an account; and one outlived."""

    def make(who: str, student: Student | None, until: datetime = now + WEEK) -> str:
        export = Export.objects.create(
            requested_by=cast.user(who),
            student=student,
            language="en",
            state="ready",
            requested_at=now,
            due_at=now,
            ready_at=now,
            path=f"exports/{who}.zip",
            expires_at=until,
        )
        return str(export.pk)

    return {
        "diary": make("guardian", cast.student),
        "lost": make("former_guardian", cast.student),
        "old": make("guardian", cast.student, now - WEEK),
        "account": make("teacher", None),
    }


def erasures_of(cast: Cast, now: datetime) -> dict[str, str]:
    """Waiting: of Mia's diary, of an account. Settled: of Noah's diary."""
    waiting = {"asked_at": now, "due_at": now + WEEK}
    rows = {
        "diary": Erasure(
            subject="student", subject_id=cast.student.pk, asked_by_id=cast.user("guardian").pk, **waiting
        ),
        "settled": Erasure(
            subject="student", subject_id=cast.other_student.pk, state="undone", settled_at=now, **waiting
        ),
        "account": Erasure(subject="person", subject_id=cast.user("stranger").pk, **waiting),
    }
    for row in rows.values():
        row.save()
    return {name: str(row.pk) for name, row in rows.items()}


def add_safeguarding(cast: Cast) -> None:
    """The superuser has an open case for each student; something is reported, held and sealed."""
    owner = cast.user("superuser")
    for student in (cast.student, cast.other_student):
        make_case(owner, student)
    make_look(owner, cast.user("stranger"))
    report = make_report(cast.student, cast.user("student"), author=cast.user("teacher"))
    safeguarding.add_note(report=report, by=owner, body="We called.", now=timezone.now())
    make_hold(cast.student, owner)
    chain.seal(now=timezone.now())


def admin_apps() -> list[str]:
    return sorted({model._meta.app_label for model in admin.site._registry})


def with_absent(name: str, keys: dict[str, str]) -> dict[str, Values]:
    return {"absent": {name: ABSENT}} | {relation: {name: key} for relation, key in keys.items()}


def admin_objects(route_name: str) -> dict[str, Values]:
    """Of an admin page about one row: a row that exists (where the world has one), and none."""
    for model in apps.get_models():
        meta = model._meta
        here = f"{meta.app_label}/{meta.model_name}/" in route_name
        if here or route_name.startswith(f"admin:{meta.app_label}_{meta.model_name}_"):
            absent = ABSENT if meta.pk.get_internal_type() == "UUIDField" else "0"
            first = model._default_manager.order_by("pk").first()
            existing = {"existing": {"object_id": str(first.pk)}} if first is not None else {}
            return {"absent": {"object_id": absent}} | existing
    raise LookupError(route_name)


def sign_in(user: User | None) -> tuple[Client, SimpleCookie]:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client, SimpleCookie(client.cookies.output(header="", sep=";"))


def people_elsewhere() -> dict[str, User]:
    """An adult with a diary of their own, and a teacher whom Mia's guardian invited: not accepted yet."""
    adult = make_user("Adult Qzadult")
    make_student("Adult Qzadult", user=adult, age_band=AgeBand.ADULT)
    return {
        "adult": adult,
        "invited_teacher": make_user("Invited Qzinvited", email="invited.teacher@people.example"),
    }


def make_world() -> World:
    cast = make_cast()
    plain = make_user("Plain Staff Qzplainstaff", email="plain.staff@people.example", is_staff=True)
    users: dict[str, User | None] = {"anonymous": None, **vars(cast.people), "staff_without_factor": plain}
    users |= people_elsewhere()
    for name in ("staff", "superuser"):
        Authenticator.objects.create(
            user=users[name], type=Authenticator.Type.TOTP, data={"secret": "x" * 32}
        )
    objects = objects_of(cast)
    add_safeguarding(cast)
    for text in ("description", "struggles", "achievements", "notes"):
        cast.canaries.plant(
            f"{text} of the deleted entry", f"Qzdeleted{text}", lambda user, path: path.startswith("/staff/")
        )
    child, cookies, device = sign_in_child(cast)
    objects["device",]["zoe"] = {"device": device}
    cast.canaries.memo = {}
    clients = {name: sign_in(users[name]) for name in PERSONAS if name != "child"}
    return World(cast, clients | {"child": (child, cookies)}, objects)
