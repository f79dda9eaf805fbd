"""Talk under an entry."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
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
from apps.accounts.services import CollectionIsOff
from apps.practice import queries, services
from apps.practice.comment_forms import CommentForm
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.comments import CommentKind
from apps.practice.queries import DiaryHead

from .doors import closed_meanwhile, comment_or_404, entry_or_404, head_or_404
from .reading import detail_context, draft_key


@post_only("practice:entry-detail", "entry")
def comment_add(request: UserRequest, entry: UUID) -> HttpResponse:
    found = entry_or_404(request.user, entry, "comment")
    head = head_or_404(request.user, found.student_id)
    choices = queries.thread_choices(found, head)
    place = _place(request, dict(choices))
    titles = [] if place else [line.title for line in found.shown_lines]
    form = CommentForm(request.POST, threads=choices, lines=titles, place=place)
    said = _written(request, found, head, form) if form.is_valid() and in_time(request, form) else None
    key = draft_key(request, entry, form.place)
    if request.headers.get("HX-Request"):
        context = detail_context(request, found, head, None if said else form)
        return render(request, "practice/_comments.html", {**context, "said": said, "said_key": key})
    if said is None:
        return render(request, "practice/entry_detail.html", detail_context(request, found, head, form))
    messages.success(request, _("Your words are there."), extra_tags=key)
    return redirect(f"{reverse('practice:entry-detail', args=[entry])}#comment-{said.pk}")


def _place(request: UserRequest, choices: dict[str, str]) -> str:
    """Which of the page's forms was sent; an answer to a thread that is not offered is the main form's."""
    kind, thread = request.POST.get("kind", ""), request.POST.get("thread", "")
    if kind == CommentKind.AMENDMENT:
        return kind
    return thread if kind == "reply" and thread in choices else ""


def _written(
    request: UserRequest, entry: PracticeEntry, head: DiaryHead, form: CommentForm
) -> EntryComment | None:
    """The comment; or None, and the form says why not."""
    kind = CommentKind.AMENDMENT if form.place == CommentKind.AMENDMENT else CommentKind.COMMENT
    if kind == CommentKind.AMENDMENT and not vars(entry)["may_amend"]:
        raise PermissionDenied
    try:
        return services.add_comment(
            key=form.cleaned_data["key"],
            entry=entry,
            by=request.user,
            role=head.role,
            body=form.cleaned_data["body"],
            about=form.cleaned_data.get("about", ""),
            thread=queries.thread_for(entry, head, form.cleaned_data["thread"]),
            kind=kind,
            now=timezone.now(),
        )
    except services.KeyIsTaken:
        form.refuse()
    except services.EntryIsLocked:
        form.add_error(None, closed_meanwhile())
    except CollectionIsOff:
        form.add_error(None, collection_is_off(head.student.name))
    return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comment_delete(request: UserRequest, comment: UUID) -> HttpResponse:
    found = comment_or_404(request.user, comment, "delete")
    if request.method == "POST":
        if writes_too_often(request):
            return slow_down(request)
        services.delete_comment(comment=found, now=timezone.now())
        messages.success(request, _("Taken back."))
        return redirect("practice:entry-detail", found.entry_id)
    return render(request, "practice/comment_delete.html", {"comment": found})
