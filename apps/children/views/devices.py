"""Where a child may sign in: trusting this device, and taking that back from any."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.browsers import browser_name
from apps.accounts.http import UserRequest, need_fresh_password, post_only, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.children import queries, services, sessions
from apps.children.models import TrustedDevice

from .guardians import child_of

device_or_404 = Door(lambda reader: TrustedDevice.objects.all())


@post_only("children:sign-in-show", "student")
def device_trust(request: UserRequest, student: UUID) -> HttpResponse:
    child = child_of(request, student)
    need_fresh_password(request)
    if writes_too_often(request):
        return slow_down(request)
    response = redirect("children:sign-in-show", child.pk)
    if queries.login_of(child) is None:
        return response
    token = services.trust_device(
        student=child,
        token=sessions.device_token(request),
        name=browser_name(request.headers.get("User-Agent", "")),
        by=request.user,
        now=timezone.now(),
    )
    sessions.remember_device(response, token)
    messages.success(
        request, _("%(name)s may sign in on this device now.") % {"name": child.get_short_name()}
    )
    return response


@post_only("home:index")
def device_revoke(request: UserRequest, device: UUID) -> HttpResponse:
    row = device_or_404(request.user, device, "manage")
    if writes_too_often(request):
        return slow_down(request)
    services.revoke_device(device=row, by=request.user, now=timezone.now())
    messages.success(request, _("Nobody signs in on that device any more."))
    return redirect("children:sign-in-show", row.student_id)


@post_only("home:index")
def device_unlock(request: UserRequest, device: UUID) -> HttpResponse:
    """After too many wrong tries; not for whoever finds the guardian's screen unlocked."""
    row = device_or_404(request.user, device, "manage")
    need_fresh_password(request)
    if writes_too_often(request):
        return slow_down(request)
    services.unlock_device(device=row, by=request.user, now=timezone.now())
    messages.success(request, _("Your child may try again there."))
    return redirect("children:sign-in-show", row.student_id)
