"""What people write down about a piece or a skill, and the links that help with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.links import host_of
from apps.core.models import UUIDModel
from apps.private_teaching.models import Teaching

from .pieces import Piece, PieceSection
from .skills import Skill

LONGEST_NOTE = 2000
LONGEST_LINK = 500


class NoteQuerySet(models.QuerySet["Note"]):
    def kept(self) -> "NoteQuerySet":
        return self.filter(deleted_at__isnull=True)

    def newest_first(self) -> "NoteQuerySet":
        return self.order_by("-created_at", "-pk")


class Note(UUIDModel):
    """Words, a link, or both, about one piece (or a section of it) or one skill.

    Read by the same people as an entry of the diary: shared with all who see it, addressed to one
    ``Teaching``, or private to the family.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+"
    )
    piece = models.ForeignKey(
        Piece,
        verbose_name=_("piece"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notes",
        db_index=False,
    )
    section = models.ForeignKey(
        PieceSection,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    skill = models.ForeignKey(
        Skill,
        verbose_name=_("skill"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notes",
        db_index=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = models.TextField(_("text"), max_length=LONGEST_NOTE, blank=True)
    link = models.CharField(_("link"), max_length=LONGEST_LINK, blank=True)
    is_private = models.BooleanField(_("private"), default=False)
    addressed_to = models.ForeignKey(
        Teaching,
        verbose_name=_("only for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("written at"))
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(piece__isnull=True, section__isnull=True, skill__isnull=False)
                | Q(piece__isnull=False, skill__isnull=True),
                name="note_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(body="", link=""), name="note_says_something"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), LONGEST_NOTE), name="note_body_length"
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__regex=r"^https?://"), name="note_link_of_the_web"
            ),
            models.CheckConstraint(
                condition=Q(is_private=False) | Q(addressed_to__isnull=True),
                name="note_private_or_addressed",
            ),
        ]
        indexes = [
            models.Index(fields=["piece", "-created_at"], name="note_of_piece"),
            models.Index(fields=["skill", "-created_at"], name="note_of_skill"),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"

    @property
    def host(self) -> str:
        return host_of(self.link)
