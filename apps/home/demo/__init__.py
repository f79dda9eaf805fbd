"""Made-up people: a studio to try Woodshed with, and a school to measure it with."""

from django.conf import settings
from django.core.management.base import CommandError


def refuse_production() -> None:
    """Everybody knows their passwords, so they may not open a door that leads to real people."""
    if not settings.DEMO_ALLOWED:
        raise CommandError("Made-up people have a known password: they do not go into production.")
