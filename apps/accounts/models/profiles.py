"""What a student says of themselves as a musician: what they play, how well, and what they want."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from .students import Student

MOST_INSTRUMENTS = 8
LONGEST_INSTRUMENT = 60
LONGEST_GOAL = 1000


class Level(models.TextChoices):
    """The student's own judgement, in words that no examination board owns."""

    STARTING = "starting", _("just starting")
    BASICS = "basics", _("knows the basics")
    CONFIDENT = "confident", _("plays with confidence")
    ADVANCED = "advanced", _("advanced")
    PROFESSIONAL = "professional", _("professional")


class StudentProfile(models.Model):
    """One row for each student who said something; whoever sees the diary sees it.

    ``instruments`` are those that no lesson says: what is taught stands in the Teaching alone.
    A table of its own, because every page reads students and only one reads this.
    """

    student = models.OneToOneField(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, primary_key=True, related_name="profile"
    )
    instruments = ArrayField(
        models.CharField(max_length=LONGEST_INSTRUMENT),
        verbose_name=_("instruments"),
        default=list,
        blank=True,
    )
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, blank=True, default="")
    goal = models.TextField(_("goal"), blank=True, default="")

    class Meta:
        verbose_name = _("student's profile")
        verbose_name_plural = _("students' profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(instruments__len__lte=MOST_INSTRUMENTS), name="profile_instruments"
            ),
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="profile_level"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("goal"), LONGEST_GOAL), name="profile_goal_length"
            ),
        ]

    def __str__(self) -> str:
        return str(self.student)
