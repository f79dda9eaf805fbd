"""Invitations that go from hand to hand: making a code, showing it, and typing it in."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import services
from apps.accounts.doors import invitation_or_404, student_or_404
from apps.accounts.forms import CodeForm
from apps.accounts.http import UserRequest, in_time, post_only, slow_down, writes_too_often
from apps.accounts.roles import role_of

from .invitations import joining_role


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code_enter(request: HttpRequest) -> HttpResponse:
    """Type a code, signed in or not. One answer to whatever is no live code; it is sent, never linked."""
    form = CodeForm(request.POST or None)
    if form.is_valid() and in_time(request, form):
        by = request.user if request.user.is_authenticated else None
        source = get_adapter().get_client_ip(request)
        try:
            found = services.find_by_code(
                code=form.cleaned_data["code"], source=source, by=by, now=timezone.now()
            )
        except services.TooManyTries:
            form.add_error("code", _("That were too many tries. Please wait an hour, or scan the picture."))
        except services.NoSuchCode:
            form.add_error("code", form.fields["code"].error_messages["invalid"])
        else:
            return redirect("accounts:invitation-show", found.token)
    return render(request, "accounts/code_enter.html", {"form": form})


@post_only("accounts:invitation-create", "student")
def code_create(request: UserRequest, student: UUID) -> HttpResponse:
    role = joining_role(request)
    pupil = student_or_404(request.user, student, role_of(role).may_offer)
    if writes_too_often(request):
        return slow_down(request)
    try:
        invitation = services.invite_by_code(student=pupil, role=role, by=request.user, now=timezone.now())
    except services.TooManyCodes as error:
        messages.warning(
            request,
            _("%(count)d codes wait for %(name)s already. Hand over one of them, or cancel one first.")
            % {"count": error.limit, "name": pupil.name},
        )
        return redirect("private_teaching:student-people", pupil.pk)
    except services.StudentHasALogin:
        messages.warning(request, _("%(name)s has a login already.") % {"name": pupil.name})
        return redirect("private_teaching:student-people", pupil.pk)
    return redirect("accounts:code-show", invitation.pk)


@never_cache
@login_required
@require_safe
def code_show(request: UserRequest, invitation: UUID) -> HttpResponse:
    """The code to read out, the picture to scan, and what became of it."""
    row = invitation_or_404(request.user, invitation, "manage")
    if not row.is_by_code:
        raise Http404
    state = row.state(timezone.now())
    return render(request, "accounts/code_show.html", {"invitation": row, "state": state})
