"""Who is told what."""

from django.db.models import Q

from apps.accounts.models import Student, User
from apps.core.access import allowed, rule

from .models import Notification


@rule(Notification, "view")
def may_view(user: User) -> Q:
    """Whoever was told, while they see the student of whom it speaks."""
    seen = allowed(Student.objects.all(), "view", user).values("pk")
    return Q(recipient=user) & (Q(student__isnull=True) | Q(student__in=seen))
