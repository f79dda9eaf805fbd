"""What the search looks into."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .entries import PracticeEntry


class EntryWords(models.Model):
    """The words of one entry, its lines among them, stemmed in every language (``words.LANGUAGES``), each
    behind the key of its diary.

    A table of its own: one index holds the words of two tables, and none of them had to be written anew.
    Who may read the entry decides who finds it: this row is only ever asked for together with it.
    """

    entry = models.OneToOneField(
        PracticeEntry,
        verbose_name=_("entry"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    words = SearchVectorField(_("words"))

    class Meta:
        verbose_name = _("words of an entry")
        verbose_name_plural = _("words of the entries")
        # No list of what is still to be sorted in: every search would read it, whoever wrote it.
        indexes = [GinIndex(fields=["words"], name="entry_words", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.pk)
