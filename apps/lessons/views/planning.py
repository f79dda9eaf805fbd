"""Putting a lesson into the week, moving it, calling it off."""

import contextlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, collection_is_off, in_time, slow_down, writes_too_often
from apps.accounts.models import User
from apps.accounts.services import CollectionIsOff
from apps.core.access import allowed
from apps.core.days import day_in_address
from apps.core.templatetags.ui import moment
from apps.core.weeks import DAYS_PER_WEEK
from apps.lessons import services
from apps.lessons.forms import CancelForm, LessonAddForm, LessonEditForm, next_full_hour
from apps.lessons.models import Lesson
from apps.lessons.times import moment_of
from apps.private_teaching.models import Teaching
from apps.repertoire.services import GoneMeanwhile, NotPossible

from .doors import lesson_or_404


def teachings_of(user: User) -> list[Teaching]:
    rows = Teaching.objects.select_related("student").order_by("student__name", "instrument", "pk")
    return list(allowed(rows, "plan_lesson", user))


def say_saved(request: UserRequest, lesson: Lesson, wall: datetime) -> None:
    """With the time, where the clocks of that day leave out the one that was asked for."""
    if moment_of(wall, lesson.time_zone).is_moved:
        text = _("Saved. The clocks are put forward then, so the lesson begins at %(begin)s.")
        messages.warning(request, text % {"begin": moment(lesson.starts_at)})
    else:
        messages.success(request, _("Saved."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_add(request: UserRequest) -> HttpResponse:
    teachings = teachings_of(request.user)
    form = _add_form(request, teachings)
    if form.is_valid() and in_time(request, form):
        try:
            lesson = _planned(request, form)
        except NotPossible as error:
            form.refuse(error)
        except CollectionIsOff:
            form.add_error(None, collection_is_off(form.chosen.student.name))
        else:
            say_saved(request, lesson, form.content().wall)
            return redirect("lessons:lesson-detail", lesson.pk)
    return render(request, "lessons/lesson_add.html", {"form": form, "teachings": teachings})


def _planned(request: UserRequest, form: LessonAddForm) -> Lesson:
    """The lesson, or the first of a row; of those that were left out the page says so."""
    now, repeat, key = timezone.now(), form.repeat, form.saved_key
    about: dict[str, Any] = {"teaching": form.chosen, "by": request.user, "content": form.content()}
    if repeat is None:
        return services.plan_lesson(key=key, now=now, **about)
    planned = services.plan_series(key=key, now=now, repeat=repeat, **about)
    count = ngettext("%(count)d lesson is planned.", "%(count)d lessons are planned.", len(planned.lessons))
    messages.info(request, count % {"count": len(planned.lessons)})
    if planned.left_out:
        text = _("Left out, because you have another lesson then: %(days)s.")
        messages.warning(request, text % {"days": "; ".join(map(moment, planned.left_out))})
    return planned.lessons[0]


def _add_form(request: UserRequest, teachings: list[Teaching]) -> LessonAddForm:
    if request.method == "POST":
        return LessonAddForm(request.POST, teachings=teachings)
    if (like := _like(request)) is not None:
        return LessonAddForm(teachings=teachings, initial=like)
    begin = next_full_hour(timezone.now())
    asked = day_in_address(request.GET.get("day", ""))
    initial = {
        "teaching": request.GET.get("teaching", ""),
        "day": asked or begin.date(),
        "time": begin.time(),
    }
    return LessonAddForm(teachings=teachings, initial=initial)


def _like(request: UserRequest) -> dict[str, Any] | None:
    """A week after one of one's own lessons, or after the last such day: its time, length and place."""
    try:
        key = UUID(request.GET.get("like", ""))
    except ValueError:
        return None
    lesson = allowed(Lesson.objects.filter(pk=key), "change", request.user).first()
    if lesson is None:
        return None
    wall, today = timezone.localtime(lesson.starts_at), timezone.localdate()
    weeks = max((today - wall.date()).days // DAYS_PER_WEEK + 1, 1)
    return {
        "teaching": str(lesson.teaching_id),
        "day": wall.date() + timedelta(weeks=weeks),
        "time": wall.time(),
        "minutes": lesson.minutes,
        "place": lesson.place,
        "link": lesson.link,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_edit(request: UserRequest, lesson: UUID) -> HttpResponse:
    found = lesson_or_404(request.user, lesson, "move")
    if request.method == "POST" and "remove" in request.POST:
        return _removed(request, found)
    form = LessonEditForm(request.POST if request.method == "POST" else None, lesson=found)
    if form.is_valid() and in_time(request, form):
        try:
            row = services.change_lesson(
                lesson=found,
                by=request.user,
                content=form.content(),
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                following=form.cleaned_data.get("following", False),
                now=timezone.now(),
            )
        except NotPossible as error:
            lesson_or_404(request.user, lesson, "move")
            form.refuse(error)
        except CollectionIsOff:
            form.add_error(None, collection_is_off(found.teaching.student.name))
        else:
            say_saved(request, row, form.content().wall)
            return redirect("lessons:lesson-detail", lesson)
    context = {"form": form, "lesson": found, "student": found.teaching.student}
    return render(request, "lessons/lesson_edit.html", context)


def _removed(request: UserRequest, lesson: Lesson) -> HttpResponse:
    """Twice is as good as once."""
    if writes_too_often(request):
        return slow_down(request)
    with contextlib.suppress(GoneMeanwhile):
        services.delete_lesson(lesson=lesson, by=request.user, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("lessons:week")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_cancel(request: UserRequest, lesson: UUID) -> HttpResponse:
    found = lesson_or_404(request.user, lesson, "change")
    form = CancelForm(request.POST if request.method == "POST" else None, lesson=found)
    if form.is_valid() and in_time(request, form):
        said = {"reason": form.cleaned_data["reason"], "following": form.cleaned_data.get("following", False)}
        with contextlib.suppress(GoneMeanwhile):
            services.cancel_lesson(lesson=found, by=request.user, now=timezone.now(), **said)
        messages.success(request, _("The lesson is called off."))
        return redirect("lessons:lesson-detail", lesson)
    context = {"form": form, "lesson": found, "student": found.teaching.student}
    return render(request, "lessons/lesson_cancel.html", context)
