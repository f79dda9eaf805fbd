"""The demo's mailbox is for development only and shows what was caught."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories.accounts import make_user

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
def test_a_mail_says_when_in_the_readers_zone_and_keeps_its_paragraphs(
    client: Client, mailbox: Path, as_user: Callable[[User], Client]
) -> None:
    text = "Hello,\n\nSee https://people.example/join/x/ today.\n\nBye"
    raw = f"To: ada@people.example\nSubject: Two\nDate: Sat, 21 Nov 2026 23:05:00 -0000\n\n{text}\n"
    (mailbox / "1.log").write_text(raw)
    tokyo = as_user(make_user(time_zone="Asia/Tokyo"))
    for browser, when in ((tokyo, "22 Nov, 08:05"), (client, "21 Nov, 23:05")):
        page = browser.get(LIST).content.decode()
        (address,) = re.findall(r'href="(/dev/mail/[0-9a-f-]{36}/)"', page)
        mail = browser.get(address).content.decode()
        assert when in page
        assert when in mail
        assert "<p>Hello,</p>" in mail
        assert 'href="https://people.example/join/x/"' in mail
    (mailbox / "1.log").write_text(raw.replace("Sat, 21 Nov 2026 23:05:00 -0000", "then"))
    assert "Two" in client.get(LIST).content.decode()
    (mailbox / "1.log").write_text("Subject: Three\n\nNo date\n")
    assert "Three" in client.get(LIST).content.decode()


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
