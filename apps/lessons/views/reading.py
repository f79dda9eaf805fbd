"""The teacher's week, one lesson, and the lessons of one student."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest
from apps.core.access import allowed
from apps.core.days import day_in_address
from apps.core.templatetags.ui import day
from apps.lessons import queries
from apps.lessons.above import parts_for
from apps.private_teaching.models import Teaching
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import lesson_or_404


@login_required
@require_safe
def week(request: UserRequest) -> HttpResponse:
    """One's own lessons; without pupils it says how to begin."""
    now = timezone.now()
    found = queries.week_of(request.user, day_in_address(request.GET.get("week", "")), now=now)
    may_plan = allowed(Teaching.objects.all(), "plan_lesson", request.user).exists()
    return render(request, "lessons/week.html", {"week": found, "may_plan": may_plan, "now": now})


@login_required
@require_safe
def lesson_detail(request: UserRequest, lesson: UUID) -> HttpResponse:
    found = lesson_or_404(request.user, lesson)
    is_teacher = vars(found)["may_change"]
    context = {
        "lesson": found,
        "student": found.teaching.student,
        "is_teacher": is_teacher,
        "own_note": queries.own_note_of(request.user, found) if is_teacher else "",
        "history": queries.history_of(found),
        "other_clock": queries.other_clock(found),
        "is_past": found.ends_at <= timezone.now(),
        "parts": parts_for(request.user, found),
    }
    return render(request, "lessons/lesson_detail.html", context)


@login_required
@require_safe
def student_lessons(request: UserRequest, student: UUID) -> HttpResponse:
    found = student_or_404(request.user, student, "view_lessons")
    lessons = queries.lessons_of(request.user, found, request.GET.get("page"), now=timezone.now())
    mine = Teaching.objects.filter(student=found).order_by("started_at", "pk")
    teaching = allowed(mine, "plan_lesson", request.user).first()
    context = {"student": found, "lessons": lessons, "teaching_key": str(teaching.pk) if teaching else ""}
    return render(request, "lessons/student_lessons.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_report(request: UserRequest, lesson: UUID) -> HttpResponse:
    """Whoever reads what was noted may tell the safeguarding team."""
    found = lesson_or_404(request.user, lesson)
    said = [found.shared_note, found.place, found.link, *(each.reason for each in queries.history_of(found))]
    item = Item(
        kind="lesson",
        pk=found.pk,
        student_id=found.teaching.student_id,
        author_id=found.teacher_id,
        text="\n".join(filter(None, said)),
        title=_("The lesson of %(day)s") % {"day": day(found.starts_at)},
        back_url=reverse("lessons:lesson-detail", args=[lesson]),
    )
    return report_page(request, item)
