"""A real browser, the real pages, mail by a real SMTP server; every page is watched for faults."""

import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import Settings as SettingsFixture
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.notifications.services import deliver_due
from tests.sweep.world import sign_in

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What may be pressed must be big enough (WCAG 2.2), which axe looks at only when asked.
ALL_RULES = "{resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}"
# Night is another set of colours, and nothing else.
COLOURS = "{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']}"
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [
    (390, "light"),
    (390, "dark"),
    (1280, "dark"),
    (1280, "light"),
]
PASSWORD = "woodshed-demo"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None and os.environ.get("CI") == "true":
        pytest.fail("CI must have a Chromium")
    if program is None:
        pytest.skip("no Chromium on this machine")
    # Playwright's loop runs in this thread, and so do our own questions to the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Sink:
    """What arrives at the SMTP server."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"


@pytest.fixture
def post(settings: SettingsFixture) -> Iterator[Callable[[str, str], str]]:
    """Let the outbox deliver; then ``post(address, pattern)`` is what matches in the newest mail there."""
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port

    def read(address: str, pattern: str) -> str:
        deliver_due(clock=timezone.now)
        for message in reversed(sink.mails):
            body = message.get_body(("plain",))
            if address in str(message["To"]) and body is not None:
                found = re.search(pattern, str(body.get_content()))
                if found:
                    return found.group(0)
        raise AssertionError(f"no mail to {address} with {pattern}: {[str(m['To']) for m in sink.mails]}")

    yield read
    controller.stop()


class Visitor:
    """One person at one browser. Faults of any page they see are collected, and asked for at the end."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.name = ""
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def _heard(self, kind: str, text: str) -> None:
        # A refused page is part of the story; what a page's own script or policy refuses is not.
        if kind == "error" and "status of 4" not in text:
            self.faults.append(f"{self.page.url}: {text}")

    def visit(self, path: str) -> int:
        response = self.page.goto(f"{self.address}{path}")
        assert response is not None
        return response.status

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]:visible", value)

    def submit(self) -> None:
        """Press the main form's own button and wait for the answer."""
        with self.page.expect_navigation():
            self.page.locator(
                "main form:not([data-seen]) button.btn-primary[type=submit]:visible"
            ).first.click()

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def sign_in(self, user: User) -> None:
        self.visit("/account/login/?next=/settings/")
        self.fill(login=user.email, password=PASSWORD)
        self.submit()
        assert self.page.url.endswith("/settings/")

    def is_signed_in(self, user: User) -> None:
        """Without the form, which has its tests: the cookie that it would give."""
        _client, cookies = sign_in(user)
        self.has_cookies(cookies)

    def has_cookies(self, cookies: SimpleCookie) -> None:
        """The cookies of another browser."""
        self.context.add_cookies(
            [{"name": name, "value": found.value, "url": self.address} for name, found in cookies.items()]
        )

    def send(self, path: str, fields: dict[str, str] | None = None) -> int:
        """The status that a form gets which this page sends by script, with its own token."""
        script = """async ([path, fields]) => {
            const body = new FormData(document.querySelector("main form[method=post]"));
            for (const name of [...body.keys()]) if (name !== "csrfmiddlewaretoken") body.delete(name);
            for (const [name, value] of Object.entries(fields)) body.append(name, value);
            return (await fetch(path, {method: "POST", body})).status;
        }"""
        return int(self.page.evaluate(script, [path, fields or {}]))

    def says(self, text: str) -> bool:
        return text in self.page.inner_text("main")

    def check(self, where: str = "", rules: str = ALL_RULES) -> None:
        """No accessibility fault on this page, and nothing that hangs out at its side."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        here = f"{self.page.url} {where}".strip()
        for fault in self.page.evaluate(f"axe.run(document, {rules})")["violations"]:
            targets = [node["target"] for node in fault["nodes"]][:3]
            self.faults.append(f"axe on {here}: {fault['id']}: {targets}")
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wider > 0:
            self.faults.append(f"{here} scrolls sideways by {wider} px")

    def check_looks(self) -> None:
        """The same on a phone and on a desk, by day and by night."""
        for width, scheme in LOOKS:
            self.page.set_viewport_size({"width": width, "height": 844})
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.check(f"at {width} px, {scheme}", ALL_RULES if scheme == "light" else COLOURS)


@pytest.fixture
def visitor(
    browser: Browser,
    live_server: LiveServer,
    transactional_db: None,
    settings: SettingsFixture,
) -> Iterator[Callable[..., Visitor]]:
    """``visitor(java_script_enabled=False)`` opens one more browser; at the end none has seen a fault.

    What they wrote is committed, and the tables are emptied of it afterwards.
    """
    settings.SITE_URL = live_server.url
    settings.ACCOUNT_RATE_LIMITS = False
    found: list[Visitor] = []

    def enter(**options: Any) -> Visitor:
        options.setdefault("locale", "en-GB")
        options.setdefault("viewport", {"width": 390, "height": 844})
        context = browser.new_context(**options)
        context.set_default_timeout(8000)
        found.append(Visitor(context, live_server.url))
        return found[-1]

    yield enter
    faults = [fault for person in found for fault in person.faults]
    for person in found:
        person.context.close()
    # The server's threads may still be answering for a page that was left.
    time.sleep(0.1)
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)
