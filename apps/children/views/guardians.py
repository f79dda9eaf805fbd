"""The guardian's pages: how the child signs in, and handing over the device."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import (
    UserRequest,
    in_time,
    need_fresh_password,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.accounts.services import FamilyIsLocked, StudentHasALogin
from apps.children import queries, services, sessions
from apps.children.forms import SetUpForm
from apps.core.access import with_permission


def _children(reader: User) -> QuerySet[Student]:
    rows = Student.objects.select_related("user")
    return with_permission(rows, reader, may_change_sign_in="change_sign_in")


_child_or_404 = Door(_children)


def child_of(request: UserRequest, student: UUID, action: str = "change_sign_in") -> Student:
    """The child whose sign-in this guardian looks after, or no such page."""
    return _child_or_404(request.user, student, action)


def has_own_login(child: Student) -> bool:
    """An account with an address of its own is nobody else's to set up."""
    return child.user is not None and not child.user.is_child


@login_required
@require_safe
def sign_in_show(request: UserRequest, student: UUID) -> HttpResponse:
    child = child_of(request, student, "manage_sign_in")
    devices = queries.devices_of(child)
    here = queries.children_here(sessions.device_token(request)).values_list("pk", flat=True)
    context = {
        "student": child,
        "has_own_login": has_own_login(child),
        "login": queries.login_of(child),
        "devices": devices,
        "here": set(here),
    }
    return render(request, "children/sign_in_show.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_edit(request: UserRequest, student: UUID) -> HttpResponse:
    """The name and the secret, the first time and later."""
    child = child_of(request, student)
    need_fresh_password(request)
    login = queries.login_of(child)
    form = SetUpForm(request.POST or None, student=child, login=login)
    if form.is_valid() and in_time(request, form):
        try:
            services.set_up(student=child, by=request.user, now=timezone.now(), **form.what_to_save)
        except services.NameIsTaken:
            form.add_error("username", _("This name is taken. Try another number."))
        except (StudentHasALogin, FamilyIsLocked):  # the page says it
            return redirect("children:sign-in-show", child.pk)
        else:
            messages.success(request, _("Saved."))
            return redirect("children:sign-in-show", child.pk)
    return render(request, "children/sign_in_edit.html", {"form": form, "student": child, "login": login})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_close(request: UserRequest, student: UUID) -> HttpResponse:
    child = child_of(request, student)
    need_fresh_password(request)
    if request.method == "POST":
        if writes_too_often(request):
            return slow_down(request)
        try:
            services.close_login(student=child, by=request.user, now=timezone.now())
        except (services.NoSignIn, FamilyIsLocked):
            pass  # closed already, on another page; or held still meanwhile, which the page says
        else:
            messages.success(request, _("The sign-in is closed."))
        return redirect("children:sign-in-show", child.pk)
    return render(request, "children/sign_in_close.html", {"student": child})


@post_only("children:sign-in-show", "student")
def hand_over(request: UserRequest, student: UUID) -> HttpResponse:
    """This browser becomes the child's. It takes rights away only, so no password is asked for."""
    child = child_of(request, student, "manage_sign_in")
    if writes_too_often(request):
        return slow_down(request)
    now, guardian = timezone.now(), request.user
    try:
        account = services.hand_over(student=child, by=guardian, now=now)
    except StudentHasALogin:
        messages.warning(request, _("%(name)s has a sign-in of their own.") % {"name": child.name})
        return redirect("children:sign-in-show", child.pk)
    except FamilyIsLocked:
        return redirect("children:sign-in-show", child.pk)
    sessions.begin_handed_over(request, account, by=guardian, now=now)
    return redirect("home:student")
