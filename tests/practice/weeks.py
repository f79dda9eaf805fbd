"""Weeks that a teacher asks to be signed, as tests see, sign and send them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.practice import queries
from apps.practice.models import WeekSignOff
from apps.practice.queries.sign_offs import SignedWeek, count_week
from apps.practice.services import signing
from apps.private_teaching.models import Teaching
from tests.conftest import Cast

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)
WEEK = 7 * DAY
SIGN = "Sign this week"


def today(cast: Cast) -> date:
    return cast.student.today(timezone.now())


def monday(cast: Cast) -> date:
    """Of the last finished week."""
    return today(cast) - today(cast).weekday() * DAY - WEEK


def version(teaching: Teaching, week: date) -> str:
    """What a page that is drawn now sends along."""
    return count_week(SignedWeek(teaching.student_id, teaching.pk, week)).version


def sent(cast: Cast, teaching: Teaching, **fields: str) -> dict[str, str]:
    """The form as the page has it, just drawn."""
    shown = {"week": monday(cast).isoformat(), "version": version(teaching, monday(cast)), "note": ""}
    return shown | fields


def sign(cast: Cast, teaching: Teaching, **fields: Any) -> WeekSignOff:
    given: dict[str, Any] = {
        "week": monday(cast),
        "version": version(teaching, fields.get("week", monday(cast))),
        "note": "",
        "by": cast.user("guardian"),
        "now": timezone.now(),
    }
    return signing.sign_week(teaching=teaching, **(given | fields))


def week_of(teaching: Teaching) -> queries.AskedWeek:
    """The last finished one."""
    return queries.asked_weeks_of(teaching, now=timezone.now())[0]


def diary(cast: Cast, client: Client) -> str:
    return client.get(reverse("practice:entry-list", args=[cast.student.pk])).content.decode()


def url(teaching: Teaching) -> str:
    return reverse("practice:week-sign", args=[teaching.pk])


def ask_url(teaching: Teaching) -> str:
    return reverse("private_teaching:sign-off-ask", args=[teaching.student_id, teaching.pk])
