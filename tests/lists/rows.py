"""Builders of many rows of one kind, each with a text "Row 7" that the page shows."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from apps.accounts.models import CodeAttempt, Student
from apps.accounts.models.grants import GrantLevel
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import grant_student, make_codes
from apps.children.models import SecretAttempt
from apps.consent.models import Confirmation, Purpose
from apps.core import audit
from apps.notifications.models import Delivery
from apps.practice import services
from apps.practice.content import EntryContent, Line
from apps.practice.models import FocusArea
from apps.practice.models.comments import AuthorRole
from apps.privacy.models import Erasure, Export
from tests.conftest import Cast
from tests.factories.accounts import (
    make_guardianship,
    make_invitation,
    make_student,
    make_user,
)
from tests.factories.children import make_child_login, trust
from tests.factories.consent import make_consent
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

# The numbers are those of rows to add to the ones before.
Fill = Callable[[Cast, range], None]


def entries(cast: Cast, numbers: range) -> None:
    """Entries of the family's hands, each with all that a card shows."""
    areas = list(FocusArea.objects.all()[:3])
    writers = [cast.user(name) for name in ("student", "guardian", "second_guardian")]
    for number in numbers:
        entry = make_entry(
            cast.student,
            writers[number % 3],
            description="Slowly, both hands",
            lines=[Line(f"Row {number}"), Line("Scale", kind="exercise")],
            focus_areas=areas,
            preparing_for_exam=True,
            minutes=3,
        )
        for role, who in [(AuthorRole.GUARDIAN, "guardian"), (AuthorRole.TEACHER, "teacher")]:
            services.add_comment(
                key=uuid4(), entry=entry, by=cast.user(who), role=role, body="Bravo", now=timezone.now()
            )


def consents(cast: Cast, numbers: range) -> None:
    """Said by many, each with the link of its mail."""
    for number in numbers:
        by = make_user(f"Row {number}")
        event = make_consent(cast.student, by, Purpose.INSIGHTS, given=number % 2 == 0)
        Confirmation.objects.create(
            event=event, token_hash=f"Row {number}", expires_at=timezone.now() + timedelta(days=30)
        )


def days(cast: Cast, numbers: range) -> None:
    """Entries of a day each, so that each has its own summary."""
    today = cast.student.today(timezone.now())
    for number in numbers:
        make_entry(
            cast.student, cast.user("guardian"), practised_on=today - timedelta(days=number), minutes=3
        )


def comments(cast: Cast, numbers: range) -> None:
    """Comments in every thread under one entry, by many writers."""
    writers = [cast.user(name) for name in ("student", "guardian", "second_guardian")]
    for number in numbers:
        for thread in (None, cast.teaching, cast.second_teaching):
            services.add_comment(
                key=uuid4(),
                entry=cast.entry,
                by=writers[number % 3],
                role=AuthorRole.GUARDIAN,
                body=f"Row {number}",
                thread=thread,
                now=timezone.now(),
            )


def said(cast: Cast, numbers: range) -> None:
    """Comments of a teacher, each under an entry of its own."""
    for number in numbers:
        services.add_comment(
            key=uuid4(),
            entry=make_entry(cast.student, cast.user("guardian"), minutes=3),
            by=cast.user("teacher"),
            role=AuthorRole.TEACHER,
            body=f"Row {number}",
            now=timezone.now(),
        )


def versions(cast: Cast, numbers: range) -> None:
    """Changes of one entry."""
    for number in numbers:
        services.change_entry(
            entry=cast.entry,
            by=cast.user("guardian"),
            content=EntryContent(
                practised_on=cast.entry.practised_on,
                minutes=20 + number,
                description=f"Row {number}",
                lines=[Line(f"Etude {number}")],
            ),
            now=timezone.now(),
        )


def lines(cast: Cast, numbers: range) -> None:
    """Lines of one entry, up to the most that a form takes."""
    services.change_entry(
        entry=cast.entry,
        by=cast.user("guardian"),
        content=EntryContent(
            practised_on=cast.entry.practised_on,
            minutes=60,
            lines=[Line(f"Row {number}", tempo=96, repetitions=3) for number in range(min(numbers.stop, 30))],
        ),
        now=timezone.now(),
    )


def teachers(cast: Cast, numbers: range) -> None:
    """Teachers of Mia."""
    for number in numbers:
        make_teaching(make_user(f"Row {number}"), cast.student, "Organ")


def guardians(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_guardianship(cast.student, make_user(f"Row {number}"))


def guests(cast: Cast, numbers: range) -> None:
    now = timezone.now()
    for number in numbers:
        grant_student(
            student=cast.student,
            to=make_user(f"Row {number}"),
            level=GrantLevel.LOG,
            until=now + timedelta(days=1),
            by=make_user(f"Host {number}"),
            now=now,
        )


def invitations(role: InvitationRole) -> Fill:
    """Invitations to Mia, each from somebody else."""

    def fill(cast: Cast, numbers: range) -> None:
        for number in numbers:
            by = make_user(f"Host {number}")
            make_invitation(cast.student, by, f"row.{number}@people.example", role)

    return fill


def people(cast: Cast, numbers: range) -> None:
    """Everybody who may stand by a student, each so many times."""
    guardians(cast, numbers)
    for number in numbers:
        make_teaching(make_user(f"Teacher {number}"), cast.student, "Organ")
        grant_student(
            student=cast.student,
            to=make_user(f"Guest {number}"),
            level=GrantLevel.LOG,
            until=timezone.now() + timedelta(days=1),
            by=cast.user("guardian"),
            now=timezone.now(),
        )
    for role in (InvitationRole.GUARDIAN, InvitationRole.GRANTEE):
        invitations_of_guardian(cast, numbers, role)


def invitations_of_guardian(cast: Cast, numbers: range, role: InvitationRole) -> None:
    for number in numbers:
        make_invitation(cast.student, cast.user("guardian"), f"{role}.{number}@people.example", role)


def pupils(cast: Cast, numbers: range) -> None:
    """Students of the teacher, each with a family that logs, and something new."""
    for number in numbers:
        family, student = make_user(f"Family {number}"), make_student(f"Row {number}")
        make_guardianship(student, family)
        make_teaching(cast.user("teacher"), student)
        make_teaching(cast.user("teacher"), student, "Voice")
        make_entry(student, family)


def newcomers(cast: Cast, numbers: range) -> None:
    """Students of the teacher whose families are still to come."""
    for number in numbers:
        make_teaching(cast.user("teacher"), make_student(f"Row {number}"))


def codes(cast: Cast, numbers: range) -> None:
    """The same, each with a code."""
    newcomers(cast, numbers)
    students = [Student.objects.get(name=f"Row {number}") for number in numbers]
    make_codes(students=students, role=InvitationRole.GUARDIAN, by=cast.user("teacher"), now=timezone.now())


def pupils_to_come(cast: Cast, numbers: range) -> None:
    """Whom the teacher has asked, and who has not answered."""
    for number in numbers:
        address = f"row.{number}.row@people.example"
        make_invitation(None, cast.user("teacher"), address, InvitationRole.PUPIL, instrument=f"Row {number}")


def own_children(cast: Cast, numbers: range) -> None:
    """Children of the stranger."""
    for number in numbers:
        make_guardianship(make_student(f"Row {number}"), cast.user("stranger"))


def attempts(cast: Cast, numbers: range) -> None:
    CodeAttempt.objects.bulk_create(CodeAttempt(at=timezone.now(), source=f"row {n}") for n in numbers)


def child_of(cast: Cast) -> Student:
    """A child of the guardian with a sign-in; made once."""
    found = Student.objects.filter(name="Zoe").first()
    if found is None:
        found = make_student("Zoe")
        make_guardianship(found, cast.user("guardian"))
        make_child_login(found, cast.user("guardian"))
    return found


def devices(cast: Cast, numbers: range) -> None:
    for number in numbers:
        trust(Client(), child_of(cast), cast.user("guardian"), f"Row {number}")


def wrong_secrets(cast: Cast, numbers: range) -> None:
    for number in numbers:
        device = trust(Client(), child_of(cast), cast.user("guardian"), f"Row {number}")
        SecretAttempt.objects.create(device=device, at=timezone.now())


def sign_ins(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_child_login(make_student(f"Row {number}"), cast.user("guardian"))


def children(cast: Cast, numbers: range) -> None:
    """Children of the guardian, each praised, and spoken to by a teacher of their own."""
    for number in numbers:
        child, teacher = make_student(f"Row {number}"), make_user(f"Teacher {number}")
        make_guardianship(child, cast.user("guardian"))
        thread = make_teaching(teacher, child)
        services.add_comment(
            key=uuid4(),
            entry=make_entry(child, cast.user("guardian"), achievements="Both hands!"),
            by=teacher,
            role=AuthorRole.TEACHER,
            body="Bravo",
            thread=thread,
            now=timezone.now(),
        )


def offers(cast: Cast, numbers: range) -> None:
    """What waits for a stranger: invitations by different people to different students."""
    for number in numbers:
        student = make_student(f"Row {number}")
        make_invitation(student, make_user(f"Host {number}"), cast.user("stranger").email)


def visits(cast: Cast, numbers: range) -> None:
    """Diaries that a stranger was let into."""
    for number in numbers:
        grant_student(
            student=make_student(f"Row {number}"),
            to=cast.user("stranger"),
            level=GrantLevel.VIEW,
            until=timezone.now() + timedelta(days=1),
            by=cast.user("guardian"),
            now=timezone.now(),
        )


def addresses(cast: Cast, numbers: range) -> None:
    user = cast.user("stranger")
    for number in numbers:
        EmailAddress.objects.create(user=user, email=f"row.{number}@people.example", verified=number % 2)


def passkeys(cast: Cast, numbers: range) -> None:
    for number in numbers:
        Authenticator.objects.create(
            user=cast.user("stranger"),
            type=Authenticator.Type.WEBAUTHN,
            data={"name": f"Row {number}", "credential": {}},
        )


def accounts(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_user(f"Row {number}")


def students(cast: Cast, numbers: range) -> None:
    for number in numbers:
        by = make_user(f"Teacher {number}")
        make_student(f"Row {number}", user=make_user(f"Pupil {number}"), created_by=by)


def groups(cast: Cast, numbers: range) -> None:
    Group.objects.bulk_create(Group(name=f"Row {number}") for number in numbers)


def audits(cast: Cast, numbers: range) -> None:
    for number in numbers:
        by = make_user(f"Actor {number}")
        audit.record(action="test.row", actor=by, target=cast.student, now=timezone.now())


def deliveries(cast: Cast, numbers: range) -> None:
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            key=f"row:{number}",
            kind="accounts.message",
            recipient=make_user(f"Reader {number}"),
            email=f"row.{number}@people.example",
            language="en",
            created_at=now,
            due_at=now,
            expires_at=now + timedelta(days=1),
        )
        for number in numbers
    )


def focus_areas(cast: Cast, numbers: range) -> None:
    FocusArea.objects.bulk_create(FocusArea(slug=f"row-{number}", position=number) for number in numbers)


def staff_deeds(cast: Cast, numbers: range) -> None:
    """What staff did in the admin lately."""
    for number in numbers:
        LogEntry.objects.log_actions(
            user_id=cast.user("superuser").pk,
            queryset=[make_user(f"Row {number}")],
            action_flag=CHANGE,
            change_message="",
            single_object=True,
        )


def copies(cast: Cast, numbers: range) -> None:
    make_copies(cast, numbers, None)


def make_copies(cast: Cast, numbers: range, student: Student | None) -> None:
    """Copies of the guardian's account, or of a diary, ready to be fetched."""
    now = timezone.now()
    for number in numbers:
        Export.objects.create(
            requested_by=cast.user("guardian"),
            student=student,
            language="en",
            state="ready",
            requested_at=now + timedelta(seconds=number),
            due_at=now,
            ready_at=now,
            expires_at=now + timedelta(days=1),
            size=number + 1,
        )


def erasures(cast: Cast, numbers: range) -> None:
    now = timezone.now()
    for _number in numbers:
        Erasure.objects.create(
            subject="student", subject_id=uuid4(), asked_at=now, due_at=now + timedelta(days=30)
        )
