"""Which accounts and diaries wait to be erased: who knows stands above this app, and registers how to ask.

A guardian who goes soon is nobody to leave a child with; into a diary that goes nobody new is let.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

# The keys of the accounts, as a query.
WhoGoes = Callable[[], QuerySet[Any, Any]]

_known: list[WhoGoes] = []
_diaries: list[WhoGoes] = []


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


def knows_which_diaries_go(function: WhoGoes) -> WhoGoes:
    """Register a query of the keys of students whose diary is to go."""
    _diaries.append(function)
    return function


def diary_stays() -> Q:
    """Of students: nobody has asked to erase the diary, or that was stopped."""
    stays = Q()
    for which_go in _diaries:
        stays &= ~Q(pk__in=which_go())
    return stays
