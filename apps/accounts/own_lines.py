"""The lines of the settings page: what there is to set, how it stands, and where. Upper apps add theirs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import queries
from .models import Student, User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Section(StrEnum):
    MUSIC = "music"
    SIGNING_IN = "signing_in"
    CHILDREN = "children"


@dataclass(frozen=True, slots=True)
class Line:
    """A link, and in a few words how it stands there."""

    title: "str | _StrPromise"
    url: str
    state: str


Source = Callable[[User, datetime], Iterable[Line]]
_sources: dict[Section, list[Source]] = {section: [] for section in Section}


def lines(section: Section) -> Callable[[Source], Source]:
    """Register a function for lines of a section, in the order of the apps."""

    def register(source: Source) -> Source:
        _sources[section].append(source)
        return source

    return register


def own_lines(user: User, now: datetime) -> dict[str, list[Line]]:
    """Each source asks once."""
    return {str(section): lines_of(section, user, now) for section in Section}


def lines_of(section: Section, user: User, now: datetime) -> list[Line]:
    return [line for source in _sources[section] for line in source(user, now)]


@lines(Section.MUSIC)
def own_diary(user: User, now: datetime) -> Iterable[Line]:
    """Of a student who signs in: what they play and how well, as far as they said."""
    for student in Student.objects.own(user).select_related("profile"):
        profile = getattr(student, "profile", None)
        said = [*profile.instruments, profile.get_level_display() if profile.level else ""] if profile else []
        words = ", ".join(filter(None, said)) or _("nothing said yet")
        yield Line(_("Instruments and level"), reverse("accounts:student-edit", args=[student.pk]), words)


@lines(Section.SIGNING_IN)
def addresses(user: User, now: datetime) -> Iterable[Line]:
    found = list(EmailAddress.objects.filter(user_id=user.pk).values_list("verified", flat=True))
    more = len(found) - 1
    words = user.email
    if more > 0:
        words += " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    if not all(found):
        words += " · " + _("not all confirmed")
    yield Line(_("E-mail addresses"), reverse("account_email"), words)


@lines(Section.SIGNING_IN)
def password(user: User, now: datetime) -> Iterable[Line]:
    words = _("set") if user.has_usable_password() else _("not set")
    yield Line(_("Password"), reverse("account_change_password"), words)


@lines(Section.SIGNING_IN)
def second_step(user: User, now: datetime) -> Iterable[Line]:
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    passkeys = kinds.count(Authenticator.Type.WEBAUTHN)
    said = [_("an app")] if Authenticator.Type.TOTP in kinds else []
    if passkeys:
        said.append(ngettext("%(count)d passkey", "%(count)d passkeys", passkeys) % {"count": passkeys})
    if said and Authenticator.Type.RECOVERY_CODES not in kinds:
        said.append(_("no recovery codes"))
    yield Line(_("Two-step sign-in and passkeys"), reverse("mfa_index"), ", ".join(said) or _("off"))


@lines(Section.SIGNING_IN)
def connections(user: User, now: datetime) -> Iterable[Line]:
    """Where an installation names a place to sign in with, or somebody still has an account of one."""
    if found := queries.own_connections(user):
        names = ", ".join(row.name for row in found if row.since)
        yield Line(_("Connected accounts"), reverse("accounts:connection-list"), names or _("none"))


@lines(Section.SIGNING_IN)
def sessions(user: User, now: datetime) -> Iterable[Line]:
    count = len(queries.own_sessions(user, now))
    words = ngettext("%(count)d browser", "%(count)d browsers", count) % {"count": count}
    yield Line(_("Where you are signed in"), reverse("accounts:session-list"), words)
