"""Rules about one's own account. Who sees whom is said where lessons are known (private_teaching)."""

from allauth.socialaccount.models import SocialAccount
from django.db.models import Q

from apps.core.access import rule

from .models import User, UserSession


@rule(UserSession, "view", "end")
def may_end_session(user: User) -> Q:
    """One's own, and nobody else's."""
    return Q(user=user)


@rule(SocialAccount, "view", "end")
def may_end_connection(user: User) -> Q:
    """One's own, and nobody else's."""
    return Q(user=user)
