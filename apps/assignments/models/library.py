"""What a teacher keeps to give again and again (ADR 0036)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel

from .assignments import LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_MINUTES, AnyStep, has_target

MOST_TEMPLATES = 500
MOST_TAGS = 10
LONGEST_TAG = 40


class Template(UUIDModel):
    """One's own, for an assignment. Those with a common tag are a routine: they are given together."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("of"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    about = models.CharField(_("about"), max_length=LONGEST_TITLE, blank=True)
    description = models.TextField(_("description"), max_length=LONGEST_DESCRIPTION, blank=True)
    target_minutes = models.PositiveSmallIntegerField(_("minutes a day"), null=True, blank=True)
    tags = ArrayField(
        models.CharField(max_length=LONGEST_TAG),
        verbose_name=_("tags"),
        size=MOST_TAGS,
        default=list,
        blank=True,
    )
    created_at = models.DateTimeField(_("written at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="template_has_a_title"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("description"), LONGEST_DESCRIPTION),
                name="template_description_length",
            ),
            models.CheckConstraint(
                condition=Q(target_minutes__isnull=True) | Q(target_minutes__range=(1, MOST_MINUTES)),
                name="template_minutes",
            ),
        ]
        indexes = [models.Index(fields=["owner", "title"], name="template_of_owner")]

    def __str__(self) -> str:
        # The words are the owner's alone, also where a page of the staff names the row.
        return str(self.pk)

    @property
    def version(self) -> str:
        """Another one after each change, for a form to say what it was drawn from."""
        return self.changed_at.isoformat() if self.changed_at else ""


class TemplateStep(AnyStep):
    template = models.ForeignKey(
        Template,
        verbose_name=_("template"),
        on_delete=models.CASCADE,
        related_name="steps",
        db_index=False,
    )

    class Meta:
        verbose_name = _("step of a template")
        verbose_name_plural = _("steps of the templates")
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="template_step_position_once"),
            models.CheckConstraint(condition=has_target(), name="template_step_has_its_target"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
