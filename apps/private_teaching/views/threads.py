"""What both sides say about a request for lessons."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import (
    UserRequest,
    collection_is_off,
    in_time,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.models import User
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.core.access import is_allowed, with_permission
from apps.private_teaching import queries, services
from apps.private_teaching.application_forms import MessageForm
from apps.private_teaching.models import Application, ApplicationMessage
from apps.private_teaching.models.applications import ApplicationState
from apps.safeguarding.items import Item
from apps.safeguarding.views import report_page

from .doors import OVER, found_or_404, knock, rows, too_late

message_or_404 = Door(
    lambda reader: ApplicationMessage.objects.select_related(
        "application", "author__teacher_profile__published"
    )
)


def _applications(reader: User) -> QuerySet[Application]:
    return with_permission(
        queries.with_agreement(rows()),
        reader,
        may_comment="comment",
        may_answer="answer",
        may_agree="agree",
        may_withdraw="withdraw",
    )


_talk_or_404 = Door(_applications)


def application_page(
    request: UserRequest, application: UUID, form: MessageForm | None = None
) -> HttpResponse:
    """One request for whoever takes part: how it stands, what was said, and what can be done now."""
    row = _talk_or_404(request.user, application)
    is_teacher = row.teacher_id == request.user.pk
    context = {
        "application": row,
        "state": row.standing(timezone.now()),
        "is_teacher": is_teacher,
        "teacher_name": queries.teacher_name(row.teacher),
        "form": form or MessageForm(),
    }
    more = facts_of(row, is_teacher=is_teacher) | {"thread": talk(row, request.user)}
    return render(request, "private_teaching/application_show.html", context | more)


def facts_of(row: Application, *, is_teacher: bool) -> dict[str, Any]:
    """What stands beside an open request: its number on the list, the free places, what a yes lacks.

    Nothing of the family's is told to the teacher.
    """
    if not row.is_waiting():
        return {}
    profile = getattr(row.teacher, "teacher_profile", None)
    is_listed = row.state == ApplicationState.WAITLISTED
    lack = "" if vars(row)["is_agreed"] else queries.lack_of(row)
    return {
        "number": queries.waiting_number(row) if is_listed else 0,
        "free": queries.free_places(profile, without=row.student) if is_teacher and profile else 0,
        "lack": lack,
        "is_held": bool(lack) and not is_teacher and queries.is_held(row.student),
    }


def talk(row: Application, viewer: User) -> list[tuple[ApplicationMessage, str]]:
    """All that was said, each with the name of who said it."""
    return [(message, queries.author_name(message)) for message in queries.thread_of(row, viewer=viewer)]


@post_only("private_teaching:application-show", "application")
def message_add(request: UserRequest, application: UUID) -> HttpResponse:
    row, form = knock(request, application, "comment"), MessageForm(request.POST)
    if row is None:
        return kept(request, application, form)
    if form.is_valid() and in_time(request, form):
        try:
            services.say(application=row, by=request.user, now=timezone.now(), **form.cleaned_data)
        except services.MessageKeyIsTaken:
            form.refuse()
        except services.ApplicationIsOver:
            return kept(request, application, form)
        except CollectionIsOff:
            form.add_error(None, nothing_new(row, request.user))
        else:
            messages.success(request, _("Your words are there."))
            return redirect("private_teaching:application-show", row.pk)
    return application_page(request, row.pk, form)


def kept(request: UserRequest, application: UUID, form: MessageForm) -> HttpResponse:
    """Nobody writes there any more; whoever may still read it finds what they have typed."""
    if not is_allowed("view", request.user, found_or_404(request, application, "come_late")):
        return too_late(request, application)
    form.add_error(None, str(OVER))
    return application_page(request, application, form)


def nothing_new(row: Application, reader: User) -> str:
    """The family reads why; the teacher, who knows a first name, only that it is so."""
    if row.teacher_id == reader.pk:
        return _("Nothing can be written here just now. What you typed is still here to copy.")
    return collection_is_off(row.student.get_short_name())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def message_delete(request: UserRequest, message: UUID) -> HttpResponse:
    found = message_or_404(request.user, message, "delete")
    if request.method != "POST":
        return render(request, "private_teaching/message_delete.html", {"message": found})
    if writes_too_often(request):
        return slow_down(request)
    services.take_back_message(message=found, by=request.user, now=timezone.now())
    messages.success(request, _("Your message is gone."))
    return redirect("private_teaching:application-show", found.application_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def message_report(request: UserRequest, message: UUID) -> HttpResponse:
    found = message_or_404(request.user, message, "view")
    item = Item(
        kind="message",
        pk=found.pk,
        student_id=found.application.student_id,
        author_id=found.author_id,
        text=found.body,
        title=_("What %(name)s wrote") % {"name": queries.author_name(found)},
        back_url=reverse("private_teaching:application-show", args=[found.application_id]),
    )
    return report_page(request, item)
