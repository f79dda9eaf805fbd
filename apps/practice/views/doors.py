"""What every page of the diary begins with: who asks, for whose diary, for which entry."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.accounts.doors import student_or_404
from apps.accounts.http import UserRequest
from apps.accounts.models import Student, User
from apps.accounts.prepared import Door
from apps.core.access import with_permission
from apps.practice import queries
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.queries import DiaryHead


def head_or_404(user: User, student: UUID, action: str = "view", **more: Any) -> DiaryHead:
    """The diary's head for who may do this; see ``get_allowed_or_404`` for who may not, and ``with_people``
    for what more a page may ask."""
    head = queries.find_head(user, student, action, **more)
    if head is None:
        pupil = student_or_404(user, student, action)
        # Allowed since the first look: somebody was let in at this moment.
        rows = queries.with_people(Student.objects.filter(pk=pupil.pk), user, **more)
        head = queries.diary_head(rows.get(), user)
    return head


def nothing_is_kept(request: UserRequest, head: DiaryHead) -> HttpResponse:
    """Instead of a form: nobody has agreed that this diary is kept, and who can change that."""
    return render(request, "practice/collection_off.html", {"head": head}, status=403)


def closed_meanwhile() -> str:
    """For a form whose entry is not open to its writer any more."""
    return _("This entry was deleted or closed to you meanwhile. What you typed is still here to copy.")


def _entries(reader: User) -> QuerySet[PracticeEntry]:
    """With all an entry shows and what this reader may do with it."""
    rows = queries.with_details(PracticeEntry.objects.select_related("instrument", "occasion"), reader)
    return with_permission(
        rows,
        reader,
        may_change="change",
        may_amend="amend",
        may_comment="comment",
        may_view_revisions="view_revisions",
    )


entry_or_404 = Door(_entries)
comment_or_404 = Door(lambda reader: EntryComment.objects.select_related("entry__student", "author"))
