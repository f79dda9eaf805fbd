"""The notes about one thing, and whom a new one may be for."""

from functools import cache
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.prepared import ForReader
from apps.core.access import allowed
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Note, Piece, Skill

PRIVATE = "private"


def notes_about(thing: Piece | Skill, user: User) -> list[Note]:
    """Those that this reader may read, the newest first, with who wrote them. One query."""
    return _notes(type(thing))(user, thing=thing.pk)


@cache
def _notes(kind: type[Piece | Skill]) -> ForReader[Note]:
    def build(reader: User, thing: UUID) -> QuerySet[Note]:
        rows = Note.objects.filter(**{kind.__name__.lower(): thing})
        found = allowed(rows, "view", reader).select_related("author", "section", "addressed_to__teacher")
        mine = Case(
            When(Q(author=reader), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        return found.annotate(may_delete=mine).order_by("-created_at", "-pk")

    return ForReader(build, thing=UUID)


def note_readers(thing: Piece | Skill, user: User, *, is_family: bool) -> list[tuple[str, str]]:
    """What the writer may choose: everybody, one teacher besides the family, the family alone. One query.

    A teacher may write for the family and nobody else; a guest for everybody.
    """
    rows = Teaching.objects.current().filter(student=thing.student_id).select_related("teacher")
    teachings = list((rows if is_family else rows.filter(teacher=user)).order_by("started_at", "pk"))
    found = [("", _("Everybody who sees this diary"))]
    for row in teachings if is_family else teachings[:1]:
        who = _("Only %(name)s and the family") % {"name": row.teacher.get_full_name()}
        found.append((str(row.pk), who if is_family else _("Only the family and you")))
    if is_family:
        found.append((PRIVATE, _("Nobody but the family: private")))
    return found
