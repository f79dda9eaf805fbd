"""A teacher's own rules, or the usual ones."""

from dataclasses import asdict

from apps.accounts.models import User
from apps.core.access import allowed
from apps.desk.models import TriageSettings
from apps.desk.triage import Thresholds

NAMES = tuple(asdict(Thresholds()))


def thresholds_of(user: User) -> Thresholds:
    row = allowed(TriageSettings.objects.all(), "view", user).values(*NAMES).first()
    return Thresholds(**row) if row else Thresholds()
