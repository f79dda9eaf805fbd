"""What is new to a teacher: a row while it is new, no row once it was seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.private_teaching.models import Teaching

from .entries import PracticeEntry


class NewMark(models.Model):
    """The entry is new for the teacher of this teaching, since ``marked_at``.

    Written with the entry, taken away by a POST after it was shown, back when the entry changes: each
    time a row of its own, so that its key says what was shown.
    Counting what is new costs what is new, however long the diary is.
    """

    teaching = models.ForeignKey(
        Teaching, verbose_name=_("teaching"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    entry = models.ForeignKey(
        PracticeEntry, verbose_name=_("entry"), on_delete=models.CASCADE, related_name="+"
    )
    marked_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("new mark")
        verbose_name_plural = _("new marks")
        constraints = [models.UniqueConstraint(fields=["teaching", "entry"], name="new_mark_once")]

    def __str__(self) -> str:
        return f"{self.teaching_id} {self.entry_id}"
