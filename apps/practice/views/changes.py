"""Changing, deleting, and reading what was changed."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import UserRequest, collection_is_off, in_time, slow_down, writes_too_often
from apps.accounts.services import CollectionIsOff
from apps.practice import queries, services
from apps.practice.above import questions_for
from apps.practice.forms import EntryForm
from apps.practice.models import PracticeEntry
from apps.practice.models.comments import AuthorRole

from .doors import closed_meanwhile, entry_or_404, head_or_404, nothing_is_kept
from .logging import draft_key


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: UserRequest, entry: UUID) -> HttpResponse:
    found = entry_or_404(request.user, entry)
    is_closed = not vars(found)["may_change"]
    if is_closed and not _wrote(request, found):
        return _locked(request, found)
    head = head_or_404(request.user, found.student_id, "log_practice", with_names=True)
    if request.method != "POST" and not head.student.collecting:
        return nothing_is_kept(request, head)
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    questions = questions_for(request.user, head.student, data, request.GET, found)
    form = EntryForm(data, head=head, today=head.student.today(now), entry=found, questions=questions)
    is_sent = data is not None and not is_closed and form.is_valid() and in_time(request, form)
    if is_sent and _changed(request, found, form, now):
        return redirect("practice:entry-detail", entry)
    context = {
        "form": form,
        "entry": found,
        "is_closed": is_closed,
        "head": head,
        "known": head.known.offered,
        "draft_key": draft_key(request, entry),
        "acting_for": "" if head.role == AuthorRole.STUDENT else head.student.name,
    }
    return render(request, "practice/entry_edit.html", context, status=403 if is_closed else 200)


def _wrote(request: UserRequest, entry: PracticeEntry) -> bool:
    """Sent by somebody who could still change it when they opened the form: their words come back."""
    could = vars(entry)["may_amend"] or entry.logged_by_id == request.user.pk
    return request.method == "POST" and could


def _changed(request: UserRequest, entry: PracticeEntry, form: EntryForm, now: datetime) -> bool:
    try:
        services.change_entry(
            entry=entry,
            by=request.user,
            content=form.content(),
            now=now,
            version=form.cleaned_data["version"],
        )
    except services.EntryIsNotPossible as error:
        form.refuse(error)
        return False
    except services.EntryIsLocked:
        # Not for somebody who has lost the whole diary meanwhile: the page would name the student.
        head_or_404(request.user, entry.student_id, "log_practice")
        form.add_error(None, closed_meanwhile())
        return False
    except CollectionIsOff:
        form.add_error(None, collection_is_off(form.head.student.name))
        return False
    messages.success(request, _("Changed."), extra_tags=draft_key(request, entry.pk))
    return True


def _locked(request: UserRequest, entry: PracticeEntry) -> HttpResponse:
    """Why it is closed and what helps instead; for who never could change it, the plain answer."""
    if not vars(entry)["may_amend"]:
        raise PermissionDenied
    return render(request, "practice/entry_locked.html", {"entry": entry}, status=403)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_delete(request: UserRequest, entry: UUID) -> HttpResponse:
    found = entry_or_404(request.user, entry)
    if not vars(found)["may_change"]:
        return _locked(request, found)
    if request.method == "POST":
        return _deleted(request, found)
    return render(request, "practice/entry_delete.html", {"entry": found})


def _deleted(request: UserRequest, entry: PracticeEntry) -> HttpResponse:
    if writes_too_often(request):
        return slow_down(request)
    try:
        services.delete_entry(entry=entry, by=request.user, now=timezone.now())
    except services.EntryIsLocked:
        return _locked(request, entry_or_404(request.user, entry.pk))
    messages.success(request, _("Deleted. It no longer counts anywhere."))
    return redirect("practice:entry-list", entry.student_id)


@login_required
@require_safe
def entry_revisions(request: UserRequest, entry: UUID) -> HttpResponse:
    found = entry_or_404(request.user, entry, "view_revisions")
    context = {"entry": found, "versions": queries.versions(found)}
    return render(request, "practice/entry_revisions.html", context)
