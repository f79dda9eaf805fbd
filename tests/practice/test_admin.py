"""Staff look into a diary on the record, and change nothing."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.practice import services
from apps.practice.content import EntryContent, Line
from apps.practice.models import EntryComment, EntryWords, FocusArea, NewMark, PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.safeguarding.models import ReadingCase
from config.admin_site import WoodshedAdminSite
from tests.conftest import Cast
from tests.factories.practice import make_filter
from tests.factories.safeguarding import make_case

MODELS = (
    "practiceentry",
    "entrycomment",
    "practiceday",
    "newmark",
    "entrywords",
    "savedfilter",
    "focusarea",
    "practiceentryrevision",
    "practiceitemrevision",
    "entrycommentrevision",
    "entryfocusarearevision",
)


@pytest.fixture
def office(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Staff with every permission and a case; the second factor is the site's own test."""
    monkeypatch.setattr(WoodshedAdminSite, "has_permission", lambda self, request: request.user.is_staff)
    client.force_login(cast.user("superuser"))
    make_case(cast.user("superuser"), cast.student)
    services.add_comment(
        key=cast.student.pk,
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Bravo",
        thread=cast.teaching,
        now=timezone.now(),
    )
    services.change_entry(
        entry=cast.entry,
        by=cast.user("guardian"),
        content=EntryContent(practised_on=cast.entry.practised_on, minutes=31, lines=[Line("Minuet")]),
        now=timezone.now(),
    )
    return client


@pytest.mark.parametrize("model", MODELS)
def test_every_list_answers_and_searches(office: Client, model: str) -> None:
    for query in ("", "?q=mia", "?q=%00"):
        assert office.get(f"/staff/practice/{model}/{query}").status_code in (200, 302)
    assert apps.get_model("practice", model)._meta.verbose_name


@pytest.mark.parametrize("model", [name for name in MODELS if name != "focusarea"])
def test_each_list_of_content_leaves_an_audit_row(office: Client, model: str) -> None:
    before = AuditEvent.objects.filter(action="staff.listed").count()
    office.get(f"/staff/practice/{model}/")
    assert AuditEvent.objects.filter(action="staff.listed").count() == before + 1


def test_reading_an_entry_leaves_an_audit_row_and_offers_no_change(office: Client, cast: Cast) -> None:
    page = office.get(f"/staff/practice/practiceentry/{cast.entry.pk}/change/")
    assert "Minuet" in page.content.decode()
    assert "Bravo" in page.content.decode()
    assert "_save" not in page.content.decode()
    row = AuditEvent.objects.get(action="staff.read")
    assert (row.target_id, row.student_id, row.actor_id) == (
        cast.entry.pk,
        cast.student.pk,
        cast.user("superuser").pk,
    )


def test_reading_a_comment_names_the_student(office: Client, cast: Cast) -> None:
    comment = EntryComment.objects.get()
    office.get(f"/staff/practice/entrycomment/{comment.pk}/change/")
    row = AuditEvent.objects.get(action="staff.read")
    assert (row.target_id, row.student_id) == (comment.pk, cast.student.pk)


def test_the_words_of_the_search_are_shown_to_nobody(office: Client, cast: Cast) -> None:
    """Words of a private entry neither stand there nor can be asked for; without a case there is no row."""
    rows = office.get("/staff/practice/entrywords/").content.decode()
    assert str(cast.private_entry.pk) in rows
    assert "qzprivate" not in rows.casefold()
    for asked in ("words__icontains=a", "entry__description__icontains=a", "words=a"):
        assert office.get(f"/staff/practice/entrywords/?{asked}").status_code == 400
    ReadingCase.objects.update(closed_at=timezone.now())
    assert str(cast.private_entry.pk) not in office.get("/staff/practice/entrywords/").content.decode()


def test_a_kept_filter_opens_with_a_case_alone(office: Client, cast: Cast) -> None:
    kept = make_filter(cast.user("teacher"), cast.student, "For Thursday", query="q=gavotte")
    address = f"/staff/practice/savedfilter/{kept.pk}/change/"
    assert "q=gavotte" in office.get(address).content.decode()
    row = AuditEvent.objects.get(action="staff.read")
    assert (row.target_id, row.student_id) == (kept.pk, cast.student.pk)
    ReadingCase.objects.update(closed_at=timezone.now())
    closed = office.get(address)
    assert (closed.status_code, "gavotte" in closed.content.decode()) == (403, False)


VERSIONS = {
    "practiceentryrevision": "pgh_obj_id",
    "practiceitemrevision": "entry_id",
    "entrycommentrevision": "entry_id",
    "entryfocusarearevision": "practiceentry_id",
}


@pytest.mark.parametrize("model", VERSIONS)
def test_reading_a_version_names_its_entry(office: Client, cast: Cast, model: str) -> None:
    cast.entry.focus_areas.add(FocusArea.objects.get(slug="scales"))
    revisions = apps.get_model("practice", model).objects
    version = revisions.filter(**{VERSIONS[model]: cast.entry.pk}).first()
    assert office.get(f"/staff/practice/{model}/{version.pk}/change/").status_code == 200
    row = AuditEvent.objects.get(action="staff.read")
    assert (row.target_id, row.student_id) == (cast.entry.pk, cast.student.pk)
    assert office.get(f"/staff/practice/{model}/0/change/").status_code == 302


@pytest.mark.parametrize("model", [PracticeDay, NewMark, EntryWords])
def test_what_its_list_says_has_no_page_of_its_own(office: Client, model: type[Model]) -> None:
    row = model._default_manager.first()
    assert row is not None
    assert office.get(f"/staff/practice/{model._meta.model_name}/{row.pk}/change/").status_code == 302


def test_nothing_can_be_written(office: Client, cast: Cast) -> None:
    mark = NewMark.objects.first()
    assert mark is not None
    for address in (
        f"practiceentry/{cast.entry.pk}/delete/",
        f"practiceentry/{cast.entry.pk}/change/",
        "practiceentry/add/",
        f"newmark/{mark.pk}/delete/",
        f"focusarea/{FocusArea.objects.values_list('pk')[0][0]}/delete/",
    ):
        assert office.post(f"/staff/practice/{address}", {"minutes": 1, "post": "yes"}).status_code == 403
    assert PracticeEntry.objects.get(pk=cast.entry.pk).minutes == 31


def test_versions_name_who_caused_them(office: Client, cast: Cast, client: Client) -> None:
    client.force_login(cast.user("guardian"))
    client.post(f"/entries/{cast.private_entry.pk}/delete/")
    client.force_login(User.objects.get(pk=cast.user("superuser").pk))
    text = office.get("/staff/practice/practiceentryrevision/").content.decode()
    assert str(cast.user("guardian").pk) in text
