"""Questions about people that more than one page asks."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Now

from apps.core.access import allowed
from apps.core.days import calendar_day
from apps.core.models import AuditEvent

from .going import guardian_stays
from .models import (
    FamilyLock,
    Guardianship,
    Invitation,
    Objection,
    ReaderLink,
    Student,
    StudentGrant,
    User,
    UserSession,
)
from .models.grants import GrantLevel
from .models.links import LinkState
from .places import name_of, places
from .sessions import LENT_HASH

# On one page; all others are ended with one button.
MOST_SESSIONS = 50
MAILED = ("invitation.sent", "invitation.resent", "reader-link.made")
# How long the page of guests goes on showing a link that opens nothing any more.
LINK_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody who was let in until a date."""

    user: User
    level: GrantLevel
    # Of the student's zone, as the family chose it; it is included.
    last_day: date
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


def waiting_invitation(token_hash: str | None, now: datetime) -> Invitation | None:
    """The one whose link somebody opened before they signed in; None if it waits no more."""
    return Invitation.objects.pending(now).filter(token_hash=token_hash).first() if token_hash else None


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
                user=grant.user,
                level=level,
                last_day=calendar_day(grant.expires_at, student.time_zone),
                granted_by=grant.granted_by,
            )
    return list(guests.values())


def reader_links_of(student: Student, now: datetime) -> list[tuple[ReaderLink, LinkState]]:
    """The links to read along, newest first: what opens something, and what lately did."""
    lately = now - timedelta(days=LINK_DAYS)
    rows = ReaderLink.objects.filter(student=student).with_standing(now).select_related("made_by", "student")
    shown = rows.filter(Q(is_live=True) | Q(ended_at__gt=lately) | Q(ended_at=None, expires_at__gt=lately))
    return [(link, link.state(now)) for link in shown.order_by("-made_at", "pk")]


def reader_names() -> ArraySubquery:
    """A column of a student: what the family calls those who read along by a link."""
    links = ReaderLink.objects.live().filter(student=OuterRef("pk"))
    return ArraySubquery(links.order_by("made_at", "pk").values("name"))


def objectionable(now: datetime | Now) -> Q:
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
    links = ReaderLink.objects.filter(email=email.lower()).values("pk")
    to_address = Invitation.objects.filter(email=email.lower()).values("pk").union(links, all=True)
    return AuditEvent.objects.filter(at__gt=since, action__in=MAILED, target_id__in=to_address).count()


def addresses_of(person: UUID) -> list[str]:
    """Every address that leads to this account, confirmed or not, in small letters."""
    addresses = EmailAddress.objects.filter(user_id=person).values_list("email", flat=True)
    accounts = User.objects.filter(pk=person).values_list("email", flat=True)
    return sorted({email.lower() for email in (*addresses, *accounts)})


def faces_for(user: User, people: Iterable[User | None]) -> set[UUID]:
    """Whose photos this reader may see, of those who have one; asked only if somebody has."""
    with_one = {person.pk for person in people if person is not None and person.avatar_small}
    if not with_one:
        return set()
    return set(allowed(User.objects.filter(pk__in=with_one), "see_face", user).values_list("pk", flat=True))


def faces_of(user: User, keys: Collection[UUID]) -> dict[UUID, User]:
    """Those of these people whose photo this reader may see. One query."""
    shown = User.objects.filter(pk__in=keys).exclude(avatar_small="")
    return {person.pk: person for person in allowed(shown, "see_face", user)}


def own_sessions(user: User, now: datetime) -> list[UserSession]:
    """Where this person is signed in, the last seen first, and what they handed over (``is_lent``); without
    what an older password signed in."""
    rows = (
        UserSession.objects.filter(user=user, session__expire_date__gt=now)
        .select_related("session")
        .order_by("-seen_at", "pk")[:MOST_SESSIONS]
    )
    proof, found = user.get_session_auth_hash(), []
    for row in rows:
        known = row.session.get_decoded()
        vars(row)["is_lent"] = LENT_HASH in known
        if known.get(LENT_HASH, known.get(HASH_SESSION_KEY)) == proof:
            found.append(row)
    return found


@dataclass(frozen=True, slots=True)
class Connection:
    """A place to sign in with, as one person finds it: since when it is connected, when it last signed in.

    ``used`` is None as long as it never did.
    """

    place: str
    name: str
    is_offered: bool
    since: datetime | None
    used: datetime | None
    may_end: bool


def own_connections(user: User) -> list[Connection]:
    """Every place that is offered, then what this person has at a place that is not any more."""
    found = SocialAccount.objects.filter(user=user).order_by("pk")
    rows = {row.provider: row for row in found.defer("extra_data")}
    offered = places()
    return [
        Connection(
            place=place,
            name=name_of(place),
            is_offered=place in offered,
            since=rows[place].date_joined if place in rows else None,
            used=_last_use(rows[place]) if place in rows else None,
            may_end=place in rows and (place not in offered or has_way_in_without(user, place, rows)),
        )
        for place in dict.fromkeys([*offered, *rows])
    ]


def _last_use(row: SocialAccount) -> datetime | None:
    """allauth stamps a new row with both, this one first; later ones are ours (``services.note_sign_in``)."""
    used: datetime = row.last_login
    return used if used > row.date_joined else None


def connected_people(users: QuerySet[User]) -> dict[User, list[str]]:
    """Those of them who have connected an account elsewhere, with the names of the places. One query."""
    rows = SocialAccount.objects.filter(user__in=users).select_related("user").defer("extra_data")
    found: dict[User, list[str]] = {}
    for row in rows.order_by("user__email", "pk"):
        found.setdefault(row.user, []).append(name_of(row.provider))
    return found


def has_way_in_without(user: User, place: str, connected: Iterable[str]) -> bool:
    """A password, an account at another of the places that are offered, or a passkey that needs neither."""
    offered = places()
    return (
        user.has_usable_password()
        or any(other in offered for other in connected if other != place)
        or has_passkey(user)
    )


def has_passkey(user: User) -> bool:
    """A key that was added as a second step only signs nobody in by itself."""
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return any(key.wrap().is_passwordless for key in keys)


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
