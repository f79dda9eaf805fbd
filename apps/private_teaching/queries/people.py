"""Who is around a student, as far as the person who asks may know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from apps.accounts.models import FamilyLock, Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole, InvitationState, unanswered_since
from apps.accounts.models.students import family_ids
from apps.accounts.prepared import ForReader
from apps.accounts.queries import Guest, former_guardians, guests_of, reader_names, unended_guardians
from apps.core.access import allowed, with_permission
from apps.private_teaching.models import Teaching, is_running
from apps.private_teaching.permissions import taught_ids


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


def accounts_of(student: Student) -> QuerySet[User]:
    """The guardians of now and the student's own login, as far as these are open: whoever gets mail."""
    guardians = Guardianship.objects.current().filter(student=student).values("guardian_id")
    return User.objects.filter(Q(pk__in=guardians) | Q(pk=student.user_id), is_active=True)


def accounts_of_all(students: Collection[UUID]) -> Mapping[UUID, list[User]]:
    """``accounts_of`` for each of them, in two queries for one or for five hundred."""
    found: dict[UUID, list[User]] = {pk: [] for pk in students}
    guardianships = Guardianship.objects.current().filter(student__in=found, guardian__is_active=True)
    for each in guardianships.select_related("guardian").order_by("pk"):
        found[each.student_id].append(each.guardian)
    own = Student.objects.filter(pk__in=found, user__is_active=True)
    for student in own.select_related("user"):
        if student.user is not None:
            found[student.pk].append(student.user)
    return found


def paused_pupils(teacher: User) -> list[Teaching]:
    """Whom this teacher would teach, were it not for a pause: a name, and whether they may resume."""
    return _paused(teacher)


def _build_paused(teacher: User) -> QuerySet[Teaching]:
    rows = Teaching.objects.paused().by(teacher).select_related("student")
    return with_permission(rows.order_by("student__name", "instrument", "pk"), teacher, may_resume="resume")


_paused = ForReader(_build_paused)


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """For a young adult: who saw, who sees. ``former`` are guardians until the eighteenth birthday."""

    student: Student
    teachings: Sequence[Teaching]
    guests: Sequence[Guest]
    former: Sequence[User]

    @property
    def to_ask(self) -> list[User]:
        """Former guardians who see nothing now."""
        guests = {guest.user.pk for guest in self.guests}
        return [each for each in self.former if each.pk not in guests]


def hand_over_of(user: User, *, now: datetime) -> HandOver | None:
    """Of the user's own diary; None for whoever has none, or does not decide about it yet."""
    student = allowed(Student.objects.own(user), "hand_over", user).first()
    if student is None:
        return None
    people = people_of(student, viewer=user, now=now)
    return HandOver(
        student=student,
        teachings=people.teachings,
        guests=people.guests,
        former=list(former_guardians(student)),
    )


def with_buttons(viewer: User) -> QuerySet[Student]:
    """Students with what their page of people asks about them: what the viewer may do, and what is held."""
    held = Exists(FamilyLock.objects.in_force().filter(student=OuterRef("pk")))
    return with_permission(
        Student.objects.select_related("profile", "user").annotate(is_locked=held, link_names=reader_names()),
        viewer,
        may_invite_guardian="invite_guardian",
        may_invite_student="invite_student",
        may_manage_grants="manage_grants",
        may_invite_teacher="invite_teacher",
        may_apply="apply",
        may_manage_sign_in="manage_sign_in",
        may_view_guests="view_guests",
        may_change="change",
        may_teach="teach",
        may_limit="limit",
        may_hand_over="hand_over",
        may_view_data="view_data",
    )


@dataclass(frozen=True, kw_only=True)
class People:
    """``invitations`` holds (invitation, state) of those that the viewer may manage; ``suspended`` are the
    guardians whom somebody objected to, and paused ones stand among ``teachings``: both for the family."""

    student: Student
    guardians: Sequence[Guardianship]
    teachings: Sequence[Teaching]
    guests: Sequence[Guest]
    suspended: Sequence[Guardianship] = ()
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
    def running(self) -> list[Teaching]:
        """Whose teacher sees the diary now."""
        return [each for each in self.teachings if not vars(each)["is_paused"]]

    @property
    def nobody_joined(self) -> bool:
        return not (self.student.has_own_voice or self.guardians or self.suspended)


def people_of(student: Student, *, viewer: User, now: datetime) -> People:
    """Four queries, whoever asks. The door to the student is the caller's."""
    is_familys = Q(student__in=family_ids(viewer))
    teachings = (
        Teaching.objects.unended()
        .filter(is_running() | is_familys | Q(teacher=viewer), student=student)
        .annotate(
            is_paused=Case(When(is_running(), then=False), default=True),
            asks_today=Exists(Teaching.objects.asking().filter(pk=OuterRef("pk"))),
        )
        .select_related("teacher")
        .order_by("started_at", "pk")
    )
    sent = Invitation.objects.filter(student=student).unanswered(unanswered_since(now))
    invitations = allowed(sent, "manage", viewer)
    around = list(
        with_permission(
            unended_guardians(student).filter(Q(suspended_at__isnull=True) | is_familys),
            viewer,
            may_leave="leave",
            may_object="object",
        )
    )
    return People(
        student=student,
        guardians=[each for each in around if each.suspended_at is None],
        suspended=[each for each in around if each.suspended_at is not None],
        teachings=list(
            with_permission(
                teachings,
                viewer,
                may_end="end",
                may_pause="pause",
                may_resume="resume",
                may_ask_sign_off="ask_sign_off",
            )
        ),
        guests=guests_of(student, now),
        invitations=[(invitation, invitation.state(now)) for invitation in invitations],
    )


def pupils_to_come(teacher: User, *, now: datetime) -> list[tuple[Invitation, InvitationState]]:
    """Whom this teacher has invited with a diary of their own, and who has not accepted; newest first."""
    return [(each, each.state(now)) for each in _to_come(teacher, since=unanswered_since(now))]


def _build_to_come(teacher: User, since: datetime) -> QuerySet[Invitation]:
    mine = Invitation.objects.filter(role=InvitationRole.PUPIL, invited_by=teacher).unanswered(since)
    return allowed(mine, "manage", teacher)


_to_come = ForReader(_build_to_come, since=datetime)


def who_sees(people: People, *, viewer: User) -> list[str]:
    """Everybody who sees the diary, each once with what they are, the viewer as "you"."""
    pairs: dict[object, str] = {}
    if people.student.user_id is not None:
        pairs[people.student.user_id] = people.student.name
    for guardianship in people.guardians:
        name = guardianship.guardian.get_full_name()
        pairs.setdefault(guardianship.guardian_id, _("%(name)s (guardian)") % {"name": name})
    for teaching in people.running:
        name = teaching.teacher.get_full_name()
        pairs.setdefault(
            teaching.teacher_id,
            _("%(name)s (teacher, %(instrument)s)") % {"name": name, "instrument": teaching.instrument},
        )
    for guest in people.guests:
        pairs.setdefault(guest.user.pk, _("%(name)s (guest)") % {"name": guest.user.get_full_name()})
    others = [text for pk, text in pairs.items() if pk != viewer.pk]
    others += [_("%(name)s (by a link)") % {"name": name} for name in vars(people.student)["link_names"]]
    return [*([_("you")] if viewer.pk in pairs else []), *others]
