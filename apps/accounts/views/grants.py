"""Guests: whom the family lets in until a date."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import queries, services
from apps.accounts.doors import student_or_404
from apps.accounts.forms import GrantForm
from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.models import Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole, unanswered_since
from apps.accounts.prepared import Door
from apps.core.access import with_permission

from .invitations import resendable, say_too_many


def _students(reader: User) -> QuerySet[Student]:
    return with_permission(Student.objects.all(), reader, may_share_link="share_link")


_sharing_or_404 = Door(_students)


@login_required
@require_safe
def grant_list(request: UserRequest, student: UUID) -> HttpResponse:
    pupil = _sharing_or_404(request.user, student, "manage_grants")
    now = timezone.now()
    sent = Invitation.objects.filter(student=pupil, role=InvitationRole.GRANTEE)
    waiting = sent.unanswered(unanswered_since(now))
    context = {
        "student": pupil,
        "guests": queries.guests_of(pupil, now),
        "links": queries.reader_links_of(pupil, now),
        "waiting": [(invitation, invitation.state(now)) for invitation in waiting],
    }
    return render(request, "accounts/grant_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grant_create(request: UserRequest, student: UUID) -> HttpResponse:
    now = timezone.now()
    pupil = student_or_404(request.user, student, "manage_grants")
    form = GrantForm(request.POST or None, student=pupil, by=request.user, now=now)
    if form.is_valid() and in_time(request, form):
        data = form.cleaned_data
        try:
            services.invite(
                student=pupil,
                role=InvitationRole.GRANTEE,
                email=data["email"],
                language=data["language"],
                grant_level=data["level"],
                grant_until=data["until"],
                by=request.user,
                now=now,
            )
        except services.TooManyInvitations:
            say_too_many(form)
        else:
            messages.success(request, _("The invitation is on its way to %s.") % data["email"])
            return redirect("accounts:grant-list", pupil.pk)
    context = {"form": form, "student": pupil, "resendable": resendable(form)}
    return render(request, "accounts/grant_create.html", context)


@post_only("accounts:grant-list", "student")
def grant_revoke(request: UserRequest, student: UUID, user: UUID) -> HttpResponse:
    """Take access away from now on. Somebody who is no guest answers like somebody who does not exist."""
    pupil = student_or_404(request.user, student, "manage_grants")
    guest = get_object_or_404(User.objects.filter(pk__in=pupil.grants.values("user_id")), pk=user)
    if writes_too_often(request):
        return slow_down(request)
    services.revoke_grant(student=pupil, user=guest, by=request.user, now=timezone.now())
    messages.success(request, _("%(guest)s can no longer see the diary.") % {"guest": guest.get_full_name()})
    return redirect("accounts:grant-list", pupil.pk)
