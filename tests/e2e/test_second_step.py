"""The second step of signing in, from switching it on to losing the phone, in both languages."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.e2e.conftest import PASSWORD, Visitor
from tests.factories.accounts import make_user
from tests.totp import code_of

Enter = Callable[..., Visitor]


def send(person: Visitor) -> None:
    """Enter, in the field where one types."""
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def prove(person: Visitor, **fields: str) -> None:
    """The question for the password, or for a code, that stands before what is delicate."""
    person.check_looks()
    for name, value in fields.items():
        person.page.focus(f"main [name={name}]")
        person.page.keyboard.type(value)
    send(person)


def enter(person: Visitor, name: str) -> None:
    """A page behind the question for the password, which may have been given just now."""
    person.visit(reverse(name))
    if "reauthenticate" in person.page.url:
        prove(person, password=PASSWORD)
    assert person.page.url.endswith(reverse(name))
    person.check_looks()


@pytest.mark.parametrize("language", ["en", "de"])
def test_switching_it_on_and_using_it(visitor: Enter, transactional_db: None, language: str) -> None:
    anna = make_user("Anna", language=language)
    person = visitor()
    person.sign_in(anna)
    enter(person, "mfa_activate_totp")
    secret = person.page.input_value("#authenticator_secret")
    prove(person, code=code_of(secret))
    assert Authenticator.objects.filter(user=anna, type="totp").exists()
    for name in ("index", "generate_recovery_codes", "deactivate_totp", "view_recovery_codes"):
        enter(person, f"mfa_{name}")
    recovery = person.page.input_value("#recovery_codes").split()[0]
    person.visit(reverse("accounts:settings"))
    words = {"en": "an app", "de": "eine App"}[language]
    assert person.says(words)

    elsewhere = visitor()
    elsewhere.visit("/account/login/?next=/settings/")
    elsewhere.fill(login=anna.email, password=PASSWORD)
    elsewhere.submit()
    prove(elsewhere, code=recovery)
    assert elsewhere.page.url.endswith("/settings/")
    enter(elsewhere, "mfa_deactivate_totp")
    button = elsewhere.page.locator("main form button[type=submit]").first
    button.focus()
    send(elsewhere)
    assert not Authenticator.objects.filter(user=anna, type="totp").exists()
    # The other browser is signed out by it.
    person.visit("/settings/")
    assert "/account/login/" in person.page.url
