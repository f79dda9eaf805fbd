"""The history: the same page for the student, guardians, teachers and guests."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import UserRequest, post_only
from apps.core.addresses import next_address
from apps.practice import queries, services

from .filtering import asked_of, context_of, filtered_head, ways


@login_required
@require_safe
def entry_list(request: UserRequest, student: UUID) -> HttpResponse:
    head = filtered_head(request, student, with_weeks=True)
    asked = asked_of(request, head, "practice:entry-list")
    if asked.elsewhere:
        return asked.elsewhere
    now, filters = timezone.now(), asked.filters
    found = queries.history_of(request.user, head, filters, request.GET.get("page"), now=now)
    page = found.page
    view = "table" if request.GET.get("view") == "table" else None
    path = reverse("practice:entry-list", args=[student])
    context = {
        "statistics": found.statistics,
        "back_to": found.back_to,
        "rows": page.rows,
        "new_entries": [entry for entry in page.rows if entry.is_new],
        "is_table": bool(view),
        "current": view or "cards",
        "asked_weeks": head.asked_weeks(now),
        "readers": head.readers(request.user) if head.is_family else [],
        "newer_url": f"{path}?{filters.address(view=view, page=page.newer)}" if page.newer else None,
        "older_url": f"{path}?{filters.address(view=view, page=page.older)}" if page.older else None,
        **context_of(asked, filters, path, view=view),
        **ways(student, filters, request.GET.get("page")),
    }
    return render(request, "practice/entry_list.html", context)


@login_required
@require_safe
def entry_calendar(request: UserRequest, student: UUID) -> HttpResponse:
    """A month; what makes no sense is this one."""
    head = filtered_head(request, student)
    asked = asked_of(request, head, "practice:entry-calendar")
    if asked.elsewhere:
        return asked.elsewhere
    today, filters, typed = head.student.today(timezone.now()), asked.filters, request.GET.get("month", "")
    first = queries.month_in_address(typed)
    if typed and first is None:
        filters = replace(filters, ignored=True)
    month = queries.month_of(
        head,
        filters,
        first or (filters.until or today).replace(day=1),
        today=today,
        starts_on=request.user.week_starts_on,
    )
    path = reverse("practice:entry-calendar", args=[student])
    of_month = f"{month.first:%Y-%m}"
    context = {
        "month": month,
        "today": today,
        "current": "calendar",
        "day_url": f"{reverse('practice:entry-list', args=[student])}?",
        "day_query": filters.without("since", "until").address(),
        "earlier_url": f"{path}?{filters.address(month=_in_address(month.earlier))}",
        "later_url": f"{path}?{filters.address(month=_in_address(month.later))}",
        **context_of(asked, filters, path, month=of_month if first else None),
        **ways(student, filters),
    }
    return render(request, "practice/entry_calendar.html", context)


def _in_address(first: date | None) -> str | None:
    return f"{first:%Y-%m}" if first else None


@post_only("home:index")
def entry_mark_seen(request: UserRequest) -> HttpResponse:
    """The entries that were on this teacher's screen are not new any more."""
    services.mark_seen(teacher=request.user, mark_ids=numbers_in(request.POST.getlist("mark")))
    if request.headers.get("X-Requested-With") or request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(next_address(request, reverse("home:index")))


def numbers_in(texts: list[str]) -> set[int]:
    """Each text is a mark, or several with commas; what is no number, or more than a key can be, is none."""
    found = [part for text in texts for part in text.split(",")]
    return {int(part) for part in found if part.isdecimal() and len(part) <= 18}
