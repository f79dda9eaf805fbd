"""The pages on which somebody leaves: what goes, what stays and why, and the way back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.doors import student_or_404
from apps.accounts.http import (
    UserRequest,
    in_time,
    need_fresh_password,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.prepared import Door
from apps.core.ownership import Subject
from apps.privacy import queries
from apps.privacy.forms import EraseForm
from apps.privacy.models import Erasure
from apps.privacy.services import erasures
from apps.private_teaching.models import Teaching

from .doors import guardians_decide

erasure_or_404 = Door(lambda reader: Erasure.objects.all())


def sent(request: UserRequest) -> QueryDict | None:
    """What a form sent; two boxes that nobody ticked send nothing, and that is an answer too."""
    return request.POST if request.method == "POST" else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: UserRequest) -> HttpResponse:
    if not queries.decides_for_themselves(request.user.pk, "erase"):
        return guardians_decide(request)
    need_fresh_password(request)
    form = EraseForm(sent(request))
    if form.is_valid() and in_time(request, form):
        at_once = form.cleaned_data["at_once"]
        try:
            erasure = ask(request, Subject.PERSON, request.user.pk, at_once=at_once)
        except (erasures.ChildWouldBeAlone, erasures.FamilyIsNotSettled):
            form.add_error(None, _("Your account cannot be erased yet. See above why."))
        else:
            return after_asking(request, goes_now=at_once and not erasures.must_stay(erasure))
    context = {
        "form": form,
        "alone": queries.left_alone(request.user.pk),
        "unsettled": queries.unsettled(request.user.pk),
        "diaries_that_go": queries.diaries_that_go(request.user.pk),
        "diaries_that_stay": queries.diaries_that_stay(request.user.pk),
        "teaches": Teaching.objects.by(request.user).exists(),
    }
    return render(request, "privacy/person_erase.html", context)


def ask(request: UserRequest, subject: Subject, key: UUID, *, at_once: bool) -> Erasure:
    return erasures.ask_erasure(
        subject=subject, key=key, by=request.user, at_once=at_once, now=timezone.now()
    )


def after_asking(request: UserRequest, *, goes_now: bool) -> HttpResponse:
    if not goes_now:
        return redirect("privacy:person-data")
    logout(request)
    messages.success(request, _("Your account is being erased. Goodbye, and thank you."))
    return redirect("home:landing")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def student_erase(request: UserRequest, student: UUID) -> HttpResponse:
    pupil = student_or_404(request.user, student, "erase")
    need_fresh_password(request)
    others = queries.others_of(pupil.pk, request.user)
    form = EraseForm(sent(request), others=others)
    if form.is_valid() and in_time(request, form):
        try:
            ask(request, Subject.STUDENT, pupil.pk, at_once=form.cleaned_data["at_once"])
        except erasures.OthersMustBeAsked:
            form.add_error(None, _("Somebody else has joined the family: they must be asked first."))
        else:
            return redirect("privacy:student-data", pupil.pk)
    return render(request, "privacy/student_erase.html", {"form": form, "student": pupil, "others": others})


@post_only("home:index")
def erasure_stop(request: UserRequest, erasure: UUID) -> HttpResponse:
    """No password is asked for: whoever is in doubt, nothing is lost."""
    row = erasure_or_404(request.user, erasure, "view")
    if writes_too_often(request):
        return slow_down(request)
    try:
        erasures.stop_erasure(erasure=row, by=request.user, now=timezone.now())
    except erasures.ErasureHasBegun as error:
        if error.is_stopped:
            messages.info(request, _("It was stopped already. Nothing will be erased."))
        else:
            messages.error(request, _("This can no longer be stopped."))
    else:
        messages.success(request, _("Stopped. Nothing will be erased."))
    if row.subject == Subject.PERSON:
        return redirect("privacy:person-data")
    return redirect("privacy:student-data", row.subject_id)
