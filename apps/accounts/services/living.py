"""Asked under the lock before something is written into an account."""

from apps.accounts.models import User

from .errors import AccountIsOver


def lock_living(user: User) -> User:
    """The account's row, held: it is closed before or after, never between. Raises AccountIsOver."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not row.is_active:
        raise AccountIsOver
    return row
