"""What every page of the diary begins with: who asks, for whose diary, for which entry."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.models import Student, User
from apps.core.access import get_allowed_or_404, with_permission
from apps.core.throttle import is_too_often
from apps.practice import queries
from apps.practice.models import PracticeEntry
from apps.practice.queries import DiaryHead

LOGS_A_MINUTE = 30
COMMENTS_A_MINUTE = 20


def head_or_404(user: User, student: UUID, action: str = "view") -> DiaryHead:
    """The diary's head for who may do this; see ``get_allowed_or_404`` for who may not."""
    head = queries.find_head(user, student, action)
    if head is None:
        pupil = get_allowed_or_404(Student.objects.all(), action, user, pk=student)
        # Allowed since the first look: somebody was let in at this moment.
        head = queries.diary_head(queries.with_people(Student.objects.filter(pk=pupil.pk), user).get(), user)
    return head


def entry_or_404(user: User, entry: UUID, action: str = "view") -> PracticeEntry:
    """The entry with all it shows and what this user may do with it."""
    rows = queries.with_details(PracticeEntry.objects.all(), user)
    rows = with_permission(
        rows,
        user,
        may_change="change",
        may_amend="amend",
        may_comment="comment",
        may_view_revisions="view_revisions",
    )
    return get_allowed_or_404(rows, action, user, pk=entry)


def slow_down(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def logs_too_often(user: User) -> bool:
    return is_too_often("log", user.pk, limit=LOGS_A_MINUTE)


def comments_too_often(user: User) -> bool:
    return is_too_often("comment", user.pk, limit=COMMENTS_A_MINUTE)
