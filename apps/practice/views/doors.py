"""What every page of the diary begins with: who asks, for whose diary, for which entry."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.models import Student, User
from apps.core.access import get_allowed_or_404, with_permission
from apps.core.throttle import is_too_often
from apps.practice import queries
from apps.practice.models import PracticeEntry
from apps.practice.queries import DiaryHead

P = ParamSpec("P")
View = Callable[Concatenate["UserRequest", P], HttpResponse]
LOGS_A_MINUTE = 30
COMMENTS_A_MINUTE = 20


class UserRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def sign_in_first(back: str, *names: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """For an address that only takes POST: after signing in, the page with its form is the way back.

    htmx is told to go there as a whole page; it would put the sign-in form into the part that it swaps.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            messages.info(request, _("You were signed out. Sign in again, and go on where you were."))
            answer = redirect_to_login(reverse(back, args=[kwargs[name] for name in names]))
            is_htmx = request.headers.get("HX-Request")
            return HttpResponseClientRedirect(answer.url) if is_htmx else answer

        return checked

    return decorate


def head_or_404(user: User, student: UUID, action: str = "view") -> DiaryHead:
    """The diary's head for who may do this; see ``get_allowed_or_404`` for who may not."""
    head = queries.find_head(user, student, action)
    if head is None:
        pupil = get_allowed_or_404(Student.objects.all(), action, user, pk=student)
        # Allowed since the first look: somebody was let in at this moment.
        head = queries.diary_head(queries.with_people(Student.objects.filter(pk=pupil.pk), user).get(), user)
    return head


def entry_or_404(user: User, entry: UUID, action: str = "view") -> PracticeEntry:
    """The entry with all it shows and what this user may do with it."""
    rows = queries.with_details(PracticeEntry.objects.all(), user)
    rows = with_permission(
        rows,
        user,
        may_change="change",
        may_amend="amend",
        may_comment="comment",
        may_view_revisions="view_revisions",
    )
    return get_allowed_or_404(rows, action, user, pk=entry)


def slow_down(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def logs_too_often(user: User) -> bool:
    return is_too_often("log", user.pk, limit=LOGS_A_MINUTE)


def comments_too_often(user: User) -> bool:
    return is_too_often("comment", user.pk, limit=COMMENTS_A_MINUTE)
