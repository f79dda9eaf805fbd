"""``make demo``: a whole Woodshed with made-up people on one terminal, until Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from config import embedded, messages
from config.supervisor import Asked, Failed, Program, Supervisor, Terminal

VAR = embedded.CHECKOUT / "var"
# Only this machine: everybody knows the demo's passwords.
HOST = "127.0.0.1"
PATIENCE = 60


def main() -> int:
    terminal = Terminal()
    os.chdir(embedded.CHECKOUT)
    try:
        port = read_port(os.environ)
        with only_one(VAR / "demo.lock", address(port)):
            refuse_taken(port)
            return run(terminal, port)
    except (Failed, embedded.EngineFailed) as failure:
        terminal.say(f"Woodshed could not go on: {failure}")
        return 1


def run(terminal: Terminal, port: int) -> int:
    environ = environment(os.environ, port)
    with Supervisor(terminal, environ) as supervisor:
        try:
            start_engine(terminal, supervisor)
            logins = prepare(supervisor)
            web, *others = programs(environ, port)
            supervisor.start(web)
            supervisor.wait_until(
                lambda: answers(port), patience=PATIENCE, what="An answer from the web server"
            )
            # Only now: on a small box they would keep the first page waiting.
            for program in others:
                supervisor.start(program)
            terminal.say(banner(port, logins))
            supervisor.watch()
        except Asked:
            terminal.say("\nStopping, which takes a few seconds; a second Ctrl-C does not wait.")
        finally:
            supervisor.stop()
            if embedded.wanted(environ) and not embedded.leave() and embedded.is_running():
                terminal.say("PostgreSQL keeps running: another command uses it.")
    terminal.say("Everything is stopped.")
    return 0


# -- before anything starts --------------------------------------------------------------------------


def read_port(environ: Mapping[str, str]) -> int:
    text = environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Failed(f"PORT must be a number from 1 to 65535, not “{text}”.")
    return int(text)


@contextlib.contextmanager
def only_one(path: Path, here: str) -> Iterator[None]:
    """One demo in a checkout: two would share one database and one queue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"a demo of this folder runs already, at {path.read_text().strip()}.") from None
        lock.truncate(0)
        lock.write(here)
        lock.flush()
        yield


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Failed(f"port {port} is reserved for the system. Choose a number above 1023.") from None
        except OSError:
            raise Failed(
                f"port {port} is taken by another program. Choose another: make demo PORT={port + 1}"
            ) from None


# -- what runs ---------------------------------------------------------------------------------------


def environment(environ: Mapping[str, str], port: int) -> dict[str, str]:
    """What the programs see: the demo's settings, the product's own error pages, links to this port.

    Each sent mail is two lines of news otherwise, and the first hundred push the logins off the screen.
    """
    defaults = {"DJANGO_SETTINGS_MODULE": "config.settings.development", "SITE_URL": address(port)}
    return defaults | {"DEBUG": "false", "LOG_LEVEL": "WARNING"} | dict(environ)


def start_engine(terminal: Terminal, supervisor: Supervisor) -> None:
    if embedded.wanted(supervisor.environ):
        terminal.line("database", "starting")
        embedded.start()
    supervisor.check_asked()


def prepare(supervisor: Supervisor) -> list[str]:
    """Bring tables, translations and the made-up people up to date; returns what the seeding said."""
    for folder in ("queue", "control"):
        (VAR / "celery" / folder).mkdir(parents=True, exist_ok=True)
    messages.compile_all(embedded.CHECKOUT)
    supervisor.terminal.line("seed", "bringing the tables up to date, filling in the made-up studio")
    # One program for both: starting Python and Django takes longer than what is left to do the second time.
    return supervisor.step(Program("seed", manage("seed_demo", "--migrate")))


def programs(environ: Mapping[str, str], port: int) -> list[Program]:
    web = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"]
    web += ["--host", HOST, "--port", str(port), "--workers", environ.get("WEB_WORKERS") or "2"]
    web += ["--blocking-threads", "4", "--backpressure", "64", "--workers-kill-timeout", "3"]
    web += ["--access-log", "--log-level", "warning"]
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    worker = [*celery, "--quiet", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    if environ.get("CELERY_BROKER_URL"):
        return [Program("web", web), Program("worker", worker), Program("beat", [*celery, "beat"])]
    # The embedded broker is a folder: one process with the clock inside is all it needs.
    return [
        Program("web", web),
        Program("worker", [*worker, "-B", "--pool", "threads", "--concurrency", "2"]),
    ]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


# -- once it runs ------------------------------------------------------------------------------------


def address(port: int) -> str:
    # By name: passkeys refuse to work on a numeric address.
    return f"http://localhost:{port}/"


def answers(port: int) -> bool:
    """Whether the first page comes. An error of the server's own will not go away by asking again."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5):
            return True
    except urllib.error.HTTPError as error:
        with error:
            if error.code >= 500:
                raise Failed(
                    f"the first page answers with error {error.code}; see the lines above."
                ) from error
            return True
    except OSError:
        return False


def banner(port: int, logins: list[str]) -> str:
    rule = "─" * 72
    where = [
        f"Woodshed runs at {address(port)}",
        f"Its mails do not leave; read them at {address(port)}dev/mail/",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(["", rule, *where, "", *logins, rule, ""])


if __name__ == "__main__":
    sys.exit(main())
