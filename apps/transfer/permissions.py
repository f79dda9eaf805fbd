"""Who may bring sessions into a diary, and whose imports these are."""

from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.models.students import family_ids
from apps.core.access import rule
from apps.private_teaching.permissions import granted_ids

from .models import Import


def own_or_family(user: User) -> Q:
    """The family knows all of them; a guest who may log, those that they brought themselves. A file may hold
    what is private."""
    own = Q(uploaded_by=user, student__in=granted_ids(user, "log_practice_student"))
    return Q(student__in=family_ids(user)) | own


@rule(Import, "view", "change")
def may_view_import(user: User) -> Q:
    return own_or_family(user)
