"""Writing a session down: the form, and the button that needs no form."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
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
from apps.core.addresses import next_address
from apps.practice import queries, services
from apps.practice.above import questions_for
from apps.practice.forms import EntryForm, QuickLogForm, first_error
from apps.practice.models.comments import AuthorRole
from apps.practice.queries import Beginning, DiaryHead
from apps.practice.refusals import refusal

from .doors import head_or_404, nothing_is_kept


def draft_key(request: UserRequest, *thing: object) -> str:
    """Names the person and the thing, so that two people at one tablet keep their own drafts."""
    return ":".join(["entry", str(request.user.pk), *map(str, thing)])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_log(request: UserRequest, student: UUID) -> HttpResponse:
    head = head_or_404(request.user, student, "log_practice", with_names=True)
    if request.method != "POST" and not head.student.collecting:
        return nothing_is_kept(request, head)
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    begun = queries.beginning(request.user, head, request.GET) if data is None else None
    form = EntryForm(
        data,
        head=head,
        today=head.student.today(now),
        tapped=request.GET,
        begun=begun,
        questions=questions_for(request.user, head.student, data, request.GET),
    )
    if data is not None and form.is_valid() and in_time(request, form) and _saved(request, form, now):
        return redirect(next_address(request, reverse("practice:entry-list", args=[student])))
    form.offer(queries.last_lines(head.student, request.user))
    return render(
        request,
        "practice/entry_log.html",
        {
            "form": form,
            "head": head,
            "draft_key": draft_key(request, student),
            "acting_for": _acting_for(head),
            "next": next_address(request, ""),
            "known": head.known.offered,
            "last_urls": _last_urls(request.GET, begun) if begun else [],
        },
    )


def _last_urls(asked: QueryDict, begun: Beginning) -> list[tuple[str, str]]:
    """Presses that begin with the lines of another entry, each with the name of what was in it."""
    kept = {name: asked[name] for name in ("minutes", "next") if name in asked}
    every: dict[str, Any] = {**kept, "last": "1"}
    found = [("", every)] if begun.about or not begun.is_copied else []
    if begun.name and not begun.is_copied:
        found.append((begun.name, every | {name: key for name, key in asdict(begun.about).items() if key}))
    return [(name, f"?{urlencode(asked)}") for name, asked in found]


def _saved(request: UserRequest, form: EntryForm, now: datetime) -> bool:
    """Save what the form holds; saved before is as good. Else the form says what was impossible."""
    student = form.head.student
    content = form.content()
    try:
        services.log_entry(
            key=form.cleaned_data["key"], student=student, by=request.user, content=content, now=now
        )
    except services.EntryAlreadyLogged:
        pass
    except services.EntryIsNotPossible as error:
        form.refuse(error)
        return False
    except CollectionIsOff:
        form.add_error(None, collection_is_off(student.name))
        return False
    messages.success(request, _("Saved. Well done!"), extra_tags=draft_key(request, student.pk))
    return True


def _acting_for(head: DiaryHead) -> str:
    """The student's name when somebody else writes."""
    return "" if head.role == AuthorRole.STUDENT else head.student.name


@post_only("practice:entry-log", "student")
def entry_quick_log(request: UserRequest, student: UUID) -> HttpResponse:
    head = head_or_404(request.user, student, "log_practice", with_names=True)
    if writes_too_often(request):
        return slow_down(request)
    form = QuickLogForm(request.POST, head=head)
    back = next_address(request, reverse("practice:entry-list", args=[student]))
    if not form.is_valid():
        messages.error(request, first_error(form.errors))
        return _to_the_form(request, student)
    now = timezone.now()
    key = form.cleaned_data["key"] or uuid4()
    content = form.content(head.student.today(now))
    try:
        services.log_entry(key=key, student=head.student, by=request.user, content=content, now=now)
    except services.EntryAlreadyLogged:
        pass
    except services.EntryIsNotPossible as error:
        teachers = [teacher.name for teacher in head.current_teachers]
        messages.error(request, refusal(error, head.student.name, teachers=teachers))
        return _to_the_form(request, student)
    except CollectionIsOff:
        # The form's page says why.
        return _to_the_form(request, student)
    _offer_details(request, key, content.minutes)
    return redirect(back)


def _to_the_form(request: UserRequest, student: UUID) -> HttpResponse:
    """With what was tapped: the minutes, the lines, and where it should lead afterwards."""
    tapped = QueryDict(mutable=True)
    for name in ("minutes", "again", "next"):
        tapped.setlist(name, request.POST.getlist(name))
    address = reverse("practice:entry-log", args=[student])
    return redirect(f"{address}?{tapped.urlencode()}" if tapped.urlencode() else address)


def _offer_details(request: UserRequest, entry: UUID, minutes: int) -> None:
    said = _("Saved: %(minutes)d min.") % {"minutes": minutes}
    address = reverse("practice:entry-edit", args=[entry])
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, address, _("Add details")))
