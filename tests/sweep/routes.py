"""Every address that the URLconf can answer, with a name and the names of what it carries."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    carries: tuple[str, ...]
    reversible: bool

    def url(self, values: dict[str, str]) -> str:
        """The address with these values in it."""
        if self.reversible:
            return reverse(self.name, kwargs=values)
        address = self.pattern.replace("(?P<url>.*)$", "no-such-page/")
        for name, value in values.items():
            address = address.replace(f"<path:{name}>", value)
        return f"/{address}"


def _carries(part: URLPattern | URLResolver) -> set[str]:
    if isinstance(part.pattern, RegexPattern):
        return {name for name in part.pattern.regex.groupindex if name != "url"}
    return set(part.pattern.converters)


def _walk(
    resolver: URLResolver, prefix: str = "", namespace: str = "", above: frozenset[str] = frozenset()
) -> Iterator[Route]:
    for found in resolver.url_patterns:
        pattern = f"{prefix}{found.pattern}"
        if isinstance(found, URLResolver):
            inner = f"{namespace}{found.namespace}:" if found.namespace else namespace
            yield from _walk(found, pattern, inner, above | _carries(found))
        else:
            name = f"{namespace}{found.name or pattern}"
            yield Route(name, pattern, tuple(sorted(above | _carries(found))), found.name is not None)


@cache
def all_routes() -> tuple[Route, ...]:
    return tuple(_walk(get_resolver()))
