"""What the environment says of places to sign in with: read strictly, and nothing is no place at all."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.sign_in import apps_of

SCHOOL = {
    "id": "school",
    "name": "School of Music",
    "client_id": "woodshed",
    "server_url": "https://id.school.example/",
}
KEYS = {"school": "qzsecret"}


def read(*rows: Any, keys: Any = KEYS) -> list[dict[str, Any]]:
    return apps_of(json.dumps(rows), json.dumps(keys))


@pytest.mark.parametrize("text", ["", "  ", "[]"])
def test_nothing_is_no_place(text: str) -> None:
    assert apps_of(text, "") == []


def test_this_installation_has_none() -> None:
    assert settings.SOCIALACCOUNT_PROVIDERS == {"openid_connect": {"APPS": []}}


def test_a_place_and_another() -> None:
    other = SCHOOL | {"id": "work-2", "server_url": "http://localhost:9000/realm"}
    first, second = read(SCHOOL, other, keys=KEYS | {"work-2": "b"})
    assert first == {
        "provider_id": "school",
        "name": "School of Music",
        "client_id": "woodshed",
        "secret": "qzsecret",
        "settings": {"server_url": "https://id.school.example"},
    }
    assert (second["provider_id"], second["secret"]) == ("work-2", "b")
    assert second["settings"] == {"server_url": "http://localhost:9000/realm"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"id": "School"}, "an id is"),
        ({"id": ""}, "an id is"),
        ({"id": "../x"}, "an id is"),
        ({"id": "openid_connect"}, "an id is"),
        ({"id": "x" * 31}, "an id is"),
        ({"name": ""}, "name of school"),
        ({"name": "x" * 41}, "name of school"),
        ({"client_id": ""}, "client_id of school"),
        ({"client_id": 7}, "each needs the texts"),
        ({"secret": "qzsecret"}, "each needs the texts"),
        ({"server_url": "http://id.school.example"}, "no https address"),
        ({"server_url": "https://"}, "no https address"),
        ({"server_url": "https://anna@id.school.example"}, "no https address"),
        ({"server_url": "https://@id.school.example"}, "no https address"),
        ({"server_url": "https://id.school.example/?a=b"}, "no https address"),
        ({"server_url": "https://id.school.example/#a"}, "no https address"),
        ({"server_url": "javascript:alert(1)"}, "no https address"),
    ],
    ids=str,
)
def test_what_is_wrong_stops_the_start(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words) as stopped:
        read(SCHOOL | changed)
    assert "qzsecret" not in str(stopped.value)


def test_a_missing_word_stops_the_start() -> None:
    for name in SCHOOL:
        with pytest.raises(ImproperlyConfigured, match="each needs the texts"):
            read({key: value for key, value in SCHOOL.items() if key != name})
    with pytest.raises(ImproperlyConfigured, match="each needs the texts"):
        read("school")


@pytest.mark.parametrize("keys", [{}, {"school": ""}, {"school": 7}])
def test_a_place_without_its_secret(keys: dict[str, Any]) -> None:
    with pytest.raises(ImproperlyConfigured, match="SIGN_IN_SECRETS has none for school"):
        read(SCHOOL, keys=keys)


def test_a_secret_without_its_place() -> None:
    """Which, is not said: it may be the secret, written where the id belongs."""
    with pytest.raises(ImproperlyConfigured, match="one that belongs to no id") as stopped:
        read(SCHOOL, keys=KEYS | {"qzother": "work"})
    assert "qzother" not in str(stopped.value)


def test_two_of_one_name() -> None:
    with pytest.raises(ImproperlyConfigured, match="two have the same id"):
        read(SCHOOL, SCHOOL)


@pytest.mark.parametrize(
    ("providers", "secrets", "words"),
    [
        ("school", "", "SIGN_IN_PROVIDERS is no JSON"),
        ("{}x", "", "SIGN_IN_PROVIDERS is no JSON"),
        ('{"id": "school"}', "", "SIGN_IN_PROVIDERS must be a JSON list"),
        ("", '{"school": "qzsecret', "SIGN_IN_SECRETS is no JSON"),
        ("", '["qzsecret"]', "SIGN_IN_SECRETS must be a JSON dict"),
    ],
)
def test_what_is_no_json(providers: str, secrets: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words) as stopped:
        apps_of(providers, secrets)
    assert "qzsecret" not in str(stopped.value)
    assert stopped.value.__cause__ is None
