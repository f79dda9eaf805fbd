"""A real SMTP server that answers as it is told."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

TAKEN = "250 taken"


class Sink:
    """What the server says next at each step of a mail, and what it took. Without orders it takes all."""

    def __init__(self, port: int) -> None:
        self.port = port
        # To the whole mail, to its sender, to a recipient; each order holds for one mail.
        self.answers: list[str] = []
        self.to_senders: list[str] = []
        self.to_recipients: list[str] = []
        # So many connections are cut: in the middle of a mail, or after it was taken but before the answer.
        self.cuts_in_data = 0
        self.cuts_after_data = 0
        self.taken: list[bytes] = []

    async def handle_MAIL(  # noqa: N802 (the name that the server calls)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.to_senders.pop(0) if self.to_senders else "250 ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        if self.cuts_after_data:
            self.cuts_after_data -= 1
            abort(server)
        return TAKEN


def abort(server: SMTP) -> None:
    """Cut the connection without a word."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class FragileSMTP(SMTP):
    """Loses the connection while the mail is on its way, if the sink says so."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        sink = self.event_handler
        if sink.cuts_in_data:
            sink.cuts_in_data -= 1
            await self.push("354 go on")
            await self._reader.read(20)
            abort(self)
            return
        await super().smtp_DATA(arg)


class FragileController(Controller):
    def factory(self) -> SMTP:
        return FragileSMTP(self.handler)


@contextmanager
def running() -> Iterator[Sink]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        sink = Sink(probe.getsockname()[1])
    controller: Any = FragileController(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
