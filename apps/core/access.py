"""Who may do what to which row: one rule per (model, action), used three ways.

A rule is a function from a user to a ``Q``. The list is that Q as a filter, the check is the same
filter on one primary key, a button is the same Q as an annotation. No rule, no rows.

Standing access is derived from rows that exist for their own reasons (a login, a guardianship, a
current teaching); ADR 0002 says why it is never copied into permission rows.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When
from django.http import Http404

M = TypeVar("M", bound=Model)
AnyUser = AbstractBaseUser | AnonymousUser
# The user handed to a rule is always signed in and active.
Rule = Callable[[Any], Q]

_rules: dict[tuple[type[Model], str], Rule] = {}


# Further questions to every rule: may this user use it at all? Rules of whole kinds of accounts.
Limit = Callable[[Any, type[Model], str], bool]
_limits: list[Limit] = []


class RuleAlreadyExists(Exception):
    """Two rules for one (model, action) would be two truths."""


def rule(model: type[Model], *actions: str) -> Callable[[Rule], Rule]:
    """Register the decorated function as the rule of these actions on this model."""

    def register(function: Rule) -> Rule:
        for action in actions:
            if (model, action) in _rules:
                raise RuleAlreadyExists(f"{model.__name__}: {action}")
            _rules[model, action] = function
        return function

    return register


def limit(function: Limit) -> Limit:
    """Register a function that may shut a rule to a user, whatever the rule itself would say."""
    _limits.append(function)
    return function


def registered_rules() -> Mapping[tuple[type[Model], str], Rule]:
    """All rules, for the tests that hold the matrices against them."""
    return _rules


def condition(model: type[Model], action: str, user: AnyUser) -> Q | None:
    """The rule as a Q for this user, or None when nothing can be allowed."""
    found = _rules.get((model, action))
    if found is None or not user.is_authenticated or not user.is_active:
        return None
    if not all(opens(user, model, action) for opens in _limits):
        return None
    return found(user)


def allowed(queryset: QuerySet[M], action: str, user: AnyUser) -> QuerySet[M]:
    """Narrow the queryset to the rows on which the user may do the action; no rule, no rows."""
    q = condition(queryset.model, action, user)
    return queryset.none() if q is None else queryset.filter(q)


def is_allowed(action: str, user: AnyUser, obj: Model) -> bool:
    """The same filter on one row. Costs one query; annotate lists with ``with_permission`` instead."""
    # Not type(): the user of a request is a lazy object, and only says of itself what it is.
    rows = obj.__class__._default_manager.all()
    return allowed(rows, action, user).filter(pk=obj.pk).exists()


def with_permission(queryset: QuerySet[M], user: AnyUser, **actions: str) -> QuerySet[M]:
    """Annotate each row with booleans: ``with_permission(qs, user, may_change="change")``."""
    annotations = {}
    for name, action in actions.items():
        q = condition(queryset.model, action, user)
        annotations[name] = (
            Value(False)
            if q is None
            else Case(When(q, then=Value(True)), default=Value(False), output_field=BooleanField())
        )
    annotated: QuerySet[M] = queryset.annotate(**annotations)
    return annotated


def get_allowed_or_404(queryset: QuerySet[M], action: str, user: AnyUser, **lookup: object) -> M:
    """The one door from a URL to an object; see ``found_or_404`` for what it raises."""

    def find(asked: str) -> M | None:
        return allowed(queryset, asked, user).filter(**lookup).first()

    return found_or_404(find, action)


def found_or_404(find: Callable[[str], M | None], action: str) -> M:
    """What ``find`` finds for who may do this.

    Raises Http404 when the user may not know of the object, exactly as for one that does not exist;
    PermissionDenied when they may look at it but not do this.
    """
    found = find(action)
    if found is not None:
        return found
    if action != "view" and find("view") is not None:
        raise PermissionDenied
    raise Http404


class RelationshipBackend(BaseBackend):
    """Answers Django's ``user.has_perm("app.action_model", obj)`` from the same rules.

    It never answers without an object, and it knows no superuser: product pages are for people
    with a relationship, staff work in the admin (ADR 0005).
    """

    def has_perm(self, user_obj: AnyUser, perm: str, obj: Model | None = None) -> bool:
        if obj is None or not isinstance(obj, Model):
            return False
        app_label, _, codename = perm.partition(".")
        meta = obj._meta
        suffix = f"_{meta.model_name}"
        if app_label != meta.app_label or not codename.endswith(suffix):
            return False
        return is_allowed(codename.removesuffix(suffix), user_obj, obj)
