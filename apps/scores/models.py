"""Sheet music of a piece: the pages of a file that somebody sent, drawn anew."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel
from apps.repertoire.models import Piece

LONGEST_TITLE = 100
# No side of a page that is kept has more points: enough to read a staff on a tablet.
LARGEST_SIDE = 2000


class ScoreQuerySet(models.QuerySet["Score"]):
    def kept(self) -> "ScoreQuerySet":
        """Without what was deleted."""
        return self.filter(deleted_at__isnull=True)


class Score(UUIDModel):
    """One PDF or picture of a piece's notes; the sent file itself is not kept. It is never changed.

    Seen by everybody who sees the piece.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+"
    )
    piece = models.ForeignKey(
        Piece, verbose_name=_("piece"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("added at"))
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet music")
        verbose_name_plural = _("sheet music")
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="score_has_a_title")]
        indexes = [models.Index(fields=["piece", "created_at"], name="score_of_piece")]

    def __str__(self) -> str:
        return self.title


class ScorePage(UUIDModel):
    """One page: a file of the storage. Pages count from 1."""

    score = models.ForeignKey(
        Score, verbose_name=_("sheet music"), on_delete=models.CASCADE, related_name="pages", db_index=False
    )
    number = models.PositiveSmallIntegerField(_("number"))
    picture = models.CharField(_("file"), max_length=100, unique=True)
    file_size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))

    class Meta:
        verbose_name = _("page of sheet music")
        verbose_name_plural = _("pages of sheet music")
        constraints = [
            models.UniqueConstraint(fields=["score", "number"], name="score_page_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, file_size__gt=0, width__gt=0, height__gt=0) & ~Q(picture=""),
                name="score_page_is_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
