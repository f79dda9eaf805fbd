"""The pieces that a student learns, their sections, and how far each has come."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel
from apps.repertoire.names import folded

from .kept import Kept

LONGEST_TITLE = 200
LONGEST_COMPOSER = 100
LONGEST_SECTION = 60
LONGEST_WAS_CALLED = LONGEST_TITLE + LONGEST_COMPOSER + 3
SLOWEST, FASTEST = 20, 400
LAST_BAR = 9999


class PieceStatus(models.TextChoices):
    """How far it is; the order is that of the list."""

    LEARNING = "learning", _("learning")
    POLISHING = "polishing", _("polishing")
    READY = "ready", _("ready to perform")
    ARCHIVED = "archived", _("archived")


class Difficulty(models.IntegerChoices):
    """For this student, as somebody felt it."""

    VERY_EASY = 1, _("very easy")
    EASY = 2, _("easy")
    MEDIUM = 3, _("medium")
    HARD = 4, _("hard")
    VERY_HARD = 5, _("very hard")


def label_of(title: str, composer: str) -> str:
    """What to call a piece."""
    return f"{title} ({composer})" if composer else title


class PieceQuerySet(models.QuerySet["Piece"]):
    def kept(self) -> "PieceQuerySet":
        """Without what was deleted or went into another piece."""
        return self.filter(deleted_at__isnull=True)


class Piece(Kept):
    """One piece of one student. Everybody who sees the student's diary sees it; what is not for everybody
    stands in a ``Note``.

    ``title_key`` and ``composer_key`` are the names without case, accents and punctuation: two pieces with
    the same ones are probably one piece, written down twice.
    """

    # The index below begins with the student: it serves the foreign key too.
    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    composer = models.CharField(_("composer"), max_length=LONGEST_COMPOSER, blank=True)
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Difficulty.choices, null=True, blank=True
    )
    status = models.CharField(
        _("status"), max_length=10, choices=PieceStatus.choices, default=PieceStatus.LEARNING
    )
    started_on = models.DateField(_("started on"), null=True, blank=True)
    title_key = models.CharField(max_length=LONGEST_TITLE, editable=False)
    composer_key = models.CharField(max_length=LONGEST_COMPOSER, blank=True, editable=False)

    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece")
        verbose_name_plural = _("pieces")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="piece_has_a_title"),
            models.CheckConstraint(
                condition=Q(difficulty__isnull=True) | Q(difficulty__range=(1, 5)), name="piece_difficulty"
            ),
        ]
        indexes = [models.Index(fields=["student", "title_key"], name="piece_title_key")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return label_of(self.title, self.composer)

    def rename(self, title: str, composer: str) -> None:
        """The one way to its names, so that the keys follow."""
        self.title, self.composer = title, composer
        self.title_key = folded(title, LONGEST_TITLE)
        self.composer_key = folded(composer, LONGEST_COMPOSER)


class PieceStatusChange(UUIDModel):
    """That a piece came to a status on a day. The first one is of the day on which it was added.

    ``was_called``: it happened to another piece, which went into this one; its name at that time.
    """

    piece = models.ForeignKey(
        Piece,
        verbose_name=_("piece"),
        on_delete=models.CASCADE,
        related_name="status_changes",
        db_index=False,
    )
    status = models.CharField(_("status"), max_length=10, choices=PieceStatus.choices)
    was_called = models.CharField(_("was called"), max_length=LONGEST_WAS_CALLED, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("status of a piece")
        verbose_name_plural = _("statuses of the pieces")
        indexes = [models.Index(fields=["piece", "changed_at"], name="piece_status_history")]

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d}: {self.status}"


class PieceSectionQuerySet(models.QuerySet["PieceSection"]):
    def kept(self) -> "PieceSectionQuerySet":
        return self.filter(deleted_at__isnull=True)

    def as_played(self) -> "PieceSectionQuerySet":
        """By their first bar; those that say none come last, the oldest first."""
        return self.order_by(F("from_bar").asc(nulls_last=True), "created_at", "pk")


class PieceSection(Kept):
    """A part of a piece that is practised by itself. Bars from 1 on, both or none; beats a minute."""

    piece = models.ForeignKey(
        Piece, verbose_name=_("piece"), on_delete=models.CASCADE, related_name="sections"
    )
    name = models.CharField(_("name"), max_length=LONGEST_SECTION)
    from_bar = models.PositiveSmallIntegerField(_("from bar"), null=True, blank=True)
    to_bar = models.PositiveSmallIntegerField(_("to bar"), null=True, blank=True)
    target_tempo = models.PositiveSmallIntegerField(_("target tempo"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=PieceStatus.choices, default=PieceStatus.LEARNING
    )

    objects = PieceSectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="section_has_a_name"),
            models.CheckConstraint(
                condition=Q(from_bar__isnull=True, to_bar__isnull=True)
                # Without the first two, half a pair would be neither true nor false, which passes.
                | Q(from_bar__isnull=False, to_bar__isnull=False)
                & Q(from_bar__gte=1, to_bar__gte=F("from_bar"), to_bar__lte=LAST_BAR),
                name="section_bars",
            ),
            models.CheckConstraint(
                condition=Q(target_tempo__isnull=True) | Q(target_tempo__range=(SLOWEST, FASTEST)),
                name="section_tempo",
            ),
        ]

    def __str__(self) -> str:
        return self.name
