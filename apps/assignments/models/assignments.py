"""What a teacher gives to practise, by what it is finished, and what was done for it (ADR 0036)."""

from dataclasses import asdict

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.assignments.content import StepContent
from apps.assignments.state import Done, Kind, Target
from apps.core.models import UUIDModel
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry
from apps.practice.models.entries import MOST_REPETITIONS, about_field
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Piece, PieceSection, Skill
from apps.repertoire.models.kept import Kept
from apps.repertoire.models.pieces import FASTEST, LAST_BAR, SLOWEST

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 5000
LONGEST_LABEL = 200
MOST_MINUTES = 600
MOST_STEPS = 8
TICKED_ONCE = "step_ticked_once"


class StepKind(models.TextChoices):
    TICK = Kind.TICK.value, _("a tick")
    REPETITIONS = Kind.REPETITIONS.value, _("repetitions")
    BARS = Kind.BARS.value, _("bars")
    TEMPO = Kind.TEMPO.value, _("a tempo")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def kept(self) -> "AssignmentQuerySet":
        return self.filter(deleted_at__isnull=True)


class Assignment(Kept):
    """Something to practise, for one student of one teacher. Those given to several at once share ``given``.

    Whether it is done follows from its steps, and those from what was done for them; nothing here says so.
    """

    teaching = models.ForeignKey(
        Teaching, verbose_name=_("teaching"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    # What it is about, as it was typed; for a student who has a thing of this name, that thing too.
    about = models.CharField(_("about"), max_length=LONGEST_TITLE, blank=True, default="", db_default="")
    piece = about_field(Piece)
    section = about_field(PieceSection)
    skill = about_field(Skill)
    description = models.TextField(_("description"), max_length=LONGEST_DESCRIPTION, blank=True)
    target_minutes = models.PositiveSmallIntegerField(_("minutes a day"), null=True, blank=True)
    # A day of the student's.
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # What was left of it was given once more: this one waits for nothing any more.
    carried_at = models.DateTimeField(_("given once more at"), null=True, blank=True)
    given = models.UUIDField(_("given together"), editable=False)
    # The one in which it was given, if it was in one.
    lesson = models.ForeignKey(
        Lesson,
        verbose_name=_("lesson"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="assignment_has_a_title"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("description"), LONGEST_DESCRIPTION),
                name="assignment_description_length",
            ),
            models.CheckConstraint(
                condition=Q(target_minutes__isnull=True) | Q(target_minutes__range=(1, MOST_MINUTES)),
                name="assignment_minutes",
            ),
            models.CheckConstraint(
                condition=Q(skill__isnull=True) | Q(piece__isnull=True, section__isnull=True),
                name="assignment_about_one_thing",
            ),
            # Of one sending each student gets one, however often it is sent.
            models.UniqueConstraint(fields=["given", "teaching"], name="assignment_given_once"),
        ]
        indexes = [
            models.Index(fields=["teaching", "created_at"], name="assignment_of_teaching"),
            models.Index(fields=["lesson"], condition=Q(lesson__isnull=False), name="assignment_of_lesson"),
            *(
                models.Index(
                    fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"assignment_of_{name}"
                )
                for name in ("piece", "section", "skill")
            ),
        ]

    def __str__(self) -> str:
        return self.title


def has_target() -> Q:
    """Each kind of step says as much as it needs, and nothing else."""
    return (
        Q(kind=Kind.TICK, amount=None, from_bar=None, to_bar=None)
        | Q(kind=Kind.REPETITIONS, amount__range=(1, MOST_REPETITIONS), from_bar=None, to_bar=None)
        | Q(kind=Kind.TEMPO, amount__range=(SLOWEST, FASTEST), from_bar=None, to_bar=None)
        | Q(
            kind=Kind.BARS,
            amount=None,
            from_bar__gte=1,
            to_bar__gte=F("from_bar"),
            to_bar__lte=LAST_BAR,
        )
    )


class AnyStep(UUIDModel):
    """By what something is finished: one of its items."""

    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("finished by"), max_length=12, choices=StepKind.choices)
    label = models.CharField(_("what"), max_length=LONGEST_LABEL, blank=True)
    amount = models.PositiveSmallIntegerField(_("how much"), null=True, blank=True)
    from_bar = models.PositiveSmallIntegerField(_("from bar"), null=True, blank=True)
    to_bar = models.PositiveSmallIntegerField(_("to bar"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label or self.get_kind_display()

    @property
    def target(self) -> Target:
        return Target(kind=Kind(self.kind), amount=self.amount, from_bar=self.from_bar, to_bar=self.to_bar)

    @property
    def content(self) -> StepContent:
        return StepContent(label=self.label, **asdict(self.target))


class Step(AnyStep):
    """By what an assignment is finished: one of its items."""

    assignment = models.ForeignKey(
        Assignment,
        verbose_name=_("assignment"),
        on_delete=models.CASCADE,
        related_name="steps",
        db_index=False,
    )

    class Meta:
        verbose_name = _("step of an assignment")
        verbose_name_plural = _("steps of the assignments")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "position"], name="step_position_once"),
            models.CheckConstraint(condition=has_target(), name="step_has_its_target"),
        ]


class CompletionQuerySet(models.QuerySet["AssignmentCompletion"]):
    def counting(self) -> "CompletionQuerySet":
        """Those of sessions that stand in the diary and that the teacher of the assignment may read."""
        here = Q(entry__deleted_at__isnull=True, entry__is_private=False)
        to_them = Q(entry__addressed_to__isnull=True) | Q(entry__addressed_to=F("step__assignment__teaching"))
        return self.filter(Q(entry__isnull=True) | (here & to_them))


class AssignmentCompletion(UUIDModel):
    """What somebody did for a step, once: beside the diary, or in one session of it, which it follows.

    It never changes; taken back, it goes. Whether it counts follows from its session (``counting``).
    """

    step = models.ForeignKey(
        Step, verbose_name=_("step"), on_delete=models.CASCADE, related_name="completions"
    )
    entry = models.ForeignKey(
        PracticeEntry,
        verbose_name=_("practice entry"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("noted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # A day of the student's; of a session it is the session's.
    done_on = models.DateField(_("day"), null=True, blank=True)
    repetitions = models.PositiveSmallIntegerField(_("repetitions"), null=True, blank=True)
    tempo = models.PositiveSmallIntegerField(_("tempo"), null=True, blank=True)
    from_bar = models.PositiveSmallIntegerField(_("from bar"), null=True, blank=True)
    to_bar = models.PositiveSmallIntegerField(_("to bar"), null=True, blank=True)
    is_tick = models.BooleanField(_("tick"), default=False)
    created_at = models.DateTimeField(_("noted at"))

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion of a step")
        verbose_name_plural = _("completions of the steps")
        constraints = [
            # Two presses at the same moment are one tick. One of a session may stand beside it: the session
            # can go.
            models.UniqueConstraint(
                fields=["step"], condition=Q(is_tick=True, entry__isnull=True), name=TICKED_ONCE
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True, done_on__isnull=False)
                | Q(entry__isnull=False, done_on__isnull=True),
                name="completion_has_one_day",
            ),
            models.UniqueConstraint(
                fields=["entry", "step"], condition=Q(entry__isnull=False), name="step_once_in_a_session"
            ),
        ]

    def __str__(self) -> str:
        return str(self.step_id)

    @property
    def done(self) -> Done:
        return Done(
            repetitions=self.repetitions,
            tempo=self.tempo,
            from_bar=self.from_bar,
            to_bar=self.to_bar,
            is_tick=self.is_tick,
        )
