"""Who may do what with a student's pieces, skills and the notes about them."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import Student, User
from apps.accounts.models.students import family_ids
from apps.core.access import rule
from apps.private_teaching.audiences import audience
from apps.private_teaching.permissions import granted_ids, students_of, taught_ids

from .models import Note, Occasion, Piece, PieceSection, Skill


def keeper_ids(user: User) -> QuerySet[Student, Any]:
    """Whose pieces the user may write down: whoever may log for the student, and the teachers of today."""
    return family_ids(user).union(taught_ids(user), granted_ids(user, "log_practice_student"), all=True)


def closest_ids(user: User) -> QuerySet[Student, Any]:
    """The same without guests."""
    return family_ids(user).union(taught_ids(user), all=True)


@rule(Student, "keep_repertoire")
def may_keep(user: User) -> Q:
    return Q(pk__in=keeper_ids(user))


@rule(Occasion, "view")
@rule(Piece, "view")
@rule(Skill, "view")
def may_view(user: User) -> Q:
    """Everybody who sees the diary."""
    return Q(deleted_at__isnull=True, student__in=students_of(user))


@rule(Occasion, "change")
@rule(Piece, "change")
@rule(Skill, "change")
def may_change(user: User) -> Q:
    return Q(deleted_at__isnull=True, student__in=keeper_ids(user))


@rule(Piece, "merge")
def may_merge(user: User) -> Q:
    """Nothing is lost by it, but a guest does not tidy up."""
    return Q(deleted_at__isnull=True, student__in=closest_ids(user))


@rule(Occasion, "delete")
@rule(Piece, "delete")
@rule(Skill, "delete")
def may_delete(user: User) -> Q:
    """The family: what it wrote for itself goes along. Others archive."""
    return Q(deleted_at__isnull=True, student__in=family_ids(user))


@rule(PieceSection, "view")
def may_view_section(user: User) -> Q:
    shown = Q(deleted_at__isnull=True, piece__deleted_at__isnull=True)
    return shown & Q(piece__student__in=students_of(user))


@rule(PieceSection, "change")
def may_change_section(user: User) -> Q:
    shown = Q(deleted_at__isnull=True, piece__deleted_at__isnull=True)
    return shown & Q(piece__student__in=keeper_ids(user))


def stands() -> Q:
    """Of notes: neither deleted nor about something that was."""
    # Of a piece that there is none of, nothing is set either.
    return Q(deleted_at__isnull=True, piece__deleted_at__isnull=True, skill__deleted_at__isnull=True)


@rule(Note, "view")
def may_view_note(user: User) -> Q:
    """As with an entry of the diary."""
    return stands() & audience(user)


@rule(Note, "delete")
def may_delete_note(user: User) -> Q:
    """One's own words, while one may still read them."""
    return Q(author=user) & may_view_note(user)
