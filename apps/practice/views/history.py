"""The history: the same page for the student, guardians, teachers and guests."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest, post_only
from apps.core.addresses import next_address
from apps.core.pages import Page
from apps.practice import queries, services
from apps.practice.models import PracticeEntry
from apps.practice.queries import DiaryHead, Filters

from .doors import head_or_404


@login_required
@require_safe
def entry_list(request: UserRequest, student: UUID) -> HttpResponse:
    head = head_or_404(request.user, student, with_weeks=True)
    now = timezone.now()
    filters = queries.read_filters(request.GET, head)
    page = queries.history_page(request.user, head, filters, request.GET.get("page"))
    context = {
        "head": head,
        "filters": filters,
        "statistics": queries.history_statistics(head, filters, now=now),
        "rows": page.rows,
        "new_entries": [entry for entry in page.rows if entry.is_new],
        "focus_areas": head.areas,
        "is_table": request.GET.get("view") == "table",
        "asked_weeks": head.asked_weeks(now),
        "readers": head.readers(request.user) if head.is_family else [],
        **_addresses(request.GET, head, filters, page),
    }
    return render(request, "practice/entry_list.html", context)


def _addresses(
    asked: QueryDict, head: DiaryHead, filters: Filters, page: Page[PracticeEntry]
) -> dict[str, str | None]:
    """The pager's and the view switch's links; all of them keep the filters."""
    path = reverse("practice:entry-list", args=[head.student.pk])
    view = "table" if asked.get("view") == "table" else None

    def link(**more: str | None) -> str:
        query = filters.address(**more)
        return f"{path}?{query}" if query else path

    return {
        "path": path,
        "newer_url": link(view=view, page=page.newer) if page.newer else None,
        "older_url": link(view=view, page=page.older) if page.older else None,
        "cards_url": link(page=asked.get("page")),
        "print_url": f"{reverse('practice:entry-print', args=[head.student.pk])}?{filters.address()}",
        "table_url": link(view="table", page=asked.get("page")),
    }


@post_only("home:index")
def entry_mark_seen(request: UserRequest) -> HttpResponse:
    """The entries that were on this teacher's screen are not new any more."""
    services.mark_seen(teacher=request.user, mark_ids=_numbers(request.POST.getlist("mark")))
    if request.headers.get("X-Requested-With") or request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(next_address(request, reverse("home:index")))


def _numbers(texts: list[str]) -> set[int]:
    """What is no number, or more than a key can be, is nobody's mark."""
    return {int(text) for text in texts if text.isdecimal() and len(text) <= 18}
