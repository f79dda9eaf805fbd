"""The assignments of one student, and one of them."""

from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest
from apps.accounts.models import User
from apps.assignments import queries
from apps.assignments.forms import WorkForm
from apps.assignments.models import Assignment
from apps.assignments.queries import AssignmentNow
from apps.core.access import allowed
from apps.lessons.models import Lesson
from apps.private_teaching.models import Teaching
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import assignment_or_404


@login_required
@require_safe
def student_assignments(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student, "view_assignments")
    page = queries.assignments_of(request.user, found, request.GET.get("page"), now=timezone.now())
    mine = Teaching.objects.filter(student=found).order_by("started_at", "pk")
    teaching = allowed(mine, "assign", request.user).first()
    context = {"student": found, "assignments": page, "teaching_key": str(teaching.pk) if teaching else ""}
    return render(request, "assignments/student_assignments.html", context)


@login_required
@require_safe
def assignment_detail(request: UserRequest, assignment: UUID) -> HttpResponse:
    return detail_page(request, assignment_or_404(request.user, assignment))


def detail_page(request: UserRequest, found: AssignmentNow, wrong: WorkForm | None = None) -> HttpResponse:
    """``wrong`` is the form of one step that came back with a mistake."""
    row, student = found.row, found.row.teaching.student
    forms = [
        (step, wrong if wrong and wrong.step.pk == step.pk else WorkForm(step=step)) for step in found.steps
    ]
    context = {
        "assignment": row,
        "now": found,
        "student": student,
        "steps": forms,
        "is_teacher": vars(row)["may_change"],
        "is_late": found.is_late(student.today(timezone.now())),
        "is_own": is_own(request.user, found),
        "about_url": _about_url(row),
        "keep_key": uuid4(),
        # Who reads what was given reads of a lesson that was; one that is gone is named nowhere.
        "from_lesson": row.lesson is not None and row.lesson.deleted_at is None and _was(row.lesson),
    }
    return render(request, "assignments/assignment_detail.html", context)


def _about_url(row: Assignment) -> str:
    """Of the piece or skill, while it is there: whoever reads the assignment reads the diary's things."""
    if row.piece is not None and row.piece.deleted_at is None:
        return reverse("repertoire:piece-detail", args=[row.piece_id])
    if row.skill is not None and row.skill.deleted_at is None:
        return reverse("repertoire:skill-detail", args=[row.skill_id])
    return ""


def _was(lesson: Lesson) -> bool:
    return lesson.starts_at <= timezone.now()


def is_own(user: User, found: AssignmentNow) -> bool:
    return found.row.added_by_id == user.pk


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_report(request: UserRequest, assignment: UUID) -> HttpResponse:
    """Whoever reads what was given may tell the safeguarding team."""
    found = assignment_or_404(request.user, assignment)
    row = found.row
    said = [row.title, row.about, row.description, *(step.label for step in found.steps)]
    item = Item(
        kind="assignment",
        pk=row.pk,
        student_id=row.teaching.student_id,
        author_id=row.added_by_id,
        text="\n".join(filter(None, said)),
        title=_("The assignment “%(title)s”") % {"title": row.title},
        back_url=reverse("assignments:assignment-detail", args=[assignment]),
    )
    return report_page(request, item)
