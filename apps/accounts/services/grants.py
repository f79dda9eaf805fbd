"""Letting somebody in until a date."""

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction

from apps.accounts.models import Student, StudentGrant, User
from apps.accounts.models.grants import GrantLevel
from apps.core import audit


@transaction.atomic
def grant_student(
    *, student: Student, to: User, level: GrantLevel, until: datetime, by: User | None, now: datetime
) -> None:
    """Let ``to`` look, comment or log until a date; replaces what they had before."""
    StudentGrant.objects.filter(content_object=student, user=to).delete()
    permissions = Permission.objects.filter(
        content_type__app_label="accounts", content_type__model="student", codename__in=level.codenames
    )
    StudentGrant.objects.bulk_create(
        StudentGrant(
            content_object=student,
            user=to,
            permission=permission,
            granted_by=by,
            granted_at=now,
            expires_at=until,
        )
        for permission in permissions
    )
    audit.record(
        action="grant.given",
        actor=by,
        target=student,
        now=now,
        student_id=student.pk,
        to=str(to.pk),
        level=level,
    )


@transaction.atomic
def revoke_grant(*, student: Student, user: User, by: User | None, now: datetime) -> None:
    """Take away all that ``user`` was granted on this student, at this commit. Twice changes nothing."""
    deleted, _ = StudentGrant.objects.filter(content_object=student, user=user).delete()
    if not deleted:
        return
    audit.record(
        action="grant.revoked", actor=by, target=student, now=now, student_id=student.pk, to=str(user.pk)
    )
