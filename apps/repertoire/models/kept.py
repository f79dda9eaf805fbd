"""What all that people write down beside the diary has in common."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel


def _person(label: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class Kept(UUIDModel):
    """A row that people write, change and delete; deleted, it stays until the trash is emptied.

    ``changed_by`` is who touched it last, deleting and merging included.
    """

    added_by = _person(_("added by"))
    changed_by = _person(_("changed by"))
    created_at = models.DateTimeField(_("added at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def version(self) -> str:
        """Another one after each change, for a form to say what it was drawn from."""
        return self.changed_at.isoformat() if self.changed_at else ""

    @property
    def hands(self) -> set[UUID | None]:
        """Who wrote what stands there; None is somebody who has left. Whoever changed a word may have changed
        any."""
        return {self.added_by_id, self.changed_by_id} if self.changed_at else {self.added_by_id}

    def says(self, words: dict[str, Any]) -> bool:
        """Whether its own row holds exactly this."""
        return {name: getattr(self, name) for name in words} == words
