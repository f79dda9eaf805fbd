"""Views that offer lessons: a teacher to a new pupil, a family to another teacher."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import services
from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest, in_time
from apps.accounts.models import Invitation
from apps.accounts.views.invitations import overview_of, resendable, say_too_many
from apps.core.access import is_allowed

from .forms import OfferForm, PupilInviteForm, TeacherInviteForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pupil_invite(request: UserRequest) -> HttpResponse:
    """For a pupil who has a diary already, or whose family wants to begin one itself."""
    if not is_allowed("invite_pupil", request.user, request.user):
        return render(request, "private_teaching/not_grown_up.html", status=403)
    form = PupilInviteForm(request.POST or None, student=None, by=request.user, now=timezone.now())
    if form.is_valid() and in_time(request, form) and (sent := send(form)):
        return after(request, sent)
    context = {"form": form, "resendable": resendable(form)}
    return render(request, "private_teaching/pupil_invite.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def teacher_invite(request: UserRequest, student: UUID) -> HttpResponse:
    """Another teacher, or one who stands in for a while."""
    pupil = student_or_404(request.user, student, "invite_teacher")
    form = TeacherInviteForm(request.POST or None, student=pupil, by=request.user, now=timezone.now())
    if form.is_valid() and in_time(request, form) and (sent := send(form)):
        return after(request, sent)
    context = {"form": form, "student": pupil, "resendable": resendable(form)}
    return render(request, "private_teaching/teacher_invite.html", context)


def send(form: OfferForm) -> Invitation | None:
    """By mail where there is an address, else by code; None when the form now says what does not fit."""
    data: dict[str, Any] = form.cleaned_data
    offer: dict[str, Any] = {
        "student": form.student,
        "role": form.role,
        "by": form.by,
        "now": form.now,
        "instrument": data["instrument"],
        "grant_until": data.get("until"),
    }
    try:
        if data["email"]:
            return services.invite(email=data["email"], language=data["language"], **offer)
        return services.invite_by_code(**offer)
    except services.TooManyInvitations:
        say_too_many(form)
    except services.TooManyCodes as error:
        words = _("%(count)d codes wait already. Hand over one of them, or cancel one first.")
        form.add_error(None, words % {"count": error.limit})
    return None


def after(request: UserRequest, invitation: Invitation) -> HttpResponse:
    if invitation.is_by_code:
        return redirect("accounts:code-show", invitation.pk)
    messages.success(request, _("The invitation is on its way to %s.") % invitation.email)
    return overview_of(invitation)
