"""What people change about themselves."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.photos import Photo
from apps.core import audit

from .avatars import show, stored
from .living import lock_living


def hide_checklist(*, user: User, now: datetime) -> None:
    """The first steps were put away; the first time counts."""
    User.objects.filter(pk=user.pk, checklist_hidden_at__isnull=True).update(checklist_hidden_at=now)


def change_settings(
    *,
    user: User,
    display_name: str,
    language: str,
    time_zone: str,
    week_starts_on: int,
    now: datetime,
    photo: Photo | None = None,
) -> None:
    """A person's own settings, in one commit; students keep their own zone. Without a photo theirs stays.

    Raises AccountIsOver, NoPhotoOfMinors, PhotoIsNotKept.
    """
    with stored(photo) as names, transaction.atomic():
        if names:
            show(user, *names, now=now)
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
    """Save what is different. The audit row names the fields, never what they say. Raises AccountIsOver."""
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    if not changed:
        return
    lock_living(user)
    for name in changed:
        setattr(user, name, values[name])
    user.save(update_fields=changed)
    audit.record(action="settings.changed", actor=user, target=user, now=now, fields=", ".join(changed))
