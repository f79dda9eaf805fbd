"""What a teacher sets several pupils for a while, and who takes part (ADR 0038)."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.consent.speaking import open_diaries, still_speaks
from apps.core.models import UUIDModel
from apps.private_teaching.models import Teaching

LONGEST_NAME = 60
LONGEST_WORDS = 1000
HIGHEST_TARGET = 100_000
LONGEST_DAYS = 92


class Measure(models.TextChoices):
    """What counts of a pupil's diary, as far as the teacher may read it."""

    SESSIONS = "sessions", _("sessions")
    MINUTES = "minutes", _("minutes")
    DAYS = "days", _("days with practice")


class Aim(models.TextChoices):
    TOGETHER = "together", _("all together")
    EACH = "each", _("each for themselves")


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def standing(self) -> "ChallengeQuerySet":
        """Those that the teacher has not taken back."""
        return self.filter(ended_at__isnull=True)

    def running(self) -> "ChallengeQuerySet":
        """Whose result is not written down yet."""
        return self.standing().filter(closed_at__isnull=True)


class Challenge(UUIDModel):
    """So many sessions, minutes or days, from one day to another, together or each; never who did more.

    A day is each pupil's own. How far it is follows from their diaries, until some days after the last one:
    then ``result`` and ``people`` say what became of it, and what is deleted later changes nothing. Its words
    and its numbers never change: families have said yes to them.
    """

    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teacher"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    title = models.CharField(_("title"), max_length=LONGEST_NAME)
    description = models.TextField(_("description"), max_length=LONGEST_WORDS, blank=True)
    aim = models.CharField(_("who reaches it"), max_length=10, choices=Aim.choices, default=Aim.TOGETHER)
    measure = models.CharField(
        _("what counts"), max_length=10, choices=Measure.choices, default=Measure.SESSIONS
    )
    target = models.PositiveIntegerField(_("how many"), validators=[MinValueValidator(1)])
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    created_at = models.DateTimeField(_("set at"))
    ended_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("result written at"), null=True, blank=True)
    # Of a common aim what all did; else how many reached it. Of so many people.
    result = models.PositiveIntegerField(_("result"), null=True, blank=True)
    people = models.PositiveIntegerField(_("who took part"), null=True, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="challenge_has_a_title"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("description"), LONGEST_WORDS),
                name="challenge_description_length",
            ),
            models.CheckConstraint(condition=Q(target__range=(1, HIGHEST_TARGET)), name="challenge_target"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="challenge_days"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, result__isnull=True, people__isnull=True)
                | Q(closed_at__isnull=False, result__isnull=False, people__isnull=False),
                name="challenge_closed_with_its_result",
            ),
        ]
        indexes = [
            models.Index(fields=["teacher", "ends_on"], name="challenge_of_teacher"),
            models.Index(
                fields=["ends_on"],
                condition=Q(closed_at__isnull=True, ended_at__isnull=True),
                name="challenge_to_close",
            ),
        ]

    def __str__(self) -> str:
        return self.title


def taken_part() -> Q:
    """Of participations: the family keeps what the child took part in and is over."""
    return Q(is_in=True, challenge__closed_at__isnull=False, challenge__ended_at__isnull=True)


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def there(self) -> "ParticipationQuerySet":
        """Of challenges that stand, by lessons that neither ended nor pause."""
        return self.filter(
            challenge__ended_at__isnull=True, teaching__in=Teaching.objects.current().values("pk")
        )

    def live(self) -> "ParticipationQuerySet":
        """Those that count: by the word of somebody who still may say it, of a diary that is open."""
        speaks = still_speaks(student="teaching__student", by="answered_by")
        students = open_diaries().values("pk")
        return self.there().filter(speaks, is_in=True, teaching__student__in=students)


class Participation(UUIDModel):
    """One pupil who is asked, by the lessons with the teacher; in when whoever decides for them says so.

    A no and no answer look the same to the teacher.
    """

    # The constraint below begins with the challenge: its index serves the foreign key too.
    challenge = models.ForeignKey(
        Challenge,
        verbose_name=_("challenge"),
        on_delete=models.CASCADE,
        related_name="participations",
        db_index=False,
    )
    teaching = models.ForeignKey(
        Teaching, verbose_name=_("teaching"), on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    is_in = models.BooleanField(_("takes part"), default=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(fields=["challenge", "teaching"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(is_in=False) | Q(answered_at__isnull=False), name="participation_answered"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
