"""What people change about themselves."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit


def hide_checklist(*, user: User, now: datetime) -> None:
    """The first steps were put away; the first time counts."""
    User.objects.filter(pk=user.pk, checklist_hidden_at__isnull=True).update(checklist_hidden_at=now)


def change_settings(
    *, user: User, display_name: str, language: str, time_zone: str, week_starts_on: int, now: datetime
) -> None:
    """A person's own settings; students keep their own zone."""
    _change_own(
        user,
        now=now,
        display_name=display_name,
        language=language,
        time_zone=time_zone,
        week_starts_on=week_starts_on,
    )


def change_language(*, user: User, language: str, now: datetime) -> None:
    _change_own(user, now=now, language=language)


@transaction.atomic
def _change_own(user: User, *, now: datetime, **values: object) -> None:
    """Save what is different. The audit row names the fields, never what they say."""
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(user, name, values[name])
    user.save(update_fields=changed)
    audit.record(action="settings.changed", actor=user, target=user, now=now, fields=", ".join(changed))
