"""Whoever sees something may report it; the team sees it, the writer does not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from apps.practice import services as diary
from apps.practice.models import EntryComment
from apps.practice.models.comments import AuthorRole
from apps.safeguarding import services
from apps.safeguarding.models import LegalHold, Report, ReportNote
from tests.conftest import Cast
from tests.factories.safeguarding import make_member, make_report

SignIn = Callable[[User], Client]
SENT = {"category": "unkind", "words": "She was mean to me."}
READERS = {
    "student",
    "guardian",
    "second_guardian",
    "teacher",
    "second_teacher",
    "viewer",
    "commenter",
    "logger",
}


@pytest.fixture
def keeper(cast: Cast) -> User:
    return make_member(cast.user("staff"), "safeguarding")


@pytest.fixture
def comment(cast: Cast) -> EntryComment:
    return diary.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Meet me behind the school",
        now=timezone.now(),
    )


def page(name: str, *args: object) -> str:
    return reverse(f"admin:safeguarding_{name}", args=args)


def send_mails() -> list[Any]:
    mail.outbox.clear()
    deliver_due(clock=timezone.now)
    return list(mail.outbox)


# Reporting


def test_whoever_reads_an_entry_may_report_it(cast: Cast, as_user: SignIn) -> None:
    address = reverse("practice:entry-report", args=[cast.entry.pk])
    found = {
        name
        for name, user in vars(cast.people).items()
        if as_user(user).post(address, SENT).status_code == 302
    }
    assert found == READERS
    assert Report.objects.count() == len(READERS)


def test_a_report_keeps_what_stood_there(cast: Cast, as_user: SignIn, comment: EntryComment) -> None:
    client, before = as_user(cast.user("student")), timezone.now()
    address = reverse("practice:comment-report", args=[comment.pk])
    answer = client.post(address, SENT, follow=True)
    assert "Thank you for telling us." in answer.content.decode()
    report = Report.objects.get()
    assert (report.kind, report.item_id, report.student) == ("comment", comment.pk, cast.student)
    assert (report.reporter, report.author) == (cast.user("student"), cast.user("teacher"))
    assert (report.category, report.words, report.state) == ("unkind", "She was mean to me.", "new")
    assert report.due_at - report.reported_at == timedelta(hours=48)
    assert report.reported_at >= before
    diary.delete_comment(comment=comment, now=timezone.now())
    report.refresh_from_db()
    assert report.evidence == "Meet me behind the school"
    row = AuditEvent.objects.get(action="report.made")
    assert row.details == {"kind": "comment", "category": "unkind"}
    assert (row.actor_id, row.student_id) == (cast.user("student").pk, cast.student.pk)


def test_an_entry_is_kept_with_all_its_words(cast: Cast, as_user: SignIn) -> None:
    as_user(cast.user("teacher")).post(reverse("practice:entry-report", args=[cast.entry.pk]), SENT)
    evidence = Report.objects.get().evidence
    for text in ("description", "struggles", "achievements", "notes"):
        assert f"{text}: {getattr(cast.entry, text)}" in evidence
    assert "Minuet in G (piece)" in evidence


def test_what_is_dangerous_is_looked_at_first(cast: Cast, settings: Any) -> None:
    hours = {
        name: make_report(cast.student, cast.user("guardian"), category=name)
        for name in settings.REPORT_DUE_HOURS
    }
    assert {name: (row.due_at - row.reported_at).total_seconds() / 3600 for name, row in hours.items()} == {
        "danger": 4,
        "contact": 12,
        "unkind": 48,
        "wrong": 48,
        "other": 48,
    }


def test_sent_twice_it_is_one(cast: Cast, as_user: SignIn, comment: EntryComment) -> None:
    client = as_user(cast.user("student"))
    address = reverse("practice:comment-report", args=[comment.pk])
    for _time in range(2):
        assert client.post(address, SENT).status_code == 302
    assert Report.objects.count() == 1
    assert AuditEvent.objects.filter(action="report.made").count() == 1
    services.close_report(report=Report.objects.get(), by=cast.user("staff"), now=timezone.now())
    client.post(address, SENT)
    assert Report.objects.count() == 2


def test_the_database_knows_one_open_report(cast: Cast) -> None:
    report = make_report(cast.student, cast.user("student"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            reporter=report.reporter,
            kind=report.kind,
            item_id=report.item_id,
            category="other",
            reported_at=report.reported_at,
            due_at=report.due_at,
        )


@pytest.mark.parametrize(
    ("field", "value"), [("category", ""), ("category", "boring"), ("words", "x" * 2001), ("words", "\u200b")]
)
def test_what_is_wrong_is_said_beside_its_field(
    cast: Cast, as_user: SignIn, comment: EntryComment, field: str, value: str
) -> None:
    client = as_user(cast.user("student"))
    answer = client.post(reverse("practice:comment-report", args=[comment.pk]), SENT | {field: value})
    assert answer.context["form"].errors.keys() == {field}
    assert not Report.objects.exists()


def test_an_empty_form_says_what_is_missing(cast: Cast, as_user: SignIn, comment: EntryComment) -> None:
    answer = as_user(cast.user("student")).post(reverse("practice:comment-report", args=[comment.pk]))
    assert answer.context["form"].errors.keys() == {"category"}


def test_a_script_does_not_fill_the_queue(
    cast: Cast, as_user: SignIn, comment: EntryComment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.http.WRITES_A_MINUTE", 0)
    answer = as_user(cast.user("student")).post(reverse("practice:comment-report", args=[comment.pk]), SENT)
    assert "She was mean to me." in answer.content.decode()
    assert not Report.objects.exists()


def test_the_link_stands_under_others_words_and_not_under_ones_own(
    cast: Cast, as_user: SignIn, comment: EntryComment
) -> None:
    entry = reverse("practice:entry-detail", args=[cast.entry.pk])
    links = {
        "entry": reverse("practice:entry-report", args=[cast.entry.pk]),
        "comment": reverse("practice:comment-report", args=[comment.pk]),
    }

    def shown(who: str) -> set[str]:
        html = as_user(cast.user(who)).get(entry).content.decode()
        return {name for name, link in links.items() if f'"{link}"' in html}

    assert {who: shown(who) for who in ("student", "guardian", "teacher")} == {
        "student": {"entry", "comment"},
        "guardian": {"comment"},
        "teacher": {"entry"},
    }


def test_the_page_speaks_to_a_child(cast: Cast, as_user: SignIn, comment: EntryComment) -> None:
    html = (
        as_user(cast.user("student"))
        .get(reverse("practice:comment-report", args=[comment.pk]))
        .content.decode()
    )
    assert "Tell a grown\u2011up at Woodshed" in html
    assert "You have done nothing wrong." in html
    assert "Whoever wrote this is not told who reported it." in html


# The team


def test_the_team_is_told_without_a_word_of_it(cast: Cast, keeper: User) -> None:
    make_member(cast.user("stranger"), "support")
    report = make_report(cast.student, cast.user("student"), words="Help")
    (sent,) = send_mails()
    assert sent.to == [keeper.email]
    assert sent.subject == "A report waits"
    assert page("report_change", report.pk) in sent.body
    assert "Help" not in sent.body
    assert "Meet me" not in sent.body


def test_what_is_in_work_is_no_news(cast: Cast, keeper: User) -> None:
    report = make_report(cast.student, cast.user("student"))
    services.take_report(report=report, by=keeper, now=timezone.now())
    assert send_mails() == []


@pytest.mark.parametrize("group", ["support", "content", "metrics"])
def test_only_safeguarding_reads_reports(cast: Cast, as_user: SignIn, group: str) -> None:
    report = make_report(cast.student, cast.user("student"))
    client = as_user(make_member(cast.user("staff"), group))
    for address in (
        page("report_changelist"),
        page("report_change", report.pk),
        page("reportnote_changelist"),
    ):
        assert client.get(address).status_code == 403


def test_each_reading_of_a_report_is_on_record(cast: Cast, as_user: SignIn, keeper: User) -> None:
    report = make_report(cast.student, cast.user("student"))
    html = as_user(keeper).get(page("report_change", report.pk)).content.decode()
    assert "Meet me behind the school" in html
    row = AuditEvent.objects.get(action="staff.read")
    assert (row.actor_id, row.target_id, row.student_id) == (keeper.pk, report.pk, cast.student.pk)
    listed = as_user(keeper).get(page("report_changelist")).content.decode()
    assert "Meet me behind the school" not in listed


def test_what_is_late_is_marked(cast: Cast) -> None:
    report = make_report(cast.student, cast.user("student"))
    assert not report.is_late(report.due_at)
    assert report.is_late(report.due_at + timedelta(seconds=1))
    report.state = "closed"
    assert not report.is_late(report.due_at + timedelta(seconds=1))


def act(client: Client, action: str, *reports: Report) -> str:
    sent = {"action": action, "_selected_action": [str(report.pk) for report in reports]}
    return client.post(page("report_changelist"), sent, follow=True).content.decode()


def test_from_new_to_closed(cast: Cast, as_user: SignIn, keeper: User) -> None:
    report, client = make_report(cast.student, cast.user("student")), as_user(keeper)
    assert "1 report is yours now." in act(client, "take", report)
    report.refresh_from_db()
    assert (report.state, report.assigned_to) == ("work", keeper)
    assert "1 report closed." in act(client, "close", report)
    report.refresh_from_db()
    assert report.state == "closed"
    assert report.closed_at is not None
    assert "0 reports are yours now." in act(client, "take", report)
    assert "0 reports closed." in act(client, "close", report)
    actions = AuditEvent.objects.filter(target_id=report.pk).order_by("pk").values_list("action", flat=True)
    assert [name for name in actions if name.startswith("report.")] == [
        "report.made",
        "report.taken",
        "report.closed",
    ]


def test_whoever_reported_hears_back_and_nobody_else(cast: Cast, keeper: User) -> None:
    report = make_report(cast.student, cast.user("student"), author=cast.user("teacher"))
    send_mails()
    services.close_report(report=report, by=keeper, now=timezone.now())
    (sent,) = send_mails()
    assert sent.to == [cast.user("student").email]
    assert sent.subject == "What you told us"
    assert "Meet me" not in sent.body


def test_whoever_left_hears_nothing(cast: Cast, keeper: User) -> None:
    report = make_report(cast.student, cast.user("student"))
    send_mails()
    Report.objects.update(reporter=None)
    report.refresh_from_db()
    assert services.close_report(report=report, by=keeper, now=timezone.now())
    assert send_mails() == []


def test_no_product_page_tells_the_writer(cast: Cast, as_user: SignIn, comment: EntryComment) -> None:
    client = as_user(cast.user("teacher"))
    address = reverse("practice:entry-detail", args=[cast.entry.pk])
    before = len(client.get(address).content)
    make_report(cast.student, cast.user("student"), author=cast.user("teacher"), item=comment.pk)
    assert len(client.get(address).content) == before
    assert not [sent for sent in send_mails() if cast.user("teacher").email in sent.to]


# Notes


def note_form(body: str) -> dict[str, str]:
    return {
        "notes-TOTAL_FORMS": "1",
        "notes-INITIAL_FORMS": "0",
        "notes-0-body": body,
        "state": "closed",
        "evidence": "forged",
    }


def test_notes_are_added_and_stay(cast: Cast, as_user: SignIn, keeper: User) -> None:
    report = make_report(cast.student, cast.user("student"))
    client = as_user(keeper)
    assert client.post(page("report_change", report.pk), note_form("I called the school.")).status_code == 302
    note = ReportNote.objects.get()
    assert (note.report, note.author, note.body) == (report, keeper, "I called the school.")
    report.refresh_from_db()
    assert (report.state, report.evidence) == ("new", "Meet me behind the school")
    assert "I called the school." in client.get(page("report_change", report.pk)).content.decode()
    assert client.get(page("reportnote_change", note.pk)).status_code == 200
    assert AuditEvent.objects.latest("pk").student_id == cast.student.pk
    for statement in (lambda: ReportNote.objects.update(body="x"), lambda: ReportNote.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            statement()


# Holds


def test_a_hold_keeps_the_diary_and_the_writer(cast: Cast, as_user: SignIn, keeper: User) -> None:
    report = make_report(cast.student, cast.user("student"), author=cast.user("teacher"))
    assert "1 hold placed." in act(as_user(keeper), "hold", report)
    hold = LegalHold.objects.get()
    assert (hold.student, hold.person, hold.placed_by) == (cast.student, cast.user("teacher"), keeper)
    assert AuditEvent.objects.get(action="hold.placed").student_id == cast.student.pk
    Report.objects.update(student=None, author=None)
    assert "0 holds placed." in act(as_user(keeper), "hold", report)


def test_a_hold_is_placed_with_a_reason_and_lifted(cast: Cast, as_user: SignIn, keeper: User) -> None:
    client = as_user(keeper)
    sent = {"student": str(cast.student.pk), "person": "", "reason": "The police asked for it."}
    for missing in ("reason", "student"):
        answer = client.post(page("legalhold_add"), sent | {missing: ""})
        assert answer.context["adminform"].form.errors.keys() == {missing}
    assert client.post(page("legalhold_add"), sent).status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.student, hold.person, hold.placed_by) == (cast.student, None, keeper)
    lift = {"action": "lift", "_selected_action": [str(hold.pk)]}
    assert "1 hold lifted." in client.post(page("legalhold_changelist"), lift, follow=True).content.decode()
    assert "0 holds lifted." in client.post(page("legalhold_changelist"), lift, follow=True).content.decode()
    hold.refresh_from_db()
    assert hold.lifted_by == keeper
    assert AuditEvent.objects.filter(action="hold.lifted").count() == 1
