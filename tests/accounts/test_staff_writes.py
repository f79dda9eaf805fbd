"""What staff write in the admin is on the record, in whichever app; one's own settings are too."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Student, User
from apps.core.models import AuditEvent
from apps.practice.models import FocusArea
from config.admin_site import AuditedWrites
from tests.accounts.test_admin import member, page, with_factor
from tests.conftest import Cast

SignIn = Callable[[User], Client]
PROFILE = {"language": "en", "time_zone": "UTC", "week_starts_on": "0", "is_active": "on"}


@pytest.fixture
def office(cast: Cast, as_user: SignIn) -> Client:
    """A superuser's browser."""
    return as_user(with_factor(cast.user("superuser")))


def written() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action__in=["staff.added", "staff.changed", "staff.deleted"]))


def test_a_change_names_who_what_and_the_fields_and_no_value(cast: Cast, office: Client) -> None:
    sent = {"name": "Mia Other", "time_zone": "UTC", "day_ends_at_hour": "5", "max_minutes": ""}
    assert office.post(page(Student, "change", cast.student.pk), sent).status_code == 302
    (row,) = written()
    assert (row.action, row.actor, row.target_type, row.target_id, row.student_id) == (
        "staff.changed",
        cast.user("superuser"),
        "accounts.student",
        cast.student.pk,
        cast.student.pk,
    )
    assert row.details == {
        "model": "accounts.student",
        "row": str(cast.student.pk),
        "fields": "Name, Day ends at",
    }


def test_support_leaves_its_row_too(cast: Cast, as_user: SignIn) -> None:
    client = as_user(member(cast.user("staff"), "support"))
    target = cast.user("stranger")
    assert client.post(page(User, "change", target.pk), PROFILE | {"display_name": "New"}).status_code == 302
    (row,) = written()
    assert (row.actor, row.target_id, row.details["fields"]) == (cast.user("staff"), target.pk, "Name")


def test_a_row_with_a_number_is_named_in_the_details(cast: Cast, office: Client) -> None:
    """Of a library's model and of one of ours: added, changed in its list, deleted one by one and at once."""
    assert office.post(page(Group, "add"), {"name": "Singers"}).status_code == 302
    group = Group.objects.get(name="Singers")
    assert office.post(page(Group, "delete", group.pk), {"post": "yes"}).status_code == 302
    area = FocusArea.objects.create(slug="bowing", position=90)
    sent = {"slug": "bowing", "position": "91"}
    assert office.post(page(FocusArea, "change", area.pk), sent).status_code == 302
    address = EmailAddress.objects.get(user=cast.user("stranger"))
    chosen = {"action": "delete_selected", "_selected_action": str(address.pk), "post": "yes"}
    assert office.post(page(EmailAddress, "changelist"), chosen).status_code == 302
    seen = [(row.action, row.target_id, row.details) for row in sorted(written(), key=lambda row: row.pk)]
    me = cast.user("superuser").pk
    assert seen == [
        ("staff.added", me, {"model": "auth.group", "row": str(group.pk)}),
        ("staff.deleted", me, {"model": "auth.group", "row": str(group.pk)}),
        ("staff.changed", me, {"model": "practice.focusarea", "row": str(area.pk), "fields": "Position"}),
        ("staff.deleted", me, {"model": "account.emailaddress", "row": str(address.pk)}),
    ]


def test_what_was_refused_leaves_nothing(cast: Cast, office: Client, as_user: SignIn) -> None:
    office.post(page(Student, "change", cast.student.pk), {"name": ""})
    client = as_user(with_factor(cast.user("staff")))
    client.post(page(Student, "change", cast.student.pk), {"name": "X"})
    assert written() == []


def test_no_admin_writes_without_it() -> None:
    assert admin.site._registry
    silent = [
        model for model, office in admin.site._registry.items() if not isinstance(office, AuditedWrites)
    ]
    assert silent == []


# Django's own account of it


def test_safeguarding_reads_djangos_account_without_peoples_names(cast: Cast, as_user: SignIn) -> None:
    office = as_user(with_factor(cast.user("superuser")))
    sent = {"name": "Mia Zzyzx", "time_zone": "UTC", "day_ends_at_hour": "5", "max_minutes": ""}
    office.post(page(Student, "change", cast.student.pk), sent)
    (entry,) = LogEntry.objects.all()
    client = as_user(member(cast.user("staff"), "safeguarding"))
    html = client.get(page(LogEntry, "changelist")).content.decode()
    assert str(cast.student.pk) in html
    assert "Changed Name and Day ends at." in html
    assert "Zzyzx" not in html
    assert client.get(page(LogEntry, "change", entry.pk)).status_code == 302
    for name, args in (("add", ()), ("delete", (entry.pk,))):
        assert client.post(page(LogEntry, name, *args), {"post": "yes"}).status_code == 403
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("group", ["support", "content", "metrics"])
def test_who_may_not_see_the_audit_log_does_not_see_djangos(cast: Cast, as_user: SignIn, group: str) -> None:
    client = as_user(member(cast.user("staff"), group))
    assert client.get(page(LogEntry, "changelist")).status_code == 403


# One's own settings


OWN: dict[str, Any] = {"display_name": "Anna", "language": "en", "week_starts_on": "0", "time_zone": "UTC"}


def own_rows() -> list[tuple[object, object, str]]:
    rows = AuditEvent.objects.filter(action="settings.changed").order_by("pk")
    return [(row.actor_id, row.target_id, row.details["fields"]) for row in rows]


def test_changed_settings_are_noted_by_name(cast: Cast, as_user: SignIn) -> None:
    person = cast.user("teacher")
    User.objects.filter(pk=person.pk).update(display_name="Anna", time_zone="UTC", week_starts_on=0)
    client, url = as_user(person), reverse("accounts:settings")
    client.post(url, OWN)
    assert own_rows() == [], "what stays the same is no change"
    client.post(url, OWN | {"display_name": "Berta", "time_zone": "Berlin"})
    client.post(reverse("set_language"), {"language": "de"})
    client.post(reverse("set_language"), {"language": "de"})
    client.post(url, OWN | {"display_name": ""})
    me = person.pk
    assert own_rows() == [(me, me, "display_name, time_zone"), (me, me, "language")]
    assert "Berta" not in str(AuditEvent.objects.values_list("details", flat=True))


def test_a_language_that_was_chosen_signed_out_is_nobodys_setting(db: None) -> None:
    Client().post(reverse("set_language"), {"language": "de"})
    assert own_rows() == []
