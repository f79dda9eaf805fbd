#!/usr/bin/env python
"""Django's command line, with Woodshed's own PostgreSQL running while a command needs it."""

import os
import sys

from config import embedded

# These never ask the database, so none is started for them (a build machine may not have one).
WITHOUT_DATABASE = {"", "help", "version", "collectstatic", "compilemessages", "makemessages"}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    command = next((word for word in arguments[1:] if not word.startswith("-")), "")
    if embedded.wanted() and command not in WITHOUT_DATABASE:
        embedded.start()

    from django.core.management import execute_from_command_line  # settings load here: after the start

    execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
