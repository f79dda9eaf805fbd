"""What waits for somebody who has just signed in."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Invitation, Student, StudentGrant, User
from apps.accounts.queries import pending_invitations_for


@dataclass(frozen=True)
class StartPage:
    """``shared`` are the diaries that somebody let this person into."""

    has_own_diary: bool
    invitations: list[Invitation]
    shared: list[Student]


def start_page(user: User, *, now: datetime) -> StartPage:
    granted = StudentGrant.objects.live(now).filter(user=user).values("content_object_id")
    return StartPage(
        has_own_diary=Student.objects.own(user).exists(),
        invitations=list(pending_invitations_for(user, now)),
        shared=list(Student.objects.filter(pk__in=granted).order_by("name", "pk")),
    )
