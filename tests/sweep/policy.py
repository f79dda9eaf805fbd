"""Reads policy.toml: what each address answers to whom. The file is the oracle; no code writes it.

A row is a route's name (``*`` stands for any text, for the admin's many alike pages). In it, under
the relation of the object to the cast (``any`` for all, ``page`` where there is no object), each
method (or ALL) has a line "STATUS who who; STATUS who": ``*`` is everybody not yet named. HEAD
answers like GET. A method without a line answers ``wrong`` (405). Anonymous people are sent to sign in, with
every method, unless the row says ``login = false``; then they are part of ``*``. A child with a sign-in of
a guardian's making gets 403 with every method, unless the row says ``children = true``.
"""

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

PERSONAS = (
    "anonymous",
    "student",
    "guardian",
    "second_guardian",
    "former_guardian",
    "other_guardian",
    "teacher",
    "second_teacher",
    "former_teacher",
    "other_teacher",
    "viewer",
    "commenter",
    "logger",
    "expired_guest",
    "stranger",
    "adult",
    "invited_teacher",
    "staff",
    "staff_without_factor",
    "superuser",
    "child",
)
USED_METHODS = ("GET", "POST")
METHODS = (*USED_METHODS, "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")


class NoPolicy(AssertionError):
    """An address, an object or a person that nobody has thought about."""


@dataclass(frozen=True)
class Row:
    name: str
    rules: dict[str, Any]
    groups: dict[str, list[str]]

    def expected(self, relation: str, persona: str, method: str) -> int:
        """The status that this person must get. Raises NoPolicy when the row does not say."""
        lines = self.rules.get(relation, self.rules.get("any"))
        if lines is None:
            raise NoPolicy(f"{self.name}: nothing is said about {relation}")
        spec = lines.get("GET" if method == "HEAD" else method, lines.get("ALL"))
        if persona == "anonymous" and self.rules.get("login", True):
            return 405 if spec is None and self.rules.get("method_first", False) else 302
        if persona == "child" and not self.rules.get("children", False):
            return 403
        if spec is None:
            return int(self.rules.get("wrong", 405))
        return self._look_up(spec, relation, persona, method)

    def _look_up(self, spec: str, relation: str, persona: str, method: str) -> int:
        for part in spec.split(";"):
            status, *names = part.split()
            people = {who for name in names for who in self.groups.get(name, [name])}
            if unknown := people - {*PERSONAS, "*"}:
                raise NoPolicy(f"{self.name}: who is {unknown}?")
            if persona in people or "*" in people:
                return int(status)
        raise NoPolicy(f"{self.name}: nothing is said about {method} on {relation} by {persona}")


@cache
def policy() -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    found = tomllib.loads(Path(__file__).with_name("policy.toml").read_text())
    return found.pop("groups"), found


def row_of(name: str) -> Row:
    """The row of a route: its own, else the first pattern that fits. Raises NoPolicy."""
    groups, rows = policy()
    if name in rows:
        return Row(name, rows[name], groups)
    for pattern, rules in rows.items():
        if "*" in pattern and fnmatchcase(name, pattern):
            return Row(name, rules, groups)
    raise NoPolicy(f"{name} has no row in policy.toml")


def rows_without_a_route(names: set[str]) -> list[str]:
    """Rows that fit no address any more."""
    return [row for row in policy()[1] if not any(name == row or fnmatchcase(name, row) for name in names)]
