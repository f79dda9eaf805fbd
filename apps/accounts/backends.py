"""Who is signed in: asked by every page, so by a statement that is built once."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from apps.core.prepared import Prepared

from .models import User


def _build(user: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=user)


_users = Prepared(_build, user=UUID)


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail."""

    def get_user(self, user_id: UUID) -> User | None:
        """The person, unless they are gone or may not sign in any more."""
        return next((user for user in _users(user=user_id) if self.user_can_authenticate(user)), None)
