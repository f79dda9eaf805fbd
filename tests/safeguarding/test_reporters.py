"""Whoever reports: may say more later, and hears what became of it, with mail or without."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from apps.safeguarding import services
from apps.safeguarding.models import Report
from apps.safeguarding.models.reports import MOST_TEXT, ReportQuerySet
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import child_client, make_child_login
from tests.factories.practice import make_entry
from tests.factories.safeguarding import make_member, make_report

from .test_reports import send_mails

SignIn = Callable[[User], Client]


@pytest.fixture
def keeper(cast: Cast) -> User:
    return make_member(cast.user("staff"), "safeguarding")


def test_what_is_said_later_is_added_and_the_team_hears(cast: Cast, keeper: User, settings: Any) -> None:
    """Words, the text of that moment, the graver kind and the earlier day."""
    about, now = uuid4(), timezone.now() - timedelta(hours=2)
    first = make_report(
        cast.student, cast.user("guardian"), item=about, category="unkind", words="Rude", now=now
    )
    services.take_report(report=first, by=keeper, now=now)
    send_mails()
    later = now + timedelta(hours=1)
    again = make_report(
        cast.student,
        cast.user("guardian"),
        item=about,
        category="danger",
        words="He waits for her",
        text="I know where you live",
        now=later,
    )
    assert again == first
    again.refresh_from_db()
    stamp = f"[{later:%Y-%m-%d %H:%M} UTC]"
    assert again.words == f"Rude\n\n{stamp}\nHe waits for her"
    assert again.evidence == f"Meet me behind the school\n\n{stamp}\nI know where you live"
    assert (again.category, again.due_at) == (
        "danger",
        later + timedelta(hours=settings.REPORT_DUE_HOURS["danger"]),
    )
    (sent,) = send_mails()
    assert sent.to == [keeper.email]
    assert "has said more about it" in sent.body
    assert "waits for her" not in sent.body
    row = AuditEvent.objects.get(action="report.added-to")
    assert (row.actor_id, row.target_id, row.details) == (
        cast.user("guardian").pk,
        first.pk,
        {"category": "danger"},
    )


def test_milder_words_later_make_nothing_milder(cast: Cast, keeper: User) -> None:
    about, now = uuid4(), timezone.now()
    first = make_report(cast.student, cast.user("guardian"), item=about, category="danger", now=now)
    again = make_report(
        cast.student,
        cast.user("guardian"),
        item=about,
        category="other",
        words="Maybe not",
        now=now + timedelta(hours=1),
    )
    assert (again.category, again.due_at, again.words) == ("danger", first.due_at, "Maybe not")


def test_a_report_does_not_grow_for_ever(cast: Cast) -> None:
    about = uuid4()
    for number in range(12):
        report = make_report(
            cast.student, cast.user("guardian"), item=about, words=chr(ord("a") + number) * 2000
        )
    report.refresh_from_db()
    assert len(report.words) == MOST_TEXT


def test_closed_in_the_same_moment_it_is_a_report_of_its_own(
    cast: Cast, keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    about, real = uuid4(), ReportQuerySet.get_or_create
    first = make_report(cast.student, cast.user("guardian"), item=about)

    def closed_meanwhile(rows: Any, **fields: Any) -> Any:
        found = real(rows, **fields)
        services.close_report(report=first, by=keeper, now=timezone.now())
        return found

    monkeypatch.setattr(ReportQuerySet, "get_or_create", closed_meanwhile)
    assert make_report(cast.student, cast.user("guardian"), item=about, words="More") != first
    assert Report.objects.count() == 2


def test_news_of_what_is_closed_or_of_nobodys_team_is_none(cast: Cast, keeper: User) -> None:
    about = uuid4()
    for words in ("One", "Two"):
        report = make_report(cast.student, cast.user("guardian"), item=about, words=words)
    services.close_report(report=report, by=keeper, now=timezone.now())
    assert [sent.subject for sent in send_mails()] == ["What you told us"]


def told_by_a_child(cast: Cast) -> tuple[Client, Report]:
    mother = make_user("Nora")
    child = make_student("Ben", age_band=AgeBand.CHILD)
    make_guardianship(child, mother)
    login = make_child_login(child, mother)
    child.refresh_from_db()
    return child_client(child, mother), make_report(child, login.user, author=mother)


def test_a_child_without_mail_reads_the_answer_on_the_first_page(cast: Cast, keeper: User) -> None:
    client, report = told_by_a_child(cast)
    words = "you told us that something is not all right. We have looked at it."
    assert words not in client.get(reverse("home:student")).content.decode()
    services.close_report(report=report, by=keeper, now=timezone.now())
    assert words in client.get(reverse("home:student")).content.decode()
    Report.objects.update(closed_at=timezone.now() - timedelta(days=15))
    assert words not in client.get(reverse("home:student")).content.decode()


def test_a_child_is_promised_no_mail(cast: Cast, as_user: SignIn) -> None:
    address = reverse("practice:entry-report", args=[cast.entry.pk])
    assert "by mail when we are done" in as_user(cast.user("teacher")).get(address).content.decode()
    mother = make_user("Nora")
    child = make_student("Ben", age_band=AgeBand.CHILD)
    make_guardianship(child, mother)
    make_child_login(child, mother)
    client = child_client(child, mother)
    entry = make_entry(child, mother)
    html = client.get(reverse("practice:entry-report", args=[entry.pk])).content.decode()
    assert "your first page says so" in html
    assert "by mail" not in html
