"""The address of a write, opened by hand."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import Cast

SignIn = Callable[[User], Client]


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_says_so_and_leads_back(cast: Cast, as_user: SignIn, method: str) -> None:
    answer = getattr(as_user(cast.user("teacher")), method)(reverse("desk:reply"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    if method != "head":
        html = answer.content.decode()
        assert "Nothing was changed." in html
        assert f'href="{reverse("desk:inbox")}"' in html


def test_also_to_who_is_not_signed_in(client: Client) -> None:
    assert "Nothing was changed." in client.get(reverse("desk:reply")).content.decode()
