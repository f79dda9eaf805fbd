"""``python -m benchmarks``: how quick the main pages are, against bare Django on the same data."""

import argparse
import os
import secrets
import sys
from collections.abc import Sequence

import django

from config import embedded

from . import database

PORT = 8160


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    os.chdir(embedded.CHECKOUT)
    url = os.environ.get("DATABASE_URL") or embedded.start()
    environ = environ_for(database.beside(url).url, options.port)
    os.environ |= environ
    django.setup()
    # Models can be imported only now.
    from . import run

    try:
        run.bench(url, environ, options)
    except database.OfAnotherSize as error:
        sys.exit(str(error))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--keep", action="store_true", help="use the database that such a run left, and leave it"
    )
    parser.add_argument("--only", default="", help="pages to measure, by name and with commas: history,home")
    parser.add_argument("--students", type=int, default=database.STUDENTS, help="of a thousand entries each")
    parser.add_argument(
        "--teachers",
        type=int,
        default=database.TEACHERS,
        help="who share the students: a roster of 400 with --students=400 --teachers=1",
    )
    parser.add_argument(
        "--heavy-entries",
        type=int,
        default=database.HEAVY_ENTRIES,
        help="of the one student that is compared with those; a million among ten, with --students=9000",
    )
    parser.add_argument("--windows", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--repeats", type=int, default=3, help="of a window in which others were busy")
    parser.add_argument(
        "--show-sql", action="store_true", help="print the statements of each page, measure nothing"
    )
    parser.add_argument("--port", type=int, default=PORT, help="the next one is used too")
    return parser.parse_args(arguments)


def environ_for(url: str, port: int) -> dict[str, str]:
    """All that production asks for; the secret lives as long as the run."""
    return {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "CELERY_BROKER_URL": "filesystem://",
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": "bench@woodshed.example",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
