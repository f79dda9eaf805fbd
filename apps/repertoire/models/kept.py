"""What pieces, sections and skills have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel


class Kept(UUIDModel):
    """A row that people write, change and delete; deleted, it stays until the trash is emptied."""

    created_at = models.DateTimeField(_("added at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def version(self) -> str:
        """Another one after each change, for a form to say what it was drawn from."""
        return self.changed_at.isoformat() if self.changed_at else ""
