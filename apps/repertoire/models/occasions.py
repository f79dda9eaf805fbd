"""What a student works towards: an exam, a performance."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel

from .kept import Kept
from .pieces import Piece

LONGEST_OCCASION = 200
LONGEST_BOARD = 100
LONGEST_GRADE = 50
LONGEST_RESULT = 200
MOST_HOURS = 1000


class OccasionKind(models.TextChoices):
    EXAM = "exam", _("exam")
    PERFORMANCE = "performance", _("performance")


class OccasionQuerySet(models.QuerySet["Occasion"]):
    def kept(self) -> "OccasionQuerySet":
        return self.filter(deleted_at__isnull=True)


class Occasion(Kept):
    """One exam or performance of one student, on a day. Everybody who sees the diary sees it, like a piece.

    ``board``, ``grade`` and ``result`` are whatever people call them. How many hours went into it is counted
    from the entries that name it.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=OccasionKind.choices, default=OccasionKind.EXAM)
    title = models.CharField(_("title"), max_length=LONGEST_OCCASION)
    held_on = models.DateField(_("held on"))
    board = models.CharField(_("board"), max_length=LONGEST_BOARD, blank=True)
    grade = models.CharField(_("grade"), max_length=LONGEST_GRADE, blank=True)
    target_hours = models.PositiveSmallIntegerField(_("target hours"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=LONGEST_RESULT, blank=True)
    pieces = models.ManyToManyField(
        Piece, through="OccasionPiece", verbose_name=_("pieces"), blank=True, related_name="+"
    )

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="occasion_has_a_title"),
            models.CheckConstraint(
                condition=Q(target_hours__isnull=True) | Q(target_hours__range=(1, MOST_HOURS)),
                name="occasion_target_hours",
            ),
        ]
        indexes = [models.Index(fields=["student", "held_on"], name="occasion_of_student")]

    def __str__(self) -> str:
        return self.title

    @property
    def target_minutes(self) -> int:
        return (self.target_hours or 0) * 60


class OccasionPiece(UUIDModel):
    """That a piece is to be played at an occasion."""

    # The constraint below begins with the occasion: its index serves the foreign key too.
    occasion = models.ForeignKey(
        Occasion, verbose_name=_("occasion"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    piece = models.ForeignKey(Piece, verbose_name=_("piece"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("piece of an occasion")
        verbose_name_plural = _("pieces of the occasions")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "piece"], name="occasion_names_a_piece_once")
        ]

    def __str__(self) -> str:
        return f"{self.occasion_id}: {self.piece_id}"
