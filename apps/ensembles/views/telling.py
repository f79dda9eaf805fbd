"""Saying that a session was one of several, and answering somebody who says so."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, collection_is_off, in_time, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.ensembles import queries, services
from apps.ensembles.forms import AnswerForm, TogetherForm, is_no
from apps.ensembles.models import GroupPart
from apps.practice.models import PracticeEntry
from apps.practice.refusals import refusal
from apps.practice.services import EntryIsNotPossible

WAITS_NO_MORE = gettext_lazy("This question does not wait any more: it was answered or is over.")

entry_or_404 = Door(lambda reader: PracticeEntry.objects.select_related("student"))
part_or_404 = Door(
    lambda reader: GroupPart.objects.select_related(
        "session__entry", "session__membership", "session__ensemble", "membership__teaching__student__user"
    )
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_together(request: UserRequest, entry: UUID) -> HttpResponse:
    """Who else was there: those whose names the family sees, less those who are asked already. Of what is
    over nobody is named."""
    found = entry_or_404(request.user, entry, "play_together")
    is_over = queries.is_over(found, now=timezone.now())
    people = [] if is_over else queries.people_to_ask(found)
    free = [row for row in people if not vars(row)["was_asked"]]
    # Who presses twice has asked them already, which is as good.
    form = (
        TogetherForm(request.POST, people=people) if request.method == "POST" else TogetherForm(people=free)
    )
    if form.is_valid() and in_time(request, form):
        try:
            said = services.say_together(
                entry=found, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.NotPossible as error:
            form.refuse(error)
        else:
            asked, known = (
                _("Saved. They find the question on their own page."),
                _("Saved. They said so, too."),
            )
            messages.success(request, asked if said.entry_id == found.pk else known)
            return redirect("practice:entry-detail", found.pk)
    context = {
        "entry": found,
        "is_over": is_over,
        "form": form,
        "free": free,
        "asked": [row for row in people if vars(row)["was_asked"]],
        "acting_for": "" if found.student.user_id == request.user.pk else found.student.name,
    }
    return render(request, "ensembles/entry_together.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def part_answer(request: UserRequest, part: UUID) -> HttpResponse:
    """Was it so? Yes makes an entry of one's own, or takes one that is there; no tells nobody anything."""
    try:
        found = part_or_404(request.user, part, "answer")
    except Http404:
        return came_late(request, part)
    student, first = found.membership.teaching.student, found.session.entry
    assert first is not None  # noqa: S101  (what is open has one)
    if request.method == "POST" and is_no(request.POST):
        return declined(request, found)
    data = request.POST if request.method == "POST" else None
    entries = queries.entries_of_day(found, request.user)
    form = AnswerForm(data, minutes=first.minutes, entries=entries)
    if form.is_valid() and in_time(request, form) and confirmed(request, found, form):
        return redirect("ensembles:student-ensembles", student.pk)
    context = {
        "question": queries.question_of(found),
        "form": form,
        "student": student,
        "acting_for": "" if student.user_id == request.user.pk else student.name,
    }
    return render(request, "ensembles/part_answer.html", context)


def came_late(request: UserRequest, part: UUID) -> HttpResponse:
    """For who presses twice, comes after the other guardian, or after it was taken back. Raises Http404."""
    found = part_or_404(request.user, part, "come_late")
    messages.info(request, WAITS_NO_MORE)
    return redirect("ensembles:student-ensembles", found.membership.teaching.student_id)


def declined(request: UserRequest, part: GroupPart) -> HttpResponse:
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.decline_part(part=part, by=request.user, now=timezone.now())
    except services.OverMeanwhile:
        messages.info(request, WAITS_NO_MORE)
    else:
        messages.success(request, _("Saved. Nobody is told."))
    return redirect("ensembles:student-ensembles", part.membership.teaching.student_id)


def confirmed(request: UserRequest, part: GroupPart, form: AnswerForm) -> bool:
    """Save it; else the form says what was impossible."""
    student = part.membership.teaching.student
    minutes = form.cleaned_data.get("minutes") or 0
    try:
        entry = services.confirm_part(
            part=part, by=request.user, now=timezone.now(), minutes=minutes, entry=form.chosen
        )
    except EntryIsNotPossible as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, refusal(error, student.name))
    except CollectionIsOff:
        form.add_error(None, collection_is_off(student.name))
    except services.NotPossible:
        form.add_error(None, _("This was answered or taken back meanwhile. Nothing was written."))
    else:
        address = reverse("practice:entry-edit", args=[entry.pk])
        said = _("Saved as your own entry.")
        messages.success(request, format_html('{} <a href="{}">{}</a>', said, address, _("Add details")))
        return True
    return False
