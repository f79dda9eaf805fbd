"""Who is around a student, as far as the person who asks may know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole, InvitationState
from apps.accounts.queries import Guest, current_guardians, guests_of
from apps.core.access import allowed, with_permission

from .models import Teaching
from .permissions import taught_ids


@dataclass(frozen=True, kw_only=True)
class CodeSheet:
    """``waiting`` are the codes that this teacher made, as cards; ``missing`` are pupils without any."""

    waiting: Sequence[Invitation]
    missing: Sequence[Student]


def code_sheet(teacher: User, *, now: datetime) -> CodeSheet:
    """Two queries, for one pupil or fifty. Whoever has a family already is that family's to invite."""
    codes = Invitation.objects.pending(now).by_code().filter(invited_by=teacher).select_related("student")
    waiting = list(allowed(codes, "manage", teacher).order_by("student__name", "student_id", "created_at"))
    mine = Student.objects.filter(pk__in=taught_ids(teacher))
    missing = allowed(mine, "invite_student", teacher).exclude(pk__in=[each.student_id for each in waiting])
    return CodeSheet(waiting=waiting, missing=list(missing.order_by("name", "pk")))


@dataclass(frozen=True, kw_only=True)
class People:
    """``invitations`` holds (invitation, state) of those that the viewer may manage."""

    student: Student
    guardians: Sequence[Guardianship]
    teachings: Sequence[Teaching]
    guests: Sequence[Guest]
    invitations: Sequence[tuple[Invitation, InvitationState]] = field(default_factory=list)

    @property
    def instruments(self) -> list[str]:
        """What the lessons are for, then what the student plays besides; each once."""
        taught = [teaching.instrument for teaching in self.teachings]
        own = getattr(getattr(self.student, "profile", None), "instruments", [])
        found: dict[str, str] = {}
        for each in [*taught, *own]:
            found.setdefault(each.casefold(), each)
        return list(found.values())

    @property
    def nobody_joined(self) -> bool:
        return self.student.user_id is None and not self.guardians


def people_of(student: Student, *, viewer: User, now: datetime) -> People:
    """Four queries, whoever asks. The door to the student is the caller's."""
    teachings = (
        Teaching.objects.current()
        .filter(student=student)
        .select_related("teacher")
        .order_by("started_at", "pk")
    )
    invitations = allowed(Invitation.objects.filter(student=student).unanswered(now), "manage", viewer)
    return People(
        student=student,
        guardians=list(current_guardians(student)),
        teachings=list(with_permission(teachings, viewer, may_end="end")),
        guests=guests_of(student, now),
        invitations=[(invitation, invitation.state(now)) for invitation in invitations],
    )


def pupils_to_come(teacher: User, *, now: datetime) -> list[tuple[Invitation, InvitationState]]:
    """Whom this teacher has invited with a diary of their own, and who has not accepted; newest first."""
    mine = Invitation.objects.filter(role=InvitationRole.PUPIL, invited_by=teacher).unanswered(now)
    return [(each, each.state(now)) for each in allowed(mine, "manage", teacher)]


def who_sees(people: People, *, viewer: User) -> list[str]:
    """Everybody who sees the diary, each once with what they are, the viewer as "you"."""
    pairs: dict[object, str] = {}
    if people.student.user_id is not None:
        pairs[people.student.user_id] = people.student.name
    for guardianship in people.guardians:
        name = guardianship.guardian.get_full_name()
        pairs.setdefault(guardianship.guardian_id, _("%(name)s (guardian)") % {"name": name})
    for teaching in people.teachings:
        name = teaching.teacher.get_full_name()
        pairs.setdefault(
            teaching.teacher_id,
            _("%(name)s (teacher, %(instrument)s)") % {"name": name, "instrument": teaching.instrument},
        )
    for guest in people.guests:
        pairs.setdefault(guest.user.pk, _("%(name)s (guest)") % {"name": guest.user.get_full_name()})
    others = [text for pk, text in pairs.items() if pk != viewer.pk]
    return [*([_("you")] if viewer.pk in pairs else []), *others]
