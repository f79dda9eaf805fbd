"""What becomes of a comment after it was written."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import (
    UserRequest,
    collection_is_off,
    in_time,
    post_only,
    slow_down,
    writes_too_often,
)
from apps.accounts.prepared import Door
from apps.accounts.services import CollectionIsOff
from apps.practice import queries
from apps.practice.comment_forms import CommentEditForm
from apps.practice.models import CommentThanks, EntryComment
from apps.practice.services import ChangedMeanwhile, EntryIsLocked
from apps.practice.services.talk import change_comment, see_talk, take_back_thanks, thank

from .doors import comment_or_404, entry_or_404

thanks_or_404 = Door(lambda reader: CommentThanks.objects.select_related("comment"))


def _place_of(comment: EntryComment) -> str:
    return f"{reverse('practice:entry-detail', args=[comment.entry_id])}#comment-{comment.pk}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: UserRequest, comment: UUID) -> HttpResponse:
    """When the time is over while somebody writes, their words come back to be copied."""
    wrote = request.method == "POST"
    found = comment_or_404(request.user, comment, "delete" if wrote else "change")
    form = CommentEditForm(request.POST if wrote else None, comment=found)
    if wrote and form.is_valid() and in_time(request, form) and _changed(request, found, form):
        messages.success(request, _("Changed."))
        return redirect(_place_of(found))
    return render(request, "practice/comment_edit.html", {"comment": found, "form": form})


def _changed(request: UserRequest, comment: EntryComment, form: CommentEditForm) -> bool:
    body, version = form.cleaned_data["body"], form.cleaned_data["version"]
    try:
        change_comment(comment=comment, by=request.user, body=body, version=version, now=timezone.now())
    except ChangedMeanwhile as error:
        form.refuse(error.version)
    except EntryIsLocked:
        form.add_error(
            None,
            _(
                "The time to change it is over, or it is gone meanwhile. What you typed is still here to "
                "copy: write a new comment."
            ),
        )
    except CollectionIsOff:
        form.add_error(None, collection_is_off(comment.entry.student.name))
    else:
        return True
    return False


@login_required
@require_safe
def comment_versions(request: UserRequest, comment: UUID) -> HttpResponse:
    found = comment_or_404(request.user, comment, "view_versions")
    context = {"comment": found, "versions": queries.words_of_comment(found)}
    return render(request, "practice/comment_versions.html", context)


@post_only("home:index")
def comment_thank(request: UserRequest, comment: UUID) -> HttpResponse:
    found = comment_or_404(request.user, comment, "thank")
    if writes_too_often(request):
        return slow_down(request)
    try:
        thank(comment=found, by=request.user, now=timezone.now())
    except EntryIsLocked:
        messages.error(request, _("It was taken back meanwhile."))
    except CollectionIsOff:
        messages.error(request, collection_is_off(found.entry.student.name))
    return redirect(_place_of(found))


@post_only("home:index")
def thanks_remove(request: UserRequest, thanks: UUID) -> HttpResponse:
    """Also for who may not read the comment any more: then it leads to the first page."""
    found = thanks_or_404(request.user, thanks, "take_back")
    if writes_too_often(request):
        return slow_down(request)
    take_back_thanks(thanks=found)
    messages.success(request, _("Taken back."))
    reads_on = EntryComment.objects.filter(pk=found.comment_id)
    return redirect(_place_of(found.comment) if queries.may_read(request.user, reads_on) else "home:index")


@post_only("practice:entry-detail", "entry")
def talk_seen(request: UserRequest, entry: UUID) -> HttpResponse:
    """What was said until the moment that the page shows; a moment that makes no sense is none."""
    found = entry_or_404(request.user, entry)
    if writes_too_often(request):
        return slow_down(request)
    until = _moment(request.POST.get("mark", ""))
    if until is not None:
        see_talk(entry=found, by=request.user, until=min(until, timezone.now()))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(f"{reverse('practice:entry-detail', args=[entry])}#comments")


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
