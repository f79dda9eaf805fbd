"""Who of a student's people reads a row that is shared, private, or addressed to one teacher."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.accounts.models.students import family_ids

from .models import Teaching
from .permissions import granted_ids, taught_ids


def own_teachings(user: User) -> QuerySet[Teaching, Any]:
    return Teaching.objects.current().by(user).values("pk")


def audience(user: User, *, grant: str = "view_student", path: str = "") -> Q:
    """What the user may read of rows with ``student``, ``is_private`` and ``addressed_to``.

    The family reads all; a teacher what is shared or addressed to an own teaching; a guest whom the
    family let in reads what is shared. ``path`` leads from another model to such a row.
    """

    def row(**lookups: object) -> Q:
        return Q(**{f"{path}{name}": value for name, value in lookups.items()})

    return (
        row(student__in=family_ids(user))
        | row(student__in=taught_ids(user), is_private=False)
        & (row(addressed_to__isnull=True) | row(addressed_to__in=own_teachings(user)))
        | row(student__in=granted_ids(user, grant), is_private=False, addressed_to__isnull=True)
    )
