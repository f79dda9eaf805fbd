"""What is new across all pupils, and one reply to several of them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest, collection_is_off, in_time, post_only
from apps.desk import services
from apps.desk.forms import ReplyForm
from apps.desk.queries import inbox_of, snippets_of
from apps.practice.services import KeyIsTaken, mark_seen
from apps.practice.views.history import numbers_in


def draft_key(request: UserRequest) -> str:
    return f"replies:{request.user.pk}"


@login_required
@require_safe
def inbox(request: UserRequest) -> HttpResponse:
    """Without pupils, and when everything was seen, it says so."""
    return _page(request, ReplyForm())


def _page(request: UserRequest, form: ReplyForm) -> HttpResponse:
    try:
        begin = UUID(request.GET.get("from", ""))
    except ValueError:
        begin = None
    found = inbox_of(request.user, begin=begin)
    chosen = request.POST.getlist("entry") if form.is_bound else []
    shown = {str(each.entry.pk) for pupil in found.pupils for each in pupil.news}
    # What was chosen on another page, or is not new any more, stays chosen.
    elsewhere = [(key, request.POST.getlist(f"marks-{key}")) for key in chosen if key not in shown]
    context = {
        "inbox": found,
        "form": form,
        "chosen": set(chosen),
        "elsewhere": elsewhere,
        "snippets": snippets_of(request.user),
        "draft_key": draft_key(request),
    }
    return render(request, "desk/inbox.html", context)


@post_only("desk:inbox")
def reply(request: UserRequest) -> HttpResponse:
    """What cannot be sent comes back with the words and the choice; what was answered is not new any more."""
    form = ReplyForm(request.POST)
    if not form.is_valid() or not in_time(request, form):
        return _page(request, form)
    data = form.cleaned_data
    try:
        done = services.reply_to_many(
            key=data["key"],
            entries=data["entry"],
            by=request.user,
            body=data["body"],
            now=timezone.now(),
        )
    except KeyIsTaken:
        form.refuse()
        return _page(request, form)
    if not done.entries:
        form.add_error(None, _("Nothing was sent: these entries are not yours to answer any more."))
        return _page(request, form)
    shown = [mark for pk in done.entries for mark in request.POST.getlist(f"marks-{pk}")]
    mark_seen(teacher=request.user, mark_ids=numbers_in(shown))
    _say(request, done)
    return redirect("desk:inbox")


def _say(request: UserRequest, done: services.Replied) -> None:
    names = ", ".join(dict.fromkeys(done.names))
    messages.success(request, _("Sent to %(names)s.") % {"names": names}, extra_tags=draft_key(request))
    for name in dict.fromkeys(done.refused):
        messages.warning(request, collection_is_off(name))
    if done.left_out:
        text = ngettext(
            "%(count)d entry was left out: it is gone, or its lessons ended or pause.",
            "%(count)d entries were left out: they are gone, or their lessons ended or pause.",
            done.left_out,
        )
        messages.warning(request, text % {"count": done.left_out})
