"""The teacher's pages: what several pupils are to reach."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, collection_is_off, in_time, post_only, slow_down, writes_too_often
from apps.assignments import services
from apps.assignments.above import groups_for
from apps.assignments.challenge_forms import AskMoreForm, ChallengeForm, begin_like
from apps.assignments.challenge_queries import challenges_of, pupils_in
from apps.assignments.log_forms import key_of
from apps.assignments.models import Challenge
from apps.assignments.queries import teachings_to_assign
from apps.core.access import allowed
from apps.core.days import calendar_day
from apps.repertoire.services import NotPossible

from .doors import challenge_or_404, participation_or_404

# A week, both days counted.
USUAL = timedelta(days=6)


def _say_left_out(request: UserRequest, names: list[str]) -> None:
    for name in names:
        messages.warning(request, collection_is_off(name))


def draft_key(request: UserRequest) -> str:
    return ":".join(filter(None, ["challenge", str(request.user.pk), request.GET.get("like", "")]))


@login_required
@require_safe
def challenge_list(request: UserRequest) -> HttpResponse:
    today = calendar_day(timezone.now(), request.user.time_zone)
    found = challenges_of(request.user)
    context = {
        "running": [each for each in found if each.row.closed_at is None and each.row.ends_on >= today],
        "over": [each for each in found if each.row.closed_at is not None or each.row.ends_on < today],
    }
    return render(request, "assignments/challenge_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def challenge_add(request: UserRequest) -> HttpResponse:
    """A new one; the address may name one that it is like."""
    data: Any = request.POST if request.method == "POST" else None
    today = calendar_day(timezone.now(), request.user.time_zone)
    initial: dict[str, Any] = {"starts_on": today, "ends_on": today + USUAL}
    if data is None and (like := key_of(request.GET.get("like", ""))):
        known = allowed(Challenge.objects.all(), "view", request.user).filter(pk=like).first()
        initial |= begin_like(known) if known else {}
    teachings, groups = teachings_to_assign(request.user), groups_for(request.user)
    form = ChallengeForm(data, teachings=teachings, groups=groups, initial=initial)
    if form.is_valid() and in_time(request, form):
        try:
            made, left_out = services.set_challenge(
                key=form.cleaned_data["key"],
                teachings=form.chosen(),
                by=request.user,
                content=form.content(),
                now=timezone.now(),
            )
        except NotPossible as error:
            form.refuse(error)
        else:
            words = _("Saved. The families find the question on their pages.")
            messages.success(request, words, extra_tags=draft_key(request))
            _say_left_out(request, left_out)
            return redirect("assignments:challenge-detail", made.pk)
    context = {"form": form, "teachings": teachings, "draft_key": draft_key(request)}
    return render(request, "assignments/challenge_add.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def challenge_detail(request: UserRequest, challenge: UUID) -> HttpResponse:
    """How far it is, who is in, and a form to ask more."""
    found = challenge_or_404(request.user, challenge, "change")
    standing, pupils = pupils_in(found)
    asked = {pupil.student for pupil in pupils}
    teachings = [row for row in teachings_to_assign(request.user) if row.student_id not in asked]
    data = request.POST if request.method == "POST" else None
    form = AskMoreForm(data, teachings=teachings, groups=groups_for(request.user))
    if form.is_valid() and in_time(request, form):
        try:
            left_out = services.ask_more(
                challenge=found, teachings=form.chosen(), by=request.user, now=timezone.now()
            )
        except NotPossible as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. The families find the question on their pages."))
            _say_left_out(request, left_out)
            return redirect("assignments:challenge-detail", found.pk)
    today = calendar_day(timezone.now(), request.user.time_zone)
    is_over = found.closed_at is not None or found.ends_on < today
    context = {"challenge": found, "standing": standing, "pupils": pupils, "is_over": is_over}
    context |= {"form": form, "teachings": teachings, "is_to_come": found.starts_on > today}
    return render(request, "assignments/challenge_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def challenge_end(request: UserRequest, challenge: UUID) -> HttpResponse:
    found = challenge_or_404(request.user, challenge, "change")
    if request.method != "POST":
        return render(request, "assignments/challenge_end.html", {"challenge": found})
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.take_back_challenge(challenge=found, by=request.user, now=timezone.now())
    except NotPossible:
        return redirect("assignments:challenge-list")
    messages.success(request, _("Taken back. The families see it no more."))
    return redirect("assignments:challenge-list")


@post_only("assignments:challenge-list")
def participation_remove(request: UserRequest, participation: UUID) -> HttpResponse:
    found = participation_or_404(request.user, participation, "remove")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.take_out(participation=found, by=request.user)
    except NotPossible:
        return redirect("assignments:challenge-detail", found.challenge_id)
    messages.success(request, _("%(name)s is not asked any more.") % {"name": found.teaching.student.name})
    return redirect("assignments:challenge-detail", found.challenge_id)
