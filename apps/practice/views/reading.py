"""One entry with the talk under it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.http import UserRequest
from apps.accounts.queries import faces_for
from apps.practice import queries
from apps.practice.above import parts_for
from apps.practice.comment_forms import CommentForm
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.comments import CommentKind
from apps.practice.models.entries import RATINGS, label_of
from apps.practice.queries import DiaryHead, Thread

from .doors import entry_or_404, head_or_404


@login_required
@require_safe
@vary_on_headers("HX-Request")
def entry_detail(request: UserRequest, entry: UUID) -> HttpResponse:
    """The page; to a page that opens the talk in place, the part under the entry alone."""
    found = entry_or_404(request.user, entry)
    head = head_or_404(request.user, found.student_id)
    is_part = bool(request.headers.get("HX-Request"))
    template = "practice/_comments.html" if is_part else "practice/entry_detail.html"
    return render(request, template, detail_context(request, found, head))


def draft_key(request: UserRequest, entry: UUID, place: str = "") -> str:
    """Names the person, the entry and the form's place, under which what was typed waits on the device."""
    return ":".join(["comment", str(request.user.pk), str(entry), *filter(None, [place])])


def detail_context(
    request: UserRequest, entry: PracticeEntry, head: DiaryHead, wrong: CommentForm | None = None
) -> dict[str, object]:
    """What the page and its part under the entry need; ``wrong`` is a form that came back with a mistake."""
    comments = queries.comments_of(entry, request.user)
    choices = queries.thread_choices(entry, head)
    titles = [line.title for line in entry.shown_lines]
    came_back = {}
    if wrong is not None:
        wrong.fields["body"].widget.attrs["autofocus"] = True
        came_back = {wrong.place: wrong}
    return {
        "entry": entry,
        "head": head,
        "threads": _with_reply_forms(queries.threads(comments, entry, head), choices, came_back),
        "comment_form": came_back.get("") or CommentForm(threads=choices, lines=titles),
        "titles": titles,
        "new_until": _new_until(comments, head),
        "amend_form": came_back.get(CommentKind.AMENDMENT) or CommentForm(place=CommentKind.AMENDMENT),
        "readers": readers(request, entry, head),
        "ratings": _ratings(entry),
        "new_entries": [entry],
        "draft_key": draft_key(request, entry.pk),
        "faces": faces_for(request.user, (comment.author for comment in comments)),
        # Called by the page alone: the part under the entry that a script swaps has no need of them.
        "parts": partial(parts_for, request.user, entry),
    }


def _new_until(comments: list[EntryComment], head: DiaryHead) -> datetime | None:
    """The moment of the last words that the family has not seen. A teacher's are marked with the entry."""
    new = [comment.changed_at or comment.created_at for comment in comments if vars(comment)["is_new"]]
    return max(new, default=None) if head.is_family else None


def _with_reply_forms(
    threads: list[Thread], choices: list[tuple[str, str]], came_back: dict[str, CommentForm]
) -> list[tuple[Thread, CommentForm | None]]:
    """A form of its own for each teacher's open thread."""
    return [
        (
            thread,
            came_back.get(str(thread.teaching_id))
            or CommentForm(threads=choices, place=str(thread.teaching_id))
            if thread.is_open and thread.teaching_id
            else None,
        )
        for thread in threads
    ]


def readers(request: UserRequest, entry: PracticeEntry, head: DiaryHead) -> list[str]:
    """Who reads this entry, for the family's eyes."""
    if not head.is_family:
        return []
    if entry.is_private:
        return head.private_readers(request.user)
    if entry.addressed_to_id:
        teachers = [_("%(name)s (teacher)") % {"name": t.name} for t in queries.addressees(entry, head)]
        return [*head.private_readers(request.user), *teachers]
    return head.readers(request.user)


def _ratings(entry: PracticeEntry) -> list[tuple[str, int]]:
    """Those that were given; the card itself shows the enjoyment."""
    found = [(label_of(name), getattr(entry, name)) for name in RATINGS if name != "enjoyment"]
    return [(label, value) for label, value in found if value is not None]
