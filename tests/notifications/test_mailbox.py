"""The demo's mailbox is for development only and shows what was caught."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse

LIST = "/dev/mail/"


@pytest.fixture
def mailbox(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def catch(folder: Path, subject: str) -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(folder))
    message = EmailMultiAlternatives(subject, "See http://localhost/join/x/", to=["ada@people.example"])
    message.attach_alternative("<p>See</p>", "text/html")
    connection.send_messages([message])


@pytest.mark.django_db
def test_it_is_empty_at_first(client: Client, mailbox: Path) -> None:
    assert "No mail yet" in client.get(LIST).content.decode()


@pytest.mark.django_db
def test_mails_are_listed_newest_first_and_links_work(client: Client, mailbox: Path) -> None:
    catch(mailbox, "First")
    page = client.get(LIST).content.decode()
    (address,) = re.findall(r'href="(/dev/mail/[0-9a-f-]{36}/)"', page)
    assert 'href="http://localhost/join/x/"' in client.get(address).content.decode()


@pytest.mark.django_db
def test_other_addresses_are_not_found(client: Client, mailbox: Path) -> None:
    catch(mailbox, "First")
    assert client.get(reverse("notifications:mail-detail", args=[UUID(int=0)])).status_code == 404


@pytest.mark.django_db
def test_outside_development_there_is_no_such_page(client: Client, settings: Any, mailbox: Path) -> None:
    settings.DEMO_ALLOWED = False
    assert client.get(LIST).status_code == 404
    settings.DEMO_ALLOWED = True
    del settings.EMAIL_FILE_PATH
    assert client.get(LIST).status_code == 404
