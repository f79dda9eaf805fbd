"""Who sets up a child's sign-in, and what a child may do with it: a short list, and nothing else."""

from typing import Any

from django.db.models import Model, Q

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.family import unlocked
from apps.accounts.models.students import AgeBand
from apps.core.access import limit, rule

from .models import TrustedDevice

# Every rule that may say yes to a child's account. A rule that is not here is shut, new ones too.
CHILD_MAY = frozenset(
    {
        ("accounts.student", "view"),
        ("accounts.student", "comment"),
        ("accounts.student", "keep_gear"),
        ("accounts.student", "keep_repertoire"),
        ("accounts.student", "log_practice"),
        ("accounts.student", "play_together"),
        ("accounts.student", "view_assignments"),
        ("accounts.student", "view_challenges"),
        ("accounts.student", "view_lessons"),
        ("assignments.assignment", "view"),
        ("assignments.assignment", "work"),
        ("assignments.assignmentcompletion", "take_back"),
        ("assignments.participation", "leave"),
        ("assignments.participation", "view"),
        ("accounts.user", "see_face"),
        ("gear.care", "change"),
        ("gear.care", "view"),
        ("gear.gear", "change"),
        ("gear.gear", "delete"),
        ("gear.gear", "view"),
        ("evidence.evidence", "delete"),
        ("evidence.evidence", "view"),
        ("ensembles.grouppart", "answer"),
        ("ensembles.grouppart", "come_late"),
        ("ensembles.grouppart", "view"),
        ("ensembles.membership", "end"),
        ("ensembles.membership", "report"),
        ("ensembles.membership", "view"),
        ("lessons.lesson", "view"),
        ("notifications.notification", "view"),
        ("practice.commentthanks", "take_back"),
        ("practice.entrycomment", "change"),
        ("practice.entrycomment", "delete"),
        ("practice.entrycomment", "know_of"),
        ("practice.entrycomment", "report"),
        ("practice.entrycomment", "thank"),
        ("practice.entrycomment", "view"),
        ("practice.entrycomment", "view_versions"),
        ("practice.practiceday", "view"),
        ("practice.practiceentry", "amend"),
        ("practice.practiceentry", "attach_evidence"),
        ("practice.practiceentry", "change"),
        ("practice.practiceentry", "comment"),
        ("practice.practiceentry", "delete"),
        ("practice.practiceentry", "play_together"),
        ("practice.practiceentry", "view"),
        ("practice.practiceentry", "view_revisions"),
        ("practice.weeksignoff", "view"),
        ("private_teaching.teaching", "view"),
        ("repertoire.note", "delete"),
        ("repertoire.note", "view"),
        ("repertoire.occasion", "change"),
        ("repertoire.occasion", "delete"),
        ("repertoire.occasion", "view"),
        ("repertoire.piece", "change"),
        ("repertoire.piece", "delete"),
        ("repertoire.piece", "merge"),
        ("repertoire.piece", "view"),
        ("repertoire.piecesection", "change"),
        ("repertoire.piecesection", "view"),
        ("repertoire.skill", "attach_evidence"),
        ("repertoire.skill", "change"),
        ("repertoire.skill", "delete"),
        ("repertoire.skill", "view"),
        ("scores.score", "delete"),
        ("scores.score", "view"),
        ("scores.scorepage", "view"),
    }
)
# Every page that a child's session may open, by its name. All others are closed, new ones too.
CHILD_PAGES = frozenset(
    {
        "accounts:avatar-show",
        "assignments:assignment-detail",
        "assignments:assignment-report",
        "assignments:completion-remove",
        "assignments:participation-answer",
        "assignments:participation-report",
        "assignments:step-work",
        "assignments:student-assignments",
        "assignments:student-challenges",
        "children:card-enter",
        "children:leave",
        "children:sign-in",
        "children:secret-enter",
        "gear:care-add",
        "gear:care-edit",
        "gear:gear-add",
        "gear:gear-detail",
        "gear:gear-edit",
        "gear:gear-hush",
        "gear:gear-list",
        "gear:gear-report",
        "evidence:entry-add",
        "evidence:evidence-delete",
        "evidence:evidence-report",
        "evidence:picture-show",
        "evidence:skill-add",
        "evidence:skill-list",
        "ensembles:entry-together",
        "ensembles:membership-end",
        "ensembles:membership-report",
        "ensembles:part-answer",
        "ensembles:student-ensembles",
        "healthz",
        "home:checklist-hide",
        "home:index",
        "home:landing",
        "home:readers",
        "home:student",
        "home:theme-set",
        "lessons:lesson-detail",
        "lessons:lesson-report",
        "lessons:student-lessons",
        "notifications:news-list",
        "notifications:news-open",
        "notifications:news-read-all",
        "practice:comment-add",
        "practice:comment-delete",
        "practice:comment-edit",
        "practice:comment-report",
        "practice:comment-thank",
        "practice:comment-versions",
        "practice:talk-seen",
        "practice:thanks-remove",
        "practice:entry-calendar",
        "practice:entry-delete",
        "practice:entry-detail",
        "practice:entry-edit",
        "practice:entry-list",
        "practice:entry-log",
        "practice:entry-print",
        "practice:entry-quick-log",
        "practice:entry-report",
        "practice:entry-resume",
        "practice:entry-revisions",
        "practice:occasion-detail",
        "practice:sign-off-list",
        "practice:sign-off-report",
        "repertoire:note-delete",
        "repertoire:note-report",
        "repertoire:occasion-add",
        "repertoire:occasion-edit",
        "repertoire:occasion-list",
        "repertoire:occasion-report",
        "repertoire:piece-add",
        "repertoire:piece-delete",
        "repertoire:piece-detail",
        "repertoire:piece-edit",
        "repertoire:piece-list",
        "repertoire:piece-merge",
        "repertoire:piece-note-add",
        "repertoire:piece-status",
        "repertoire:section-add",
        "repertoire:section-edit",
        "repertoire:skill-add",
        "repertoire:skill-detail",
        "repertoire:skill-edit",
        "repertoire:skill-list",
        "repertoire:skill-note-add",
        "safeguarding:photo-report",
        "scores:page-show",
        "scores:score-add",
        "scores:score-delete",
        "scores:score-report",
        "scores:score-show",
        "set_language",
        "tools:index",
        "tools:log",
        "tools:offline",
        "tools:worker",
    }
)


@limit
def child_may(user: Any, model: type[Model], action: str) -> bool:
    return not getattr(user, "is_child", False) or (model._meta.label_lower, action) in CHILD_MAY


@rule(Student, "manage_sign_in")
def may_manage_sign_in(user: User) -> Q:
    """Guardians of today, for a child; an adult signs in for themselves."""
    guarded = Guardianship.objects.current().filter(guardian=user).values("student_id")
    return Q(pk__in=guarded) & ~Q(age_band=AgeBand.ADULT)


@rule(Student, "change_sign_in")
def may_change_sign_in(user: User) -> Q:
    """Nobody gets in and nobody is shut out while the staff hold the family still (ADR 0012).

    What takes something away in a hurry, a lost card or a lost tablet, asks "manage_sign_in" alone.
    """
    return may_manage_sign_in(user) & unlocked()


@rule(TrustedDevice, "manage")
def may_manage_device(user: User) -> Q:
    """Any guardian of the child, whoever of them trusted it."""
    guarded = Guardianship.objects.current().filter(guardian=user).values("student_id")
    return Q(revoked_at__isnull=True, student__in=guarded)
