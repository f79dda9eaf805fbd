"""The ways to a request for lessons, and what somebody reads who comes too late."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from apps.accounts.http import UserRequest
from apps.accounts.models import User
from apps.accounts.prepared import Door
from apps.core.access import is_allowed
from apps.private_teaching.models import Application

OVER = gettext_lazy("Somebody was quicker: this request is answered or closed already.")
HELD = gettext_lazy(
    "The people who run this Woodshed hold this family as it is for now: nobody new can come to it."
    " Ask them if you need a change."
)


def rows() -> QuerySet[Application]:
    return Application.objects.select_related("student", "teacher__teacher_profile__published")


_application_or_404 = Door(lambda reader: rows())
# Who looks after a page of their own.
teacher_or_404 = Door(lambda reader: User.objects.all())


def found_or_404(request: UserRequest, application: UUID, action: str) -> Application:
    return _application_or_404(request.user, application, action)


def knock(request: UserRequest, application: UUID, action: str) -> Application | None:
    """For what is sent: the request, if this may be done; None when it is over since the page was opened.

    Raises Http404 for who never saw it, PermissionDenied for who may look at an open one but not do this.
    """
    row = found_or_404(request, application, "come_late")
    if is_allowed(action, request.user, row):
        return row
    if row.is_waiting() and is_allowed("view", request.user, row):
        raise PermissionDenied
    return None


def too_late(request: UserRequest, application: UUID) -> HttpResponse:
    messages.info(request, str(OVER))
    return after(request, application)


def after(request: UserRequest, application: UUID) -> HttpResponse:
    """Back to the request, if the person may still see it."""
    row = found_or_404(request, application, "come_late")
    if is_allowed("view", request.user, row):
        return redirect("private_teaching:application-show", application)
    return redirect("private_teaching:application-list")


def done(request: UserRequest, application: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return after(request, application)
