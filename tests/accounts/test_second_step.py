"""How long a code of the app holds."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import make_user
from tests.totp import STEP, code_of


@pytest.mark.parametrize(
    ("steps_ago", "is_taken"), [(0, True), (1, True), (-1, True), (2, False), (-2, False)]
)
def test_a_code_holds_for_a_step_more(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, steps_ago: int, is_taken: bool
) -> None:
    anna = make_user("Anna")
    secret = generate_totp_secret()
    TOTP.activate(anna, secret)
    # The middle of a step: the test itself must not cross its end.
    monkeypatch.setattr("time.time", lambda: 1_800_000_000 + STEP / 2)
    step = client.post(reverse("account_login"), {"login": anna.email, "password": "woodshed-demo"})[
        "Location"
    ]
    client.post(step, {"code": code_of(secret, steps_ago=steps_ago)})
    assert ("_auth_user_id" in client.session) is is_taken
