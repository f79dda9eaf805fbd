"""The diary's rows: an entry and its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel
from apps.gear.models import Gear
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Occasion, Piece, PieceSection, Skill
from apps.repertoire.models.pieces import FASTEST, SLOWEST
from apps.repertoire.names import folded

from .areas import AREA_WORD, FOCUS_AREA_NAMES, FocusArea
from .named import named, named_then

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RATINGS = ("enjoyment", "mood", "quality", "difficulty", "confidence")
# How many characters each takes; the columns of the long ones know no length of their own.
LONG_TEXTS = {"struggles": 2000, "achievements": 2000, "notes": 5000}
TEXTS = {"description": 500, **LONG_TEXTS}
LONGEST_TITLE = 200
MOST_REPETITIONS = 999


class Rating(models.IntegerChoices):
    ONE = 1, "1"
    TWO = 2, "2"
    THREE = 3, "3"
    FOUR = 4, "4"
    FIVE = 5, "5"


def rating_field(label: "_StrPromise") -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(label, choices=Rating.choices, null=True, blank=True)


class PracticeEntryQuerySet(models.QuerySet["PracticeEntry"]):
    def kept(self) -> "PracticeEntryQuerySet":
        """Without what was deleted."""
        return self.filter(deleted_at__isnull=True)

    def between(self, first: date | None, last: date | None) -> "PracticeEntryQuerySet":
        """Entries of these practice days, both included; None is open."""
        found = self
        if first is not None:
            found = found.filter(practised_on__gte=first)
        if last is not None:
            found = found.filter(practised_on__lte=last)
        return found


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="PracticeEntryRevision",
    attrs={
        "instrument": named_then("instrument", _("instrument")),
        "occasion": named_then("occasion", _("occasion")),
    },
    append_only=True,
)
class PracticeEntry(UUIDModel):
    """One practice session of one student on one day.

    ``practised_on`` is a date in ``time_zone`` (the student's, at that time); ``started_at_time`` is
    wall time. Shared with all current teachers unless private or addressed to one ``Teaching``.
    Every insert and update leaves a revision, written by a database trigger.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("logged by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    practised_on = models.DateField(_("day"))
    started_at_time = models.TimeField(_("started at"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    description = models.CharField(_("what was practised"), max_length=TEXTS["description"], blank=True)
    struggles = models.TextField(_("what was hard"), max_length=LONG_TEXTS["struggles"], blank=True)
    achievements = models.TextField(_("what went well"), max_length=LONG_TEXTS["achievements"], blank=True)
    notes = models.TextField(_("notes"), max_length=LONG_TEXTS["notes"], blank=True)
    focus_areas = models.ManyToManyField(FocusArea, verbose_name=_("focus areas"), blank=True)
    preparing_for_exam = models.BooleanField(_("for an exam"), default=False)
    preparing_for_performance = models.BooleanField(_("for a performance"), default=False)
    instrument = named(Gear, _("instrument"))
    occasion = named(Occasion, _("occasion"))
    enjoyment = rating_field(_("enjoyment"))
    mood = rating_field(_("mood"))
    quality = rating_field(_("quality"))
    difficulty = rating_field(_("difficulty"))
    confidence = rating_field(_("confidence"))
    is_private = models.BooleanField(_("private"), default=False)
    addressed_to = models.ForeignKey(
        Teaching,
        verbose_name=_("only for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("logged at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = PracticeEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice entry")
        verbose_name_plural = _("practice entries")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 1440)), name="entry_minutes"),
            models.CheckConstraint(
                condition=Q(is_private=False) | Q(addressed_to__isnull=True),
                name="entry_private_or_addressed",
            ),
            models.CheckConstraint(
                condition=Q(occasion__isnull=True)
                | Q(preparing_for_exam=True)
                | Q(preparing_for_performance=True),
                name="entry_occasion_is_flagged",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 5)}),
                    name=f"entry_{name}",
                )
                for name in RATINGS
            ),
            *(
                models.CheckConstraint(
                    condition=LessThanOrEqual(Length(name), limit), name=f"entry_{name}_length"
                )
                for name, limit in LONG_TEXTS.items()
            ),
        ]
        indexes = [
            # The history, newest first, and the recount of a day.
            models.Index(
                F("student"),
                F("practised_on").desc(),
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(deleted_at__isnull=True),
                name="entry_history",
            ),
            models.Index(
                fields=["student", "-practised_on"],
                condition=Q(deleted_at__isnull=True, preparing_for_exam=True),
                name="entry_exam",
            ),
            models.Index(
                fields=["student", "-practised_on"],
                condition=Q(deleted_at__isnull=True, preparing_for_performance=True),
                name="entry_performance",
            ),
            # Of the few that name one.
            models.Index(
                fields=["instrument"], condition=Q(instrument__isnull=False), name="entry_instrument"
            ),
            models.Index(fields=["occasion"], condition=Q(occasion__isnull=False), name="entry_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.practised_on}: {self.minutes}"

    @property
    def version(self) -> str:
        """Another one after each change, for a form to say what it was drawn from."""
        return self.changed_at.isoformat() if self.changed_at else ""

    @property
    def new_marks(self) -> list[int]:
        """The marks that make it new to its reader, as annotated by ``queries.with_details``."""
        found: list[int] = vars(self).get("mark_ids", [])
        return found

    @property
    def is_new(self) -> bool:
        return bool(self.new_marks)

    @property
    def shown_lines(self) -> "list[ShownLine]":
        """The lines for a page: as annotated by ``queries.with_details``, else by one query."""
        rows = vars(self).get("line_data")
        if rows is None:
            rows = self.items.order_by("position").values(*SHOWN_OF_A_LINE)
        return [ShownLine(**row) for row in rows]

    @property
    def shown_areas(self) -> "list[_StrPromise | str]":
        """The names of the focus areas for a page, likewise."""
        words = vars(self).get("area_words")
        if words is None:
            words = self.focus_areas.in_order().values_list(AREA_WORD, flat=True)
        return [FOCUS_AREA_NAMES.get(word, word) for word in words]


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    model_name="EntryFocusAreaRevision",
    fields=["practiceentry", "focusarea"],
    obj_field=None,
    append_only=True,
)
class EntryFocusArea(PracticeEntry.focus_areas.through):  # type: ignore[name-defined]
    """That an entry was about an area. A proxy, so that its coming and going leaves revisions too."""

    class Meta:
        proxy = True


def label_of(name: str) -> str:
    """How people call a field of an entry, as the first word of a line."""
    field = PracticeEntry._meta.get_field(name)
    return str(getattr(field, "verbose_name", name)).capitalize()


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line as a page shows it."""

    title: str
    kind: str
    minutes: int | None
    tempo: int | None = None
    repetitions: int | None = None


SHOWN_OF_A_LINE = ("title", "kind", "minutes", "tempo", "repetitions")


class ItemKind(models.TextChoices):
    PIECE = "piece", _("piece")
    EXERCISE = "exercise", _("exercise")


def about_field(model: "type[Piece | PieceSection | Skill]") -> "models.ForeignKey[Any, Any]":
    """What it points to may go for good; the line and its words stay. Most lines point to nothing, so the
    indexes below hold those alone that do."""
    return models.ForeignKey(
        model,
        verbose_name=model._meta.verbose_name,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="PracticeItemRevision",
    # Versions are of what was said. When pieces are merged nobody changed the entry.
    exclude=["share_minutes", "piece", "section", "skill"],
    obj_field=pghistory.ObjForeignKey(related_name="events"),
    append_only=True,
)
class PracticeItem(UUIDModel):
    """One line of an entry: what was practised, how long, how fast and how often, as far as that was said.

    ``title`` stays what was said then. ``piece`` (with or without a ``section`` of it) or ``skill`` are the
    same student's. ``share_minutes`` is the line's part of the entry's minutes: those that were said, or an
    even part of what is left; the lines of an entry always add up to it (``dividing.divide``).
    """

    # The constraint below begins with the entry: its index serves the foreign key too.
    entry = models.ForeignKey(
        PracticeEntry, verbose_name=_("entry"), on_delete=models.CASCADE, related_name="items", db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices, default=ItemKind.PIECE)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    # A process of the version before writes lines without it.
    share_minutes = models.SmallIntegerField(_("part of the minutes"), default=0, db_default=0)
    tempo = models.SmallIntegerField(_("tempo reached"), null=True, blank=True)
    repetitions = models.SmallIntegerField(_("repetitions"), null=True, blank=True)
    piece = about_field(Piece)
    section = about_field(PieceSection)
    skill = about_field(Skill)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "position"], name="item_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__range=(1, 1440)), name="item_minutes"
            ),
            models.CheckConstraint(condition=Q(share_minutes__range=(0, 1440)), name="item_share"),
            models.CheckConstraint(
                condition=Q(tempo__isnull=True) | Q(tempo__range=(SLOWEST, FASTEST)), name="item_tempo"
            ),
            models.CheckConstraint(
                condition=Q(repetitions__isnull=True) | Q(repetitions__range=(1, MOST_REPETITIONS)),
                name="item_repetitions",
            ),
            # That a section is one of the piece is held by the service: a purge empties one column first.
            models.CheckConstraint(
                condition=Q(skill__isnull=True) | Q(piece__isnull=True, section__isnull=True),
                name="item_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="item_has_a_title"),
        ]
        indexes = [
            # With the entry, which says when it was and who may read of it.
            models.Index(
                fields=[name, "entry"], condition=Q(**{f"{name}__isnull": False}), name=f"item_of_{name}"
            )
            for name in ("piece", "section", "skill")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name_now(self) -> str:
        """What to call it when it is practised again: its words, unless what it points to has another name
        by now. Asks for piece, section and skill."""
        thing = self.section or self.piece or self.skill
        if thing is None or _is_gone(thing):
            return self.title
        names = names_of(thing)
        return self.title if title_key(self.title) in map(title_key, names) else fitting_name(names)


def title_key(name: str) -> str:
    """What titles are compared by."""
    return folded(name, LONGEST_TITLE)


def _is_gone(thing: Piece | PieceSection | Skill) -> bool:
    """A section goes with its piece."""
    whole = thing.piece if isinstance(thing, PieceSection) else thing
    return thing.deleted_at is not None or whole.deleted_at is not None


def fitting_name(names: Sequence[str]) -> str:
    """The one that says most of those that a line can hold."""
    return next((name for name in names if len(name) <= LONGEST_TITLE), names[-1][:LONGEST_TITLE])


def names_of(thing: Piece | PieceSection | Skill) -> list[str]:
    """What it can be called in a line; the first one says most."""
    if isinstance(thing, PieceSection):
        return [f"{name}: {thing.name}" for name in names_of(thing.piece)]
    if isinstance(thing, Piece):
        return list(dict.fromkeys([thing.label, thing.title]))
    return [thing.name]
