"""Two pieces that are one."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.repertoire.above import move_along
from apps.repertoire.models import Note, Piece, PieceSection, PieceStatusChange

from .errors import GoneMeanwhile
from .locks import lock_pair
from .occasions import move_piece


@transaction.atomic
def merge_pieces(*, into: Piece, other: Piece, by: User, now: datetime) -> Piece:
    """``other`` goes into ``into``: its sections, notes, links and history move, private ones too, with the
    occasions that name it and what apps above hang on it; what ``into`` does not say it takes over. It was
    begun when the first of them was.

    What it is called and how far it is stays. Of two merges of the same pieces at once the second raises
    GoneMeanwhile and changes nothing. What moves is nothing new, so no consent is asked for.
    """
    rows = lock_pair(into.pk, other.pk, by)
    kept, gone = rows[into.pk], rows[other.pk]
    if kept.student_id != gone.student_id:
        raise GoneMeanwhile
    PieceSection.objects.filter(piece=gone).update(piece=kept)
    Note.objects.filter(piece=gone).update(piece=kept)
    move_piece(into=kept, other=gone)
    history = PieceStatusChange.objects.filter(piece=gone)
    history.filter(was_called="").update(was_called=gone.label)
    history.update(piece=kept)
    move_along(gone, kept)
    _take_over(kept, gone)
    kept.changed_at = gone.changed_at = gone.deleted_at = now
    kept.changed_by = gone.changed_by = by
    kept.save()
    gone.save(update_fields=["changed_at", "changed_by", "deleted_at"])
    audit.record(
        action="piece.merged",
        actor=by,
        target=kept,
        now=now,
        student_id=kept.student_id,
        other=str(gone.pk),
    )
    return kept


def _take_over(kept: Piece, gone: Piece) -> None:
    kept.rename(kept.title, kept.composer or gone.composer)
    kept.difficulty = kept.difficulty or gone.difficulty
    days = [day for day in (kept.started_on, gone.started_on) if day is not None]
    kept.started_on = min(days, default=None)
