"""Builds the demo studio: accounts, pupils, lessons, diaries, an invitation and a guest."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from apps.accounts.models import Guardianship, Invitation, Student, StudentProfile, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import create_student, grant_student
from apps.consent.models import ConsentEvent, Method, Purpose
from apps.consent.services import mend
from apps.consent.texts import text_of
from apps.core.tokens import hash_token
from apps.notifications.services import told
from apps.practice.models import FocusArea, NewMark, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.services import mark_seen
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import end_teaching, start_teaching

from .asking import ask, publish
from .diary import Chronicler
from .evidence import show
from .giving import assign, dare
from .meeting import meet
from .people import ACCOUNTS, PUPILS, Lesson, Pupil
from .playing import play_together, put_on_the_stand
from .repertoire import write_down
from .things import set_out

PASSWORD = "woodshed-demo"  # noqa: S105  (everybody knows it: the command refuses to run in production)
STAFF_GROUPS = ("support", "safeguarding")
SEED = 1897
# The studio is older than its diary, so that nobody looks brand new.
LESSONS_BEGAN = timedelta(weeks=20)
# The teachers are up to date but for the entries of the last days, the families but for their news.
UNSEEN_DAYS = 1


@dataclass(frozen=True)
class Built:
    """Everybody by their key in ``people``."""

    users: dict[str, User]
    students: dict[str, Student]


def is_built() -> bool:
    return User.objects.filter(email=ACCOUNTS[0].email).exists()


@transaction.atomic
def build(*, now: datetime) -> Built:
    """The whole studio or nothing of it."""
    users = _accounts(now)
    built = Built(users, {})
    _make_staff(users["staff"])
    random, areas = Random(SEED), list(FocusArea.objects.shipped().order_by("position"))  # noqa: S311  (no secret)
    for pupil in PUPILS:
        student, teachings = _pupil(pupil, users, now=now)
        built.students[pupil.key] = student
        if pupil.days_per_week:
            family = _loggers(pupil, users)[-1][0]
            write_down(pupil, student=student, teaching=teachings[0], family=family, now=now)
            entries = Chronicler(
                pupil=pupil,
                student=student,
                teachings=teachings,
                loggers=_loggers(pupil, users),
                areas=areas,
                now=now,
                random=random,
            ).write()
            show(pupil, entries, by=family, now=now)
            _read(teachings, entries, now=now)
            set_out(pupil, student=student, teaching=teachings[0], family=family, now=now)
        _end_lessons(pupil, teachings, now=now)
    everybody = list(Teaching.objects.select_related("student", "teacher").order_by("started_at", "pk"))
    meet(everybody, now=now)
    assign(everybody, now=now)
    dare(users["teacher"], users["guardian"], now=now)
    play_together(built.students, users, now=now)
    put_on_the_stand(built.students["mia"], by=users["teacher"], now=now)
    _invite(built.students["noor"], users["teacher"], now=now)
    publish(users["teacher2"], staff=users["staff"], now=now)
    ask(users["teacher2"], student=built.students["mia"], by=users["guardian"], now=now)
    grant_student(
        student=built.students["mia"],
        to=users["grandmother"],
        level=GrantLevel.VIEW,
        until=now + timedelta(days=60),
        by=users["guardian"],
        now=now,
    )
    for user in users.values():
        told.read_all(by=user, until=now - timedelta(days=UNSEEN_DAYS), now=now)
    return built


def _accounts(now: datetime) -> dict[str, User]:
    password = make_password(PASSWORD)  # once: a slow hash for each would be most of the work
    users = {
        account.key: User(
            email=account.email,
            display_name=account.name,
            language=account.language,
            time_zone=account.zone,
            week_starts_on=account.week_starts_on,
            password=password if account.has_demo_login else make_password(None),
            date_joined=now - LESSONS_BEGAN,
        )
        for account in ACCOUNTS
    }
    User.objects.bulk_create(users.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users.values()
    )
    return users


def _make_staff(user: User) -> None:
    """Staff by groups, never superuser, with the second factor that the admin asks for."""
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in STAFF_GROUPS])
    TOTP.activate(user, generate_totp_secret())


def totp_secret(user: User) -> str:
    """The secret of the second factor, in the clear, as an authenticator app wants it."""
    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return str(decrypt(factor.data["secret"]))


def _pupil(pupil: Pupil, users: dict[str, User], *, now: datetime) -> tuple[Student, list[Teaching]]:
    began = now - (LESSONS_BEGAN if pupil.weeks > 1 else timedelta(days=3))
    by = users[pupil.lessons[0].teacher]
    student = create_student(name=pupil.name, by=by, time_zone=pupil.zone, now=began)
    student.age_band = pupil.age_band
    student.user = users.get(pupil.login)
    student.save(update_fields=["age_band", "user"])
    if pupil.goal:
        StudentProfile.objects.create(
            student=student, instruments=list(pupil.also_plays), level=pupil.level, goal=pupil.goal
        )
    Guardianship.objects.bulk_create(
        Guardianship(student=student, guardian=users[key], started_at=began) for key in pupil.guardians
    )
    _agree(pupil, student, users, now=began)
    return student, [_lesson(lesson, student, users, began) for lesson in pupil.lessons]


def _agree(pupil: Pupil, student: Student, users: dict[str, User], *, now: datetime) -> None:
    """The first guardian, or an adult for themselves, agreed that the diary is kept; no mail leaves today."""
    deciders = list(pupil.guardians) or ([pupil.login] if pupil.login else [])
    for key in deciders[:1]:
        ConsentEvent.objects.create(
            student_id=student.pk,
            purpose=Purpose.CORE,
            given=True,
            text_version=text_of(Purpose.CORE).version,
            language=users[key].language,
            method=Method.INVITATION if pupil.guardians else Method.SELF,
            by=users[key],
            at=now,
        )
        mend(student=student)


def _lesson(lesson: Lesson, student: Student, users: dict[str, User], began: datetime) -> Teaching:
    teacher = users[lesson.teacher]
    return start_teaching(
        student=student, teacher=teacher, instrument=lesson.instrument, by=teacher, now=began
    )


def _loggers(pupil: Pupil, users: dict[str, User]) -> list[tuple[User, AuthorRole]]:
    """Whoever has a login logs; a guardian of a person with a login does it now and then."""
    own = [(users[pupil.login], AuthorRole.STUDENT)] if pupil.login else []
    return own * 4 + [(users[key], AuthorRole.GUARDIAN) for key in pupil.guardians]


def _read(teachings: list[Teaching], entries: list[PracticeEntry], *, now: datetime) -> None:
    """The teachers have opened everything but the newest entries."""
    newest = now - timedelta(days=UNSEEN_DAYS)
    seen = [entry.pk for entry in entries if entry.created_at < newest]
    marks = list(NewMark.objects.filter(entry__in=seen).values_list("pk", flat=True))
    for teacher in {teaching.teacher for teaching in teachings}:
        mark_seen(teacher=teacher, mark_ids=marks)


def _end_lessons(pupil: Pupil, teachings: list[Teaching], *, now: datetime) -> None:
    for lesson, teaching in zip(pupil.lessons, teachings, strict=True):
        if lesson.ended_days_ago is not None:
            ended = now - timedelta(days=lesson.ended_days_ago)
            end_teaching(teaching=teaching, by=teaching.teacher, now=ended)


def _invite(student: Student, teacher: User, *, now: datetime) -> None:
    """Sent the day before yesterday, and no mail leaves today: the roster shows that it waits."""
    sent = now - timedelta(days=2)
    invitation = Invitation(
        role=InvitationRole.GUARDIAN,
        student=student,
        email="haddad@families.example",
        invited_by=teacher,
        nonce=secrets.token_hex(32),
        created_at=sent,
        sent_at=sent,
        expires_at=sent + timedelta(days=14),
    )
    invitation.token_hash = hash_token(invitation.token)
    invitation.save()
