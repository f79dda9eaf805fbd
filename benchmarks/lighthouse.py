"""``python -m benchmarks.lighthouse``: Lighthouse's marks for the main pages, as a phone sees them.

On production's settings with the demo's people, signed in over HTTP; the cookie goes to the browser in
a header. Ends with an error when a page misses its marks.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config import embedded

from . import client, servers
from .__main__ import environ_for

PORT = 8162
NAME = "woodshed_lighthouse"
PASSWORD = "woodshed-demo"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# The log form is opened in a lesson room with bad reception.
MOST_KILOBYTES = {"log form": 120}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
STUDENT = "SELECT s.id FROM accounts_student s JOIN accounts_user u ON u.id = s.user_id WHERE u.email = %s"


class CannotAudit(Exception):
    """Something that Lighthouse needs is missing."""


@dataclass(frozen=True)
class Audit:
    """A page and who opens it; pages without a login are public, and only those are for search engines."""

    name: str
    path: str
    email: str = ""

    @property
    def least(self) -> dict[str, int]:
        found = {"performance": 95, "accessibility": 100, "best-practices": 100}
        return found if self.email else found | {"seo": 100}


@dataclass(frozen=True)
class Marks:
    """What Lighthouse said: points of 100, and kilobytes that were sent for the page with all it loads."""

    audit: Audit
    points: Mapping[str, int]
    kilobytes: float
    failed: Sequence[str]

    @property
    def misses(self) -> list[str]:
        found = [name for name, least in self.audit.least.items() if self.points[name] < least]
        if self.kilobytes > MOST_KILOBYTES.get(self.audit.name, float("inf")):
            found.append("weight")
        return found


def audits(student: str) -> list[Audit]:
    return [
        Audit("landing", "/"),
        Audit("student home", "/practice/", "student@demo.example"),
        Audit("history", f"/students/{student}/diary/", "student@demo.example"),
        Audit("log form", f"/students/{student}/diary/log/", "student@demo.example"),
        Audit("roster", "/studio/", "teacher@demo.example"),
    ]


def read(audit: Audit, report: Mapping[str, Any]) -> Marks:
    """Take the marks out of Lighthouse's report, and the names of what failed in what counts."""
    categories = report["categories"]
    failed = [
        reference["id"]
        for name in audit.least
        for reference in categories[name]["auditRefs"]
        if reference["weight"] and (report["audits"][reference["id"]]["score"] or 0) < 0.9
        if report["audits"][reference["id"]]["score"] is not None
    ]
    return Marks(
        audit=audit,
        points={name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES},
        kilobytes=report["audits"]["total-byte-weight"]["numericValue"] / 1024,
        failed=failed,
    )


def table(found: Sequence[Marks]) -> str:
    lines = [f"{'page':<14}{'performance':>13}{'accessibility':>15}{'best practices':>16}{'SEO':>6}{'KB':>8}"]
    for marks in found:
        points = marks.points
        verdict = f"misses {', '.join(marks.misses)} ({', '.join(marks.failed)})" if marks.misses else "ok"
        lines.append(
            f"{marks.audit.name:<14}{points['performance']:>13}{points['accessibility']:>15}"
            f"{points['best-practices']:>16}{points['seo']:>6}{marks.kilobytes:>8.1f}  {verdict}"
        )
    return "\n".join(lines)


def main(only: Sequence[str]) -> int:
    """Audit the named pages, or all."""
    os.chdir(embedded.CHECKOUT)
    url = os.environ.get("DATABASE_URL") or embedded.start()
    environ = environ_for(_fresh(url), PORT)
    try:
        _manage(environ, "migrate", "-v0")
        # The demo's people refuse production's settings, and rightly so: only the pages run on them.
        _manage(environ | {"DJANGO_SETTINGS_MODULE": "config.settings.development"}, "seed_demo")
        _manage(environ, "collectstatic", "--no-input", "-v0")
        with psycopg.connect(environ["DATABASE_URL"]) as connection:
            row = connection.execute(STUDENT, ["student@demo.example"]).fetchone()
        if row is None:
            raise CannotAudit("the demo has no student@demo.example")
        with servers.running("benchmarks.wsgi:application", PORT, environ):
            found = [_audit(audit) for audit in audits(str(row[0])) if not only or audit.name in only]
    finally:
        _drop(url)
    print(table(found))
    return 1 if any(marks.misses for marks in found) else 0


def _manage(environ: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "django", *arguments]
    subprocess.run(command, env={**os.environ, **environ}, check=True, stdout=subprocess.DEVNULL)


def _fresh(url: str) -> str:
    _drop(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    return urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))


def _drop(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def _audit(audit: Audit) -> Marks:
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None:
        raise CannotAudit("no Chromium is installed")
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        command = ["node_modules/.bin/lighthouse", f"http://{client.HOST}:{PORT}{audit.path}"]
        command += ["--quiet", "--output=json", f"--output-path={output}"]
        command += [f"--only-categories={','.join(CATEGORIES)}"]
        # Chromium's own walls need rights that a container's root does not have.
        command += ["--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"]
        if audit.email:
            fields = {"login": audit.email, "password": PASSWORD}
            login = client.sign_in(PORT, "/account/login/", audit.name, fields)
            headers = Path(folder) / "headers.json"
            headers.write_text(json.dumps({"Cookie": login.cookies}))
            command += [f"--extra-headers={headers}"]
        subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium}, check=True)
        return read(audit, json.loads(output.read_text()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
