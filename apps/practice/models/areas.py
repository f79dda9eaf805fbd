"""What sessions are about."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student

LONGEST_AREA = 40


class FocusAreaQuerySet(models.QuerySet["FocusArea"]):
    def shipped(self) -> "FocusAreaQuerySet":
        """Everybody's."""
        return self.filter(student__isnull=True)

    def offered_to(self, student: UUID) -> "FocusAreaQuerySet":
        """The student's own ones that were not removed."""
        return self.filter(student=student, is_archived=False)

    def in_order(self) -> "FocusAreaQuerySet":
        """Everybody's first, then a student's own ones by name."""
        return self.order_by("position", "name_key", "pk")


class FocusArea(models.Model):
    """What a session was about: technique, scales … Everybody's are shipped as data and named in the reader's
    language; a student's own ones have a ``name``, each once whatever its case, accents and punctuation.
    """

    slug = models.SlugField(_("key"), unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    student = models.ForeignKey(
        Student,
        verbose_name=_("student"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=LONGEST_AREA, blank=True)
    # Removed while entries have it: they keep it, and nobody is offered it.
    is_archived = models.BooleanField(_("put away"), default=False, db_default=False)
    name_key = models.CharField(max_length=LONGEST_AREA, blank=True, editable=False)

    objects = FocusAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")
        constraints = [
            models.CheckConstraint(
                condition=Q(student__isnull=True, name="") | (Q(student__isnull=False) & ~Q(name="")),
                name="area_own_has_a_name",
            ),
            # Begins with the student: it serves the foreign key too.
            models.UniqueConstraint(
                fields=["student", "name_key"],
                condition=Q(student__isnull=False),
                name="area_once_for_a_student",
            ),
        ]

    @property
    def address(self) -> UUID:
        """What stands in addresses, of a student's own one: its key was made of this."""
        return UUID(self.slug)

    def __str__(self) -> str:
        return self.name or str(FOCUS_AREA_NAMES.get(self.slug, self.slug))


FOCUS_AREA_NAMES = {
    "technique": _("Technique"),
    "scales": _("Scales and arpeggios"),
    "repertoire": _("Pieces"),
    "sight-reading": _("Sight-reading"),
    "rhythm": _("Rhythm"),
    "tone": _("Tone"),
    "intonation": _("Intonation"),
    "memory": _("Playing by heart"),
    "ear": _("Ear training"),
    "theory": _("Theory"),
    "improvisation": _("Improvisation"),
    "performance": _("Playing through"),
}


# An own name, else the key of a shipped one: what ``FOCUS_AREA_NAMES`` does not know is a name.
AREA_WORD = Coalesce(NullIf(F("name"), Value("")), F("slug"), output_field=models.CharField())
