"""Who sees sheet music, and who adds some: it follows its piece."""

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core.access import rule
from apps.private_teaching.permissions import students_of

from .models import Score, ScorePage


def stands(path: str = "") -> Q:
    return Q(**{f"{path}deleted_at__isnull": True, f"{path}piece__deleted_at__isnull": True})


@rule(Score, "view")
def may_view(user: User) -> Q:
    """Everybody who sees the piece."""
    return stands() & Q(student__in=students_of(user))


@rule(ScorePage, "view")
def may_view_page(user: User) -> Q:
    return stands("score__") & Q(score__student__in=students_of(user))


@rule(Score, "delete")
def may_delete(user: User) -> Q:
    """The family, as with the piece; others what they added, while they may still see it."""
    return (Q(student__in=family_ids(user)) | Q(added_by=user)) & may_view(user)
