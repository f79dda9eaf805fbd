"""The least that a diary needs."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    notes = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-day", "-id"], name="bare_entry_history")]

    def __str__(self) -> str:
        return self.title


class Day(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    day = models.DateField()
    minutes = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["Day"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "day"], name="bare_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.minutes}"
