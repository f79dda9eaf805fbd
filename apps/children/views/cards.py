"""The card that a guardian prints: a picture to scan, good on trusted devices only."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest, need_fresh_password, post_only, slow_down, writes_too_often
from apps.children import queries, services

from .guardians import child_of


@never_cache
@login_required
@require_safe
def card_show(request: UserRequest, student: UUID) -> HttpResponse:
    """To print, as often as one likes: it is the same card until a new one is made."""
    child = child_of(request, student, "manage_sign_in")
    need_fresh_password(request)
    return render(request, "children/card_show.html", {"student": child, "login": queries.login_of(child)})


@post_only("children:card-show", "student")
def card_make(request: UserRequest, student: UUID) -> HttpResponse:
    child = child_of(request, student)
    need_fresh_password(request)
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.make_card(student=child, by=request.user, now=timezone.now())
    except services.NoSignIn:
        return redirect("children:sign-in-show", child.pk)
    return redirect("children:card-show", child.pk)


@post_only("children:sign-in-show", "student")
def card_revoke(request: UserRequest, student: UUID) -> HttpResponse:
    """No password is asked for: it takes something away, and a card is lost in a hurry."""
    child = child_of(request, student, "manage_sign_in")
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.revoke_card(student=child, by=request.user, now=timezone.now())
    except services.NoSignIn:
        pass  # closed already, on another page
    else:
        messages.success(request, _("The card leads nobody in any more."))
    return redirect("children:sign-in-show", child.pk)
