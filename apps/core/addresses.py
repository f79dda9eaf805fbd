"""Addresses of this site: of the things in a list, and of the page to go to next."""

from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme

_STAND_IN = UUID(int=0)


def address_of(name: str, pk: UUID) -> str:
    """``reverse(name, args=[pk])`` for the rows of a list, where each lookup would cost as much as a row."""
    return addresses_of(name)(pk)


def addresses_of(name: str) -> Callable[[UUID], str]:
    """``address_of`` for all rows of one page."""
    before, after = _around(name, get_urlconf(), get_script_prefix())
    return lambda pk: f"{before}{pk}{after}"


@cache
def _around(name: str, urlconf: str | None, prefix: str) -> tuple[str, str]:
    """What stands before and after the id; ``prefix`` is where the site is mounted."""
    before, _, after = reverse(name, urlconf, args=[_STAND_IN]).partition(str(_STAND_IN))
    return before, after


def next_address(request: HttpRequest, default: str) -> str:
    """The form's ``next``, if it is an address of this site; else the default."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else default
