"""System checks: what must hold for the installation to be safe to start."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import NoReverseMatch, reverse

from . import ownership


@register(Tags.database)
def engine_is_postgresql(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Constraints, triggers and SKIP LOCKED are PostgreSQL's; no other engine is safe (ADR 0009)."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine == "django.db.backends.postgresql":
        return []
    return [Error(f"Woodshed needs PostgreSQL, not {engine}.", id="woodshed.E001")]


@register(Tags.security)
def relationship_backend_is_on(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without it ``has_perm(perm, obj)`` says no to everybody; with guardian's it forgets the expiry."""
    backends = settings.AUTHENTICATION_BACKENDS
    found: list[CheckMessage] = []
    if "apps.core.access.RelationshipBackend" not in backends:
        found.append(Error("RelationshipBackend is not installed.", id="woodshed.E002"))
    if any(backend.startswith("guardian.") for backend in backends):
        found.append(Error("guardian's backend ignores the end date of a grant.", id="woodshed.E003"))
    return found


@register(Tags.urls)
def login_page_exists(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        reverse(settings.LOGIN_URL)
    except NoReverseMatch:
        return [Error("LOGIN_URL names no page.", id="woodshed.E004")]
    return []


@register(Tags.models)
def every_column_is_declared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What nobody has declared would be missing from an export, and would outlive an erasure."""
    return [Error(problem, id="woodshed.E005") for problem in ownership.problems()]
