"""Whose data core's tables hold, and those of Django that belong to nobody."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from .models import AuditEvent, AuditSeal
from .ownership import Subject, declare, kept_with

declare(
    AuditEvent,
    kept_with(
        Subject.PERSON,
        "actor",
        because="Who did what to access is proved by ids alone, and for ever: the account's row behind the"
        " id is emptied.",
        is_exported=True,
    ),
    kept_with(
        Subject.STUDENT,
        "student_id",
        because="Who reached a child's data is proved by ids alone, and for ever; the diary behind the id is"
        " gone.",
    ),
    exported="id at actor action target_type target_id",
    withheld={
        "Names other people by their ids.": "student_id details",
        "Shows whether the row was tampered with.": "digest",
    },
)
declare(AuditSeal, nobodys="Hashes of audit rows.")
for _shared, _why in (
    (ContentType, "Names of tables."),
    (Permission, "Names of permissions."),
    (Group, "Names of the staff's groups."),
    (Group.permissions.through, "What each of the staff's groups may do."),
):
    declare(_shared, nobodys=_why)
