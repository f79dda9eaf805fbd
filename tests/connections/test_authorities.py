"""Whose certificates are believed: the public authorities', or those that the installation names itself."""

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings as SettingsFixture
from requests.exceptions import SSLError
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from apps.accounts import fetching
from config.sign_in import ca_bundle

from .conftest import said, url
from .server import IdentityServer, place, private_key, providers, running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of this machine, signed by nobody else; with its key, as a server wants it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "School of Music")])
    key, now = private_key("certificate"), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("school") / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def safe_school(settings: SettingsFixture, certificate: Path) -> Iterator[IdentityServer]:
    with running(certificate) as server:
        settings.SOCIALACCOUNT_PROVIDERS = providers(place(server.url))
        yield server


def test_a_certificate_that_nobody_known_signed(
    safe_school: IdentityServer, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    assert "could not tell us who you are" in said(client, client.post(url("enter")))
    assert "Signing in with school failed: SSLError" in caplog.messages


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_machines_own_word_counts_for_nothing(
    safe_school: IdentityServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(certificate))
    with pytest.raises(SSLError):
        fetching.fetch(safe_school.url + fetching.WELL_KNOWN)


def test_an_authority_that_the_installation_names(
    safe_school: IdentityServer, db: None, certificate: Path, settings: SettingsFixture
) -> None:
    settings.SIGN_IN_CA_BUNDLE = ca_bundle(str(certificate))
    answer = Client().post(url("enter"))
    assert answer.status_code == 200
    assert f'href="{safe_school.url}/authorize?' in answer.content.decode()


def test_it_takes_the_place_of_all_others(safe_school: IdentityServer, settings: SettingsFixture) -> None:
    """A file in which this school's is not lets nobody in."""
    settings.SIGN_IN_CA_BUNDLE = DEFAULT_CA_BUNDLE_PATH
    with pytest.raises(SSLError):
        fetching.fetch(safe_school.url + fetching.WELL_KNOWN)


def test_none_is_named_as_a_rule(settings: SettingsFixture) -> None:
    assert (ca_bundle(""), settings.SIGN_IN_CA_BUNDLE) == ("", "")


@pytest.mark.parametrize("content", [None, "", "qzwords"])
def test_a_file_that_is_none_stops_the_start(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "authorities.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ImproperlyConfigured, match="SIGN_IN_CA_BUNDLE names no file of certificates"):
        ca_bundle(str(path))
    with pytest.raises(ImproperlyConfigured, match="SIGN_IN_CA_BUNDLE names no file of certificates"):
        ca_bundle(str(tmp_path))
