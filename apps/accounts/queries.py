"""Questions about people that more than one page asks."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from apps.core.models import AuditEvent

from .going import guardian_stays
from .models import FamilyLock, Guardianship, Invitation, Objection, Student, StudentGrant, User
from .models.grants import GrantLevel

MAILED = ("invitation.sent", "invitation.resent")


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody who was let in until a date."""

    user: User
    level: GrantLevel
    until: datetime
    granted_by: User | None


def has_confirmed(user: User, email: str) -> bool:
    """Whether the address is one of the account's, and the mail to it was answered."""
    addresses = EmailAddress.objects.filter(user_id=user.pk, email__iexact=email, verified=True)
    return bool(addresses.exists())


def may_answer(user: User, invitation: Invitation) -> bool:
    """Whether this account is the one to accept: of the invited address, or any that holds the code."""
    if invitation.is_by_code:
        return invitation.invited_by_id != user.pk
    return has_confirmed(user, invitation.email)


def confirmed_addresses(user: User) -> list[str]:
    addresses = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return [email.lower() for email in addresses.values_list("email", flat=True)]


def pending_invitations_for(user: User, now: datetime) -> QuerySet[Invitation]:
    """What waits for this person's answer: by address, so it is found without the mail too; by code,
    what they had opened, so it is found on another device.

    ``invitation.token`` gives the address of the page that asks.
    """
    return (
        Invitation.objects.pending(now)
        .filter(Q(email__in=confirmed_addresses(user)) | Q(email="", opened_by=user))
        .select_related("student", "invited_by")
        .order_by("created_at")
    )


def guests_of(student: Student, now: datetime) -> list[Guest]:
    """Whom the family let in, each once with the highest level that they have; soonest end first."""
    grants = (
        StudentGrant.objects.live(now)
        .filter(content_object=student)
        .select_related("user", "permission", "granted_by")
        .order_by("expires_at", "user__display_name", "user_id")
    )
    levels = {level.codenames[-1]: level for level in GrantLevel}
    rank = {level: len(level.codenames) for level in GrantLevel}
    guests: dict[object, Guest] = {}
    for grant in grants:
        level = levels[grant.permission.codename]
        known = guests.get(grant.user_id)
        if known is None or rank[known.level] < rank[level]:
            guests[grant.user_id] = Guest(
                user=grant.user, level=level, until=grant.expires_at, granted_by=grant.granted_by
            )
    return list(guests.values())


def objectionable(now: datetime) -> Q:
    """Guardianships that are young enough, and about which the staff have not been asked before."""
    since = now - timedelta(days=settings.OBJECTION_DAYS)
    asked = Objection.objects.values("guardianship_id")
    return Q(ended_at__isnull=True, suspended_at__isnull=True, started_at__gt=since) & ~Q(pk__in=asked)


def is_locked(student: Student) -> bool:
    """Whether the staff hold the family still."""
    return FamilyLock.objects.in_force().filter(student=student).exists()


def other_guardians(guardianship: Guardianship) -> QuerySet[Guardianship]:
    """Who else answers for the same student now, and stays: the student could be left with them."""
    rows = Guardianship.objects.current().filter(guardian_stays(), student=guardianship.student_id)
    return rows.exclude(pk=guardianship.pk)


def former_guardians(student: Student) -> QuerySet[User]:
    """Whose guardianship ended when the student came of age; whoever was suspended then is none of them."""
    rows = Guardianship.objects.filter(
        student=student, ended_at__isnull=False, ended_at=student.came_of_age_at, suspended_at__isnull=True
    )
    return User.objects.filter(pk__in=rows.values("guardian_id"), is_active=True).order_by(
        "display_name", "pk"
    )


def unended_guardians(student: Student) -> QuerySet[Guardianship]:
    """With those whom somebody objected to."""
    return (
        Guardianship.objects.unended()
        .filter(student=student)
        .select_related("guardian")
        .order_by("started_at", "pk")
    )


def is_guardian_address(student: Student, email: str) -> bool:
    guardians = Guardianship.objects.current().filter(student=student).values("guardian_id")
    addresses = EmailAddress.objects.filter(email__iexact=email, verified=True, user__in=guardians)
    return bool(addresses.exists())


def mails_sent_by(user: User, *, since: datetime) -> int:
    """How many invitation mails this person caused."""
    return AuditEvent.objects.filter(at__gt=since, action__in=MAILED, actor_id=user.pk).count()


def mails_sent_to(email: str, *, since: datetime) -> int:
    """How many invitation mails went to this address, from anybody."""
    to_address = Invitation.objects.filter(email=email.lower()).values("pk")
    return AuditEvent.objects.filter(at__gt=since, action__in=MAILED, target_id__in=to_address).count()


def addresses_of(person: UUID) -> list[str]:
    """Every address that leads to this account, confirmed or not, in small letters."""
    addresses = EmailAddress.objects.filter(user_id=person).values_list("email", flat=True)
    accounts = User.objects.filter(pk=person).values_list("email", flat=True)
    return sorted({email.lower() for email in (*addresses, *accounts)})


def sessions_of(person: UUID) -> list[str]:
    """The keys of the sessions that know this account: signed in with it, or on the way to it.

    What a session holds is packed, so each one is opened; they end after two weeks, so they are few.
    """
    words = "|".join(re.escape(word) for word in (str(person), *addresses_of(person)))
    # Whole ones: the end of a longer address is somebody else's.
    whole = re.compile(rf"(?<![\w.+%-])(?:{words})(?![\w-]|\.\w)")
    return [
        session.pk
        for session in Session.objects.iterator(chunk_size=500)
        if whole.search(str(session.get_decoded()).lower())
    ]
