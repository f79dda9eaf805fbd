"""The demo's mailbox: mails that were written to files instead of being sent. Development only."""

import email
import email.policy
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SEPARATOR = b"-" * 79 + b"\n"


@dataclass(frozen=True)
class CaughtMail:
    """One mail of the mailbox; ``key`` is a digest of its bytes."""

    key: UUID
    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(preferencelist=("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent; pages show it in the reader's zone."""
        header: Any = self.message["date"]
        moment: datetime | None = header.datetime if header is not None else None
        # "-0000": in UTC, and no word about where.
        return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _mailbox() -> Path:
    """The folder of caught mails; 404 unless this is a development machine that catches them."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not settings.DEMO_ALLOWED or not folder:
        raise Http404
    return Path(folder)


def _mails(folder: Path) -> list[CaughtMail]:
    parts = [
        raw.strip() for file in sorted(folder.glob("*.log")) for raw in file.read_bytes().split(SEPARATOR)
    ]
    return [
        CaughtMail(
            UUID(bytes=hashlib.sha256(raw).digest()[:16]),
            email.message_from_bytes(raw + b"\n", policy=email.policy.default),
        )
        for raw in parts
        if raw
    ]


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """All caught mails, newest first."""
    return render(request, "notifications/mail_list.html", {"mails": _mails(_mailbox())[::-1]})


@require_safe
def mail_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One mail as text; its links can be followed."""
    for mail in _mails(_mailbox()):
        if mail.key == key:
            return render(request, "notifications/mail_detail.html", {"mail": mail})
    raise Http404
