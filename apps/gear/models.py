"""What a student plays on, what belongs to it, and how it is looked after."""

from calendar import monthrange
from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.repertoire.models.kept import Kept

LONGEST_NAME = 100
LONGEST_NOTES = 1000
LONGEST_WORDS = 500
MOST_MONTHS = 60
# Instruments first, what is put away last.
GEAR_ORDER = ("is_put_away", "-kind", "name", "pk")


class GearKind(models.TextChoices):
    """Sessions are played on instruments; the order is that of the list."""

    INSTRUMENT = "instrument", _("instrument")
    ACCESSORY = "accessory", _("accessory")


class CareKind(models.TextChoices):
    STRINGS = "strings", _("new strings")
    REED = "reed", _("new reed")
    TUNING = "tuning", _("tuning or adjusting")
    CLEANING = "cleaning", _("cleaning")
    REPAIR = "repair", _("repair")
    OTHER = "other", _("something else")


# What somebody may be reminded of: all that comes back by itself.
DUE_WORDS = {
    CareKind.STRINGS: _("New strings are due"),
    CareKind.REED: _("A new reed is due"),
    CareKind.TUNING: _("Tuning or adjusting is due"),
    CareKind.CLEANING: _("Cleaning is due"),
}


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class GearQuerySet(models.QuerySet["Gear"]):
    def kept(self) -> "GearQuerySet":
        return self.filter(deleted_at__isnull=True)


class Gear(Kept):
    """An instrument or an accessory of one student. Everybody who sees the diary sees it, its notes too.

    ``remind_of`` every ``remind_months``: what should come back, counted from when it was done last, else
    from ``remind_from``, the day on which somebody asked for it.
    ``hushed_on``: on that day somebody said on the first page that they know.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=GearKind.choices, default=GearKind.INSTRUMENT)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    bought_on = models.DateField(_("bought on"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=LONGEST_NOTES, blank=True)
    is_put_away = models.BooleanField(_("put away"), default=False)
    remind_of = models.CharField(_("remind of"), max_length=10, choices=CareKind.choices, blank=True)
    remind_months = models.PositiveSmallIntegerField(_("every so many months"), null=True, blank=True)
    remind_from = models.DateField(_("counted from"), null=True, blank=True)
    hushed_on = models.DateField(_("hushed on"), null=True, blank=True)

    objects = GearQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece of gear")
        verbose_name_plural = _("gear")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="gear_has_a_name"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("notes"), LONGEST_NOTES), name="gear_notes_length"
            ),
            models.CheckConstraint(
                condition=Q(remind_of="", remind_months__isnull=True, remind_from__isnull=True)
                # Without the second part, a part of it would be neither true nor false, which passes.
                | Q(
                    remind_of__in=list(DUE_WORDS),
                    remind_months__isnull=False,
                    remind_months__range=(1, MOST_MONTHS),
                    remind_from__isnull=False,
                ),
                name="gear_reminder",
            ),
        ]
        indexes = [models.Index(fields=["student", "name"], name="gear_of_student")]

    def __str__(self) -> str:
        return self.name


class CareQuerySet(models.QuerySet["Care"]):
    def kept(self) -> "CareQuerySet":
        return self.filter(deleted_at__isnull=True)

    def newest_first(self) -> "CareQuerySet":
        return self.order_by("-done_on", "-created_at", "-pk")


class Care(Kept):
    """Something that was done to it on a day: strings, tuning, a repair."""

    gear = models.ForeignKey(
        Gear, verbose_name=_("gear"), on_delete=models.CASCADE, related_name="cares", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CareKind.choices, default=CareKind.STRINGS)
    done_on = models.DateField(_("done on"))
    words = models.CharField(_("words"), max_length=LONGEST_WORDS, blank=True)

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name = _("care")
        verbose_name_plural = _("care log")
        indexes = [models.Index(fields=["gear", "kind", "-done_on"], name="care_of_gear")]

    def __str__(self) -> str:
        return f"{self.done_on}: {self.kind}"
