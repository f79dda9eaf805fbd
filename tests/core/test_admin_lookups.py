"""What an admin page does not show cannot be asked for in its address either.

Django filters a list by any field that the address names: `?password__startswith=…` would answer yes or
no, letter by letter.
"""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db.models import Field, Model
from django.test import Client, RequestFactory
from django.urls import reverse

from config.admin_site import WoodshedAdminSite
from tests.conftest import Cast
from tests.sweep.world import sign_in

OURS = [
    (model, office)
    for model, office in admin.site._registry.items()
    if type(office).__module__.startswith(("apps.", "config."))
]


def changelist(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def hidden_fields(office: Any, request: Any) -> list["Field[Any, Any]"]:
    """Columns of the row that neither the list nor the row's own page shows."""
    shown = {*map(str, office.get_list_display(request)), *map(str, flatten(office.get_fields(request)))}
    return [
        column
        for column in office.model._meta.concrete_fields
        if column.name not in {*shown, "id"} and not column.primary_key
    ]


@pytest.fixture
def browser(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(WoodshedAdminSite, "has_permission", lambda site, request: request.user.is_staff)
    client, _cookies = sign_in(cast.user("superuser"))
    return client


@pytest.mark.parametrize(("model", "office"), OURS, ids=[model._meta.label for model, _office in OURS])
def test_hidden_fields_cannot_be_asked_for(
    cast: Cast, browser: Client, rf: RequestFactory, model: type[Model], office: Any
) -> None:
    request = rf.get("/")
    request.user = cast.user("superuser")
    for column in hidden_fields(office, request):
        for lookup in (column.attname, f"{column.name}__startswith", f"{column.name}__isnull"):
            assert browser.get(changelist(model), {lookup: "a"}).status_code == 400, lookup


@pytest.mark.parametrize(
    ("model", "secret"),
    [
        ("accounts.User", "password"),
        ("accounts.Invitation", "nonce"),
        ("accounts.Invitation", "token_hash"),
        ("notifications.Delivery", "payload"),
    ],
)
def test_these_are_hidden(cast: Cast, rf: RequestFactory, model: str, secret: str) -> None:
    request = rf.get("/")
    request.user = cast.user("superuser")
    (office,) = [office for found, office in OURS if found._meta.label == model]
    assert secret in [column.name for column in hidden_fields(office, request)]


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("accounts_user", {"is_staff__exact": "1", "q": "a"}),
        ("accounts_guardianship", {"ended_at__isempty": "1"}),
        ("accounts_student", {"id__exact": "00000000-0000-4000-8000-000000000000"}),
        ("practice_practiceentry", {"practised_on__year": "2026", "is_private__exact": "1"}),
        ("notifications_delivery", {"state__exact": "failed", "o": "-2"}),
    ],
)
def test_what_is_shown_can_be_filtered(browser: Client, model: str, query: dict[str, str]) -> None:
    assert browser.get(reverse(f"admin:{model}_changelist"), query).status_code == 200
