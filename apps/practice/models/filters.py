"""Filters that somebody keeps under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel

LONGEST_FILTER_NAME = 60
# All parts of an address together; a search of 100 characters may take twelve times as many.
LONGEST_QUERY = 2000


class SavedFilter(UUIDModel):
    """One person's own, for one diary: a name for what stands behind the question mark of its address.

    Opened, it is read like any address: what its owner may no longer ask for is left out.
    """

    # The constraint below begins with the person: its index serves the foreign key too.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=LONGEST_FILTER_NAME)
    query = models.CharField(_("filters"), max_length=LONGEST_QUERY)
    created_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(fields=["user", "student", "name"], name="filter_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="filter_has_a_name"),
            models.CheckConstraint(condition=~Q(query=""), name="filter_filters"),
        ]

    def __str__(self) -> str:
        return self.name
