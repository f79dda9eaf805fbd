"""The reference pages B2, B4, B5 and B6, written the way that is known to be quick."""

from calendar import Calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe

from .models import Day, Entry

if TYPE_CHECKING:
    from django.contrib.auth.models import User  # noqa: TID251 - Django's own, in the bare project

ROWS = 25
YEAR = 365


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Entry
        fields = ("day", "minutes", "title", "notes")


@login_required
def entries(request: HttpRequest) -> HttpResponse:
    """B2: 25 rows by one indexed query, behind a session."""
    rows = Entry.objects.filter(owner=_user(request)).order_by("-day", "-id")[:ROWS]
    return render(request, "bare_entries.html", {"rows": rows})


@login_required
def log(request: HttpRequest) -> HttpResponse:
    """B4: a form, its checks, one INSERT, a redirect."""
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entry = form.save(commit=False)
        entry.owner = _user(request)
        entry.save()
        return redirect("/entries/")
    return render(request, "bare_log.html", {"form": form})


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """B5: streak, a year's heatmap and weekly sums from a day summary, and the newest rows."""
    today = date.today()  # noqa: DTZ011 - a bare page knows no zones
    first = today - timedelta(days=YEAR - 1)
    days = Day.objects.filter(owner=_user(request), day__gte=first).values_list("day", "minutes")
    minutes = dict(days)
    year = [minutes.get(first + timedelta(days=n), 0) for n in range(YEAR)]
    rows = Entry.objects.filter(owner=_user(request)).order_by("-day", "-id")[:ROWS]
    return render(
        request,
        "bare_dashboard.html",
        {"rows": rows, "streak": _streak(year), "weeks": _weeks(year), "heatmap": _heatmap(year)},
    )


@login_required
def month(request: HttpRequest) -> HttpResponse:
    """B6: this month as a table of weeks, from a day summary."""
    today = date.today()  # noqa: DTZ011 - a bare page knows no zones
    weeks = Calendar().monthdatescalendar(today.year, today.month)
    days = Day.objects.filter(owner=_user(request), day__year=today.year, day__month=today.month)
    minutes = dict(days.values_list("day", "minutes"))
    rows = [[(day, minutes.get(day, 0)) for day in week] for week in weeks]
    return render(request, "bare_month.html", {"weeks": rows})


def _user(request: HttpRequest) -> "User":
    return cast("User", request.user)


def _streak(year: list[int]) -> int:
    return next((n for n, minutes in enumerate(reversed(year)) if not minutes), len(year))


def _weeks(year: list[int]) -> list[int]:
    return [sum(year[n : n + 7]) for n in range(0, len(year), 7)]


def _heatmap(year: list[int]) -> SafeString:
    cells = "".join(
        f'<rect x="{n // 7 * 12}" y="{n % 7 * 12}" width="10" height="10" class="l{min(minutes // 20, 4)}"/>'
        for n, minutes in enumerate(year)
    )
    return mark_safe(f'<svg viewBox="0 0 640 84">{cells}</svg>')
