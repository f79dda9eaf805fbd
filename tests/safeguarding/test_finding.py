"""Support knows an address and no key: how a case finds its student."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.safeguarding.models import ReadingCase
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.safeguarding import make_member

from .test_cases import page, send_case

SignIn = Callable[[User], Client]


@pytest.fixture
def office(cast: Cast, as_user: SignIn) -> Client:
    return as_user(make_member(cast.user("staff"), "support"))


@pytest.mark.parametrize("whose", ["guardian", "student"])
def test_support_finds_the_student_by_an_address(cast: Cast, office: Client, whose: str) -> None:
    html = office.get(page(ReadingCase, "add")).content.decode()
    assert "related-lookup" not in html, "it led to a page that support may not see"
    assert send_case(office, "", email=cast.user(whose).email.upper()).status_code == 302
    assert ReadingCase.objects.get().student == cast.student


def test_an_address_that_leads_to_nobody_or_to_several(cast: Cast, office: Client) -> None:
    mother = make_user("Nora")
    assert "No student belongs to this address." in errors_of(send_case(office, "", email=mother.email))
    assert "Say whose pages you must see." in errors_of(send_case(office, ""))
    assert "This does not look like an e-mail address." in errors_of(send_case(office, "", email="nobody"))
    children = [make_student("Ben"), make_student("Ada")]
    for child in children:
        make_guardianship(child, mother)
    said = errors_of(send_case(office, "", email=mother.email))
    assert all(f"{child.name}: {child.pk}" in said for child in children)
    assert not ReadingCase.objects.exists()
    assert send_case(office, children[0].pk, email=mother.email).status_code == 302
    assert ReadingCase.objects.get().student == children[0]


def errors_of(answer: Any) -> str:
    errors = answer.context["adminform"].form.errors
    assert errors.keys() == {"email"}
    return str(errors["email"].as_text())
