"""Which accounts wait to be erased: who knows stands above this app, and registers how to ask.

A guardian who goes soon is nobody to leave a child with.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

# The keys of the accounts, as a query.
WhoGoes = Callable[[], QuerySet[Any, Any]]

_known: list[WhoGoes] = []


def knows_who_goes(function: WhoGoes) -> WhoGoes:
    """Register a query of the keys of accounts that are to go."""
    _known.append(function)
    return function


def guardian_stays() -> Q:
    """Of guardianships: the guardian's account is open, and nothing known will close it."""
    stays = Q(guardian__is_active=True)
    for who_goes in _known:
        stays &= ~Q(guardian__in=who_goes())
    return stays
