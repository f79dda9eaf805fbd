"""Sending invitations: to a guardian, to the student."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import services
from apps.accounts.doors import invitation_or_404, student_or_404
from apps.accounts.forms import AddressForm, InvitationForm
from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.models import Invitation
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.roles import role_of
from apps.core.access import is_allowed


def joining_role(request: HttpRequest) -> InvitationRole:
    """Which of the two is invited; the page is the guardian's unless it says the student's."""
    return (
        InvitationRole.STUDENT
        if request.GET.get("role") == InvitationRole.STUDENT
        else InvitationRole.GUARDIAN
    )


def resendable(form: AddressForm) -> Invitation | None:
    """The invitation that waits already, if this person may send it again."""
    found = form.duplicate
    return found if found is not None and is_allowed("manage", form.by, found) else None


def say_too_many(form: AddressForm) -> None:
    form.add_error("email", _("Too many invitations today. Please try again tomorrow."))


def overview_of(invitation: Invitation) -> HttpResponse:
    """Back to the page that lists such invitations."""
    if invitation.role == InvitationRole.GRANTEE:
        return redirect("accounts:grant-list", invitation.student_id)
    if invitation.student_id is None:
        return redirect("home:roster")
    return redirect("private_teaching:student-people", invitation.student_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(request: UserRequest, student: UUID) -> HttpResponse:
    role, now = joining_role(request), timezone.now()
    pupil = student_or_404(request.user, student, role_of(role).may_offer)
    form = InvitationForm(request.POST or None, student=pupil, by=request.user, role=role, now=now)
    if form.is_valid() and in_time(request, form):
        try:
            services.invite(student=pupil, role=role, by=request.user, now=now, **form.cleaned_data)
        except services.TooManyInvitations:
            say_too_many(form)
        else:
            messages.success(request, _("The invitation is on its way to %s.") % form.cleaned_data["email"])
            return redirect("private_teaching:student-people", pupil.pk)
    context = {"form": form, "student": pupil, "role": role, "resendable": resendable(form)}
    return render(request, "accounts/invitation_create.html", context)


@post_only("home:index")
def invitation_resend(request: UserRequest, invitation: UUID) -> HttpResponse:
    row = invitation_or_404(request.user, invitation, "manage")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.resend_invitation(invitation=row, by=request.user, now=timezone.now())
    except services.InvitationIsNotPending:
        messages.warning(request, _("This invitation was answered or has ended. Please make a new one."))
    except services.OfferIsOver:
        messages.warning(
            request, _("You cannot invite anybody here any more. Whoever has joined meanwhile can do it.")
        )
    except services.TooManyInvitations:
        messages.error(request, _("Too many invitations today. Please try again tomorrow."))
    except services.TooManyCodes as error:
        messages.warning(
            request,
            _("%(count)d codes wait already. Hand over one of them, or cancel one first.")
            % {"count": error.limit},
        )
    else:
        if row.is_by_code:
            messages.success(request, _("Here is a new code. The one before no longer works."))
            return redirect("accounts:code-show", row.pk)
        messages.success(
            request, _("Sent again to %s. The link in the earlier mail no longer works.") % row.email
        )
    return overview_of(row)


@post_only("home:index")
def invitation_cancel(request: UserRequest, invitation: UUID) -> HttpResponse:
    row = invitation_or_404(request.user, invitation, "manage")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.cancel_invitation(invitation=row, by=request.user, now=timezone.now())
    except services.InvitationIsNotPending:
        messages.warning(request, _("This invitation was answered already."))
    else:
        messages.success(request, _("The invitation is cancelled and no longer works."))
    return overview_of(row)
