"""What is learned besides pieces: a technique, scales, theory."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.repertoire.names import folded

from .kept import Kept

SHORTEST_NAME, LONGEST_NAME = 3, 50


class SkillCategory(models.TextChoices):
    """The order is that of the list."""

    TECHNIQUE = "technique", _("technique")
    SCALE = "scale", _("scales")
    THEORY = "theory", _("theory")
    OTHER = "other", _("other")


class SkillQuerySet(models.QuerySet["Skill"]):
    def kept(self) -> "SkillQuerySet":
        return self.filter(deleted_at__isnull=True)


class Skill(Kept):
    """One skill of one student; a name once for each student. Seen by everybody who sees the diary."""

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    name_key = models.CharField(max_length=LONGEST_NAME, editable=False)
    category = models.CharField(
        _("category"), max_length=10, choices=SkillCategory.choices, default=SkillCategory.TECHNIQUE
    )
    is_archived = models.BooleanField(_("archived"), default=False)

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "name_key"],
                condition=Q(deleted_at__isnull=True),
                name="skill_once_for_a_student",
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("name"), SHORTEST_NAME), name="skill_name_length"
            ),
        ]
        indexes = [models.Index(fields=["student", "name_key"], name="skill_name_key")]

    def __str__(self) -> str:
        return self.name

    def rename(self, name: str) -> None:
        """The one way to its name, so that the key follows."""
        self.name, self.name_key = name, folded(name, LONGEST_NAME)
