"""Who sees whom. One rule per action on a student and what hangs on the student."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from apps.accounts.going import diary_stays
from apps.accounts.models import Guardianship, Invitation, ReaderLink, Student, StudentGrant, User
from apps.accounts.models.family import unlocked
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import (
    MINORS,
    AgeBand,
    family_ids,
    guarded_ids,
    nobody_joined,
    without_own_voice,
)
from apps.accounts.queries import objectionable
from apps.core.access import rule

from .models import Application, ApplicationMessage, TeacherProfile, Teaching, is_not_over
from .models.applications import ApplicationState, is_open
from .models.pages import PageState, PublishedPage


def taught_ids(user: User) -> QuerySet[Teaching, Any]:
    return Teaching.objects.current().by(user).values("student_id")


def granted_ids(user: User, codename: str) -> QuerySet[StudentGrant, Any]:
    return (
        StudentGrant.objects.live()
        .filter(user=user, permission__codename=codename)
        .values("content_object_id")
    )


def students_of(user: User) -> QuerySet[Student, Any]:
    """Everybody the user may know of, as one UNION: each arm uses its own index."""
    return family_ids(user).union(taught_ids(user), granted_ids(user, "view_student"), all=True)


@rule(Student, "view")
def may_view(user: User) -> Q:
    return Q(pk__in=students_of(user))


@rule(Student, "comment")
def may_comment(user: User) -> Q:
    return Q(pk__in=family_ids(user).union(taught_ids(user), granted_ids(user, "comment_student"), all=True))


@rule(Student, "log_practice")
def may_log_practice(user: User) -> Q:
    """Practice is logged by the student, a guardian, or whoever one of them let do it."""
    return Q(pk__in=family_ids(user).union(granted_ids(user, "log_practice_student"), all=True))


def adult_ids(user: User) -> QuerySet[Student, Any]:
    """The user's own row, if they are of age: who else comes in is for an adult to say."""
    return Student.objects.own(user).filter(age_band=AgeBand.ADULT).values("pk")


def own_ids(user: User) -> QuerySet[Student, Any]:
    """The user's own row, if nobody else decides for it: an adult's, or one without guardians.

    A guardian about whom the staff have still to decide is one.
    """
    guarded = Guardianship.objects.unended().values("student_id")
    return Student.objects.own(user).filter(Q(age_band=AgeBand.ADULT) | ~Q(pk__in=guarded)).values("pk")


@rule(Student, "invite_guardian")
def may_invite_guardian(user: User) -> Q:
    """A teacher lets the first of a family in; from then on the family decides who else joins.

    Guardians read everything, private entries included: a teacher must not be able to make one
    behind the family's back, and an adult has none.
    """
    family = Q(pk__in=family_ids(user))
    return unlocked() & ~Q(age_band=AgeBand.ADULT) & (family | Q(pk__in=taught_ids(user)) & nobody_joined())


@rule(Student, "invite_student")
def may_invite_student(user: User) -> Q:
    """The student's own login, while there is none: from a guardian, or the teacher before anybody joined."""
    who = Q(pk__in=guarded_ids(user)) | Q(pk__in=taught_ids(user)) & nobody_joined()
    return unlocked() & without_own_voice() & who


@rule(Student, "manage_grants")
def may_manage_grants(user: User) -> Q:
    """The guardians of a child; an adult student for themselves."""
    return Q(pk__in=guarded_ids(user).union(adult_ids(user), all=True))


@rule(Student, "share_link")
def may_share_link(user: User) -> Q:
    """A link to read along: the guardians of a child whose diary is kept, and is not about to be erased, and
    whom nobody holds still."""
    kept = unlocked() & diary_stays() & Q(collecting=True)
    return kept & Q(pk__in=guarded_ids(user)) & ~Q(age_band=AgeBand.ADULT)


@rule(ReaderLink, "view", "manage")
def may_manage_link(user: User) -> Q:
    """Any guardian ends any link into the child's diary, also one that another made, and also in a lock."""
    return Q(student__in=guarded_ids(user))


@rule(Student, "invite_teacher")
def may_invite_teacher(user: User) -> Q:
    """Whom a child learns from is for the guardians to say; an adult decides alone."""
    return may_manage_grants(user)


@rule(User, "invite_pupil")
def may_invite_pupil(user: User) -> Q:
    """Everybody for themselves, as everybody may add a student; but nobody who says they are under 18."""
    minors = Student.objects.own(user).filter(age_band__in=MINORS)
    return Q(pk=user.pk) & ~Q(pk__in=minors.values("user_id"))


@rule(User, "view")
def may_view_user(user: User) -> Q:
    """One's own account."""
    return Q(pk=user.pk)


@rule(User, "see_face")
def may_see_face(user: User) -> Q:
    """Whoever stands on the same student's page sees the others' photos; of a child there is none to see."""
    known = students_of(user)
    near = (
        Guardianship.objects.current()
        .filter(student__in=known)
        .values("guardian_id")
        .union(
            Teaching.objects.current().filter(student__in=known).values("teacher_id"),
            StudentGrant.objects.live().filter(content_object__in=known).values("user_id"),
            Student.objects.filter(pk__in=known, user__isnull=False).values("user_id"),
            all=True,
        )
    )
    return (Q(pk=user.pk) | Q(pk__in=near)) & is_no_minor()


def is_no_minor() -> Q:
    """Of accounts: no diary of their own that is not known to be an adult's, and no answer about age that
    was refused."""
    not_grown_up = Student.objects.filter(user=OuterRef("pk")).exclude(age_band=AgeBand.ADULT)
    return Q(~Exists(not_grown_up), age_refused_at__isnull=True)


@rule(User, "show_face")
def may_show_face(user: User) -> Q:
    """A photo of oneself, for whom something speaks for being grown up: an adult's diary of their own, a
    child to answer for, somebody who came to learn from them, a page as a teacher that the staff approved.

    That nothing speaks against it is not enough, nor is a student whom somebody wrote down themselves.
    """
    own = Student.objects.own(user)  # an adult's, or they would be a minor
    guards = Guardianship.objects.current().filter(guardian=user)
    approved = PublishedPage.objects.open().filter(profile__teacher=user)
    teaches = Teaching.objects.current().by(user).of_joined()
    speaks = Q(Exists(own)) | Q(Exists(guards)) | Q(Exists(teaches)) | Q(Exists(approved))
    return is_no_minor() & speaks & Q(pk=user.pk)


@rule(Student, "view_guests")
def may_view_guests(user: User) -> Q:
    """The family knows what each guest may do and until when; others know the names."""
    return Q(pk__in=family_ids(user))


@rule(Student, "change")
def may_change(user: User) -> Q:
    """The profile belongs to the family; a teacher may correct it while nobody has joined."""
    return Q(pk__in=family_ids(user)) | Q(pk__in=taught_ids(user)) & nobody_joined()


@rule(Student, "say_age")
def may_say_age(user: User) -> Q:
    """The month of birth is for guardians to write: it decides when a child decides."""
    return Q(pk__in=guarded_ids(user))


@rule(Student, "hand_over")
def may_hand_over(user: User) -> Q:
    """Who still sees an adult's diary is the adult's to say."""
    return Q(pk__in=adult_ids(user))


@rule(Student, "teach")
def may_teach(user: User) -> Q:
    """Whoever teaches the student for good may add an instrument.

    Lessons with a last day, or with a pause that is to come, open no others: those would go on.
    """
    lasting = Teaching.objects.current().by(user).filter(cover_until__isnull=True, paused_at__isnull=True)
    return Q(pk__in=lasting.values("student_id"))


@rule(Student, "limit")
def may_limit(user: User) -> Q:
    """Whoever teaches the student now says whether a session may be longer than usual."""
    return Q(pk__in=taught_ids(user))


def decided_by(user: User) -> Q:
    """Of rows of a student: those about whom this person decides, a guardian or whoever has none."""
    return Q(student__in=guarded_ids(user).union(own_ids(user), all=True))


@rule(Teaching, "view")
def may_view_teaching(user: User) -> Q:
    """The teacher of a paused one still knows its name, to resume or to end it."""
    return Q(student__in=family_ids(user)) | Q(pk__in=Teaching.objects.unended().by(user).values("pk"))


@rule(Teaching, "end")
def may_end_teaching(user: User) -> Q:
    """Either side may part, also in a pause: the teacher, a guardian, a student without any."""
    return is_not_over() & (Q(teacher=user) | decided_by(user))


@rule(Teaching, "pause")
def may_pause(user: User) -> Q:
    """Whoever may end it, while no pause is set; the family may also make the teacher's pause its own."""
    not_familys = Q(paused_by__isnull=True) | Q(paused_by=F("teacher"))
    return may_end_teaching(user) & (Q(paused_at__isnull=True) | decided_by(user) & not_familys)


@rule(Teaching, "resume")
def may_resume(user: User) -> Q:
    """The family always; the teacher only what they paused themselves, else they would let themselves in."""
    own = Q(teacher=user, paused_by=user)
    return is_not_over() & Q(paused_at__isnull=False) & (own | decided_by(user))


@rule(Teaching, "ask_sign_off")
def may_ask_sign_off(user: User) -> Q:
    """The teacher of today, for somebody who may have guardians: an adult signs for nobody."""
    return Q(pk__in=Teaching.objects.current().by(user).values("pk")) & ~Q(student__age_band=AgeBand.ADULT)


@rule(Teaching, "sign_off")
def may_sign_off(user: User) -> Q:
    """A guardian of today, while the teacher asks for it; lessons that ended or pause ask nothing."""
    return Q(student__in=guarded_ids(user), pk__in=Teaching.objects.asking().values("pk"))


@rule(Guardianship, "view")
def may_view_guardianship(user: User) -> Q:
    """The family know who belongs to it, and whom somebody objected to."""
    return Q(student__in=family_ids(user), ended_at__isnull=True)


@rule(Guardianship, "leave")
def may_leave(user: User) -> Q:
    """One's own, and nobody else's: no guardian ends another's."""
    return Q(guardian=user, ended_at__isnull=True, suspended_at__isnull=True)


@rule(Guardianship, "object")
def may_object(user: User) -> Q:
    """The student, or who was a guardian before; within some days, and until the staff have decided once.

    A child with one guardian alone asks the staff: nobody would be left who answers for them.
    """
    rows = Guardianship.objects.current().filter(student=OuterRef("student"))
    earlier = rows.filter(guardian=user, started_at__lt=OuterRef("started_at"))
    others = rows.exclude(pk=OuterRef("pk"))
    who = Q(Exists(others), student__user=user) | Q(Exists(earlier))
    return objectionable(Now()) & ~Q(guardian=user) & who


@rule(Invitation, "view", "manage")
def may_manage_invitation(user: User) -> Q:
    """Guardians, for all of their child's; others what they sent themselves, while they may see the student.

    So a teacher never learns an address from a family, and a guest's is the family's business.
    """
    joins = Q(role__in=[InvitationRole.GUARDIAN, InvitationRole.STUDENT])
    own = Q(invited_by=user, student__in=family_ids(user).union(taught_ids(user), all=True))
    lets_in = Q(role__in=[InvitationRole.GRANTEE, InvitationRole.TEACHER], student__in=adult_ids(user))
    known = Q(student__isnull=True) | Q(student__in=taught_ids(user))
    pupils = Q(role=InvitationRole.PUPIL, invited_by=user) & known
    return Q(student__in=guarded_ids(user)) | joins & own | lets_in | pupils


def asking_ids(user: User) -> QuerySet[Student, Any]:
    """For whom this person may ask a teacher: their children, themselves as an adult, and themselves
    where they are old enough to agree and a guardian, who reads everything, stands by them."""
    guarded = Guardianship.objects.current().values("student_id")
    own = Student.objects.own(user).old_enough()
    return (
        Student.objects.own(user)
        .filter(age_band=AgeBand.ADULT)
        .values("pk")
        .union(guarded_ids(user), own.filter(pk__in=guarded).values("pk"), all=True)
    )


@rule(Student, "apply")
def may_apply(user: User) -> Q:
    """A child never asks a stranger alone, and nobody new comes to a family that is held still."""
    return unlocked() & Q(pk__in=asking_ids(user))


@rule(User, "publish")
def may_publish(user: User) -> Q:
    """A page about oneself as a teacher: nobody who says they are under 18."""
    return may_invite_pupil(user)


@rule(TeacherProfile, "view")
def may_view_own_page(user: User) -> Q:
    """What the teacher writes is the teacher's own; what the staff approved everybody reads elsewhere."""
    return Q(teacher=user)


@rule(TeacherProfile, "change")
def may_change_page(user: User) -> Q:
    return Q(teacher=user) & ~Q(state=PageState.SUSPENDED)


def answering() -> Q:
    """The staff have not taken the teacher's page from them, and they do not say that they are under 18;
    what waits is nobody else's to answer."""
    minors = Student.objects.filter(user=OuterRef("teacher"), age_band__in=MINORS)
    good = TeacherProfile.objects.exclude(state=PageState.SUSPENDED).filter(~Exists(minors))
    return Q(teacher__in=good.values("teacher_id"))


@rule(Application, "view")
def may_view_application(user: User) -> Q:
    """The family always; the teacher while it is open, and of accepted ones while the lessons last. Whose
    page the staff took down sees none of them, though lessons that run go on."""
    accepted = Q(state=ApplicationState.ACCEPTED, student__in=taught_ids(user))
    return Q(student__in=family_ids(user)) | Q(teacher=user) & answering() & (is_open() | accepted)


@rule(Application, "come_late")
def may_come_late(user: User) -> Q:
    """Whoever could see it while it was open is told that it is over; this shows nothing of it."""
    return Q(student__in=family_ids(user)) | Q(teacher=user)


@rule(Application, "comment")
def may_write(user: User) -> Q:
    """While it is open: whoever of the family may ask a teacher; and the teacher, as long as there is an
    adult who reads it, the student or a guardian."""
    adults = Student.objects.filter(age_band=AgeBand.ADULT).values("pk")
    guarded = Guardianship.objects.current().values("student_id")
    read = Q(student__in=adults) | Q(student__in=guarded)
    teacher = Q(teacher=user) & answering() & read
    return is_open() & (teacher | Q(student__in=asking_ids(user)))


@rule(Application, "answer")
def may_answer(user: User) -> Q:
    """Accept, decline, put on the waiting list."""
    return is_open() & Q(teacher=user) & answering()


@rule(Application, "agree")
def may_agree(user: User) -> Q:
    """Whom a child learns from is for the guardians to say, and an adult decides alone; a minor without
    guardians has nobody who can. While the family is held still the service refuses it."""
    return is_open() & Q(student__in=guarded_ids(user).union(adult_ids(user), all=True))


@rule(Application, "withdraw")
def may_withdraw(user: User) -> Q:
    """Whoever asked, while they may ask, and whoever decides for the student."""
    return is_open() & (decided_by(user) | Q(applied_by=user, student__in=asking_ids(user)))


@rule(ApplicationMessage, "view")
def may_view_message(user: User) -> Q:
    """Whoever sees the request reads all of it: nobody talks with a child behind a guardian's back."""
    seen = Application.objects.filter(may_view_application(user))
    return Q(deleted_at__isnull=True, application__in=seen.values("pk"))


@rule(ApplicationMessage, "delete")
def may_delete_message(user: User) -> Q:
    """One's own words, while one may still read them."""
    return Q(author=user) & may_view_message(user)
