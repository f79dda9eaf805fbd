from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.safeguarding import services
from apps.safeguarding.items import Item
from apps.safeguarding.models import Impersonation, LegalHold, ReadingCase, Report
from config.staff_groups import write_staff_groups

REASON = "The mother asked why an entry is missing."


def make_member(user: User, *groups: str) -> User:
    """One of the staff, with a second factor, in these groups."""
    write_staff_groups()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x" * 32}}
    )
    return User.objects.get(pk=user.pk)


def make_case(staff: User, student: Student, **fields: Any) -> ReadingCase:
    fields.setdefault("now", timezone.now())
    fields.setdefault("category", "asked")
    return services.open_case(student=student, reason=REASON, by=staff, **fields)


def make_look(staff: User, person: User, **fields: Any) -> Impersonation:
    fields.setdefault("now", timezone.now())
    return services.start_look(person=person, reason="They asked for help.", by=staff, **fields)


def make_report(student: Student, by: User, **fields: Any) -> Report:
    """A report about a comment that ``author`` wrote."""
    author = fields.pop("author", None)
    item = Item(
        kind=fields.pop("kind", "comment"),
        pk=fields.pop("item", None) or uuid4(),
        student_id=student.pk,
        author_id=author.pk if author else None,
        text=fields.pop("text", "Meet me behind the school"),
        title="What somebody wrote",
        back_url="/",
    )
    fields.setdefault("now", timezone.now())
    fields.setdefault("category", "contact")
    fields.setdefault("words", "")
    return services.report_item(item=item, by=by, **fields)


def make_hold(student: Student | None, by: User, person: User | None = None) -> LegalHold:
    return services.place_hold(
        student=student, person=person, reason="The police asked for it.", by=by, now=timezone.now()
    )
