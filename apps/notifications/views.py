"""The demo's mailbox: mails that were written to files instead of being sent. Development only."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SEPARATOR = b"-" * 79 + b"\n"


@dataclass(frozen=True)
class CaughtMail:
    """One mail of the mailbox; ``number`` counts from the oldest."""

    number: int
    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(preferencelist=("plain",))
        return str(part.get_content()) if part is not None else ""


def _mailbox() -> Path:
    """The folder of caught mails; 404 unless this is a development machine that catches them."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not settings.DEBUG or not folder:
        raise Http404
    return Path(folder)


def _mails(folder: Path) -> list[CaughtMail]:
    found = []
    for file in sorted(folder.glob("*.log")):
        for raw in file.read_bytes().split(SEPARATOR):
            if raw.strip():
                message = email.message_from_bytes(raw.strip() + b"\n", policy=email.policy.default)
                found.append(message)
    return [CaughtMail(number, message) for number, message in enumerate(found, start=1)]


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """All caught mails, newest first."""
    return render(request, "notifications/mail_list.html", {"mails": _mails(_mailbox())[::-1]})


@require_safe
def mail_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One mail as text; its links can be followed."""
    mails = _mails(_mailbox())
    if not 1 <= number <= len(mails):
        raise Http404
    return render(request, "notifications/mail_detail.html", {"mail": mails[number - 1]})
