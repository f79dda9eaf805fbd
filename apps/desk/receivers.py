"""What the desk brings together of apps beside each other."""

from uuid import UUID

from apps.accounts.models import User
from apps.assignments.above import Group, group_source
from apps.core.access import allowed
from apps.ensembles.models import Ensemble, Membership


@group_source
def ensembles_of(teacher: User) -> list[Group]:
    """Whoever is asked into an ensemble, or in it: they are all pupils of its teacher. One query."""
    mine = allowed(Ensemble.objects.all(), "change", teacher).values("pk")
    rows = Membership.objects.there().filter(ensemble__in=mine).order_by("ensemble__name", "ensemble_id")
    found: dict[UUID, Group] = {}
    for key, name, teaching in rows.values_list("ensemble_id", "ensemble__name", "teaching_id"):
        found.setdefault(key, Group(key, name, [])).teachings.append(teaching)
    return list(found.values())
