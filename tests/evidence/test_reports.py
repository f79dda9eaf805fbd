"""Telling the safeguarding team about evidence; a picture is seen on the report's page, and there alone."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.core.shown_files import stored_picture
from apps.evidence.services import delete_evidence
from apps.safeguarding import services
from apps.safeguarding.models import Report
from tests.conftest import Cast
from tests.factories.evidence import make_evidence, make_link, make_picture
from tests.factories.practice import make_entry
from tests.factories.safeguarding import make_case, make_member

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("media")


def report(client: Client, row: Any) -> Report:
    address = reverse("evidence:evidence-report", args=[row.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"category": "unkind", "words": "Look"}).status_code == 302
    return Report.objects.get()


def test_words_and_where_a_link_leads_are_the_evidence(cast: Cast, as_user: SignIn) -> None:
    by = cast.user("guardian")
    row = make_link(cast.entry, by, "https://bad.example/", body="Come here")
    found = report(as_user(cast.user("student")), row)
    assert (found.kind, found.item_id, found.student, found.author) == ("evidence", row.pk, cast.student, by)
    assert found.evidence == "Come here\nhttps://bad.example/"
    assert found.photos == []


def test_a_picture_is_shown_to_the_team_while_it_is_there(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    row = make_picture(cast.entry, cast.user("guardian"), "Me", file_name="me.png")
    content = stored_picture(row.picture) or b""
    found = report(as_user(cast.user("teacher")), row)
    assert (found.kind, found.photos) == ("picture", [row.picture])
    delete_evidence(evidence=row, by=cast.user("guardian"), now=timezone.now())
    team = make_member(cast.user("staff"), "safeguarding")
    page = as_user(team).get(reverse("admin:safeguarding_report_change", args=[found.pk]))
    assert b64encode(content).decode() in page.content.decode()
    assert AuditEvent.objects.filter(target_id=found.pk, actor=team).exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.close_report(report=found, by=team, now=timezone.now())
    assert default_storage.exists(row.picture), "closing a report deletes no file that a row names"


def test_words_that_look_like_a_file_are_words(cast: Cast, as_user: SignIn) -> None:
    """Nobody has the team look at a picture of another diary by writing its name."""
    other = make_picture(
        make_entry(cast.other_student, cast.user("other_guardian")), cast.user("other_guardian")
    )
    row = make_picture(cast.entry, cast.user("guardian"), other.picture, file_name=other.picture)
    found = report(as_user(cast.user("teacher")), row)
    assert other.picture in found.evidence
    assert found.photos == [row.picture]


def test_closing_a_report_takes_nothing_that_is_still_shown(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    row = make_picture(cast.entry, cast.user("guardian"))
    found = report(as_user(cast.user("teacher")), row)
    with django_capture_on_commit_callbacks(execute=True):
        assert not services.take_photo_down(report=found, by=cast.user("staff"), now=timezone.now())
        services.close_report(report=found, by=cast.user("staff"), now=timezone.now())
    client = as_user(cast.user("student"))
    assert client.get(reverse("evidence:picture-show", args=[row.pk])).status_code == 200


def test_staff_with_a_case_see_it_on_its_own_page(cast: Cast, as_user: SignIn) -> None:
    row = make_picture(cast.private_entry, cast.user("guardian"), "The fingering")
    content = b64encode(stored_picture(row.picture) or b"").decode()
    note = make_evidence(cast.entry, cast.user("guardian"), "Slow is smooth")
    team = make_member(cast.user("staff"), "support", "safeguarding")
    client = as_user(team)
    pages = [reverse("admin:evidence_evidence_change", args=[each.pk]) for each in (row, note)]
    assert content not in client.get(pages[0], follow=True).content.decode()
    make_case(team, cast.student)
    html = client.get(pages[0]).content.decode()
    assert content in html
    assert "The fingering" in html
    assert "Slow is smooth" in client.get(pages[1]).content.decode()
    listed = client.get(reverse("admin:evidence_evidence_changelist")).content.decode()
    assert content not in listed
    assert "The fingering" not in listed
