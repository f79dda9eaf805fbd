"""What shows that something was learned, or what a lesson gave to take home: a link, a note or a picture."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.links import host_of
from apps.core.models import UUIDModel
from apps.lessons.models import Lesson
from apps.practice.models import PracticeEntry
from apps.repertoire.models import Skill

LONGEST_BODY = 2000
LONGEST_LINK = 500
LONGEST_FILE_NAME = 200
MOST_OF_LESSON = 10
# No side of a picture that is kept has more points.
LARGEST_SIDE = 1600


class Kind(models.TextChoices):
    LINK = "link", _("link")
    NOTE = "note", _("note")
    SCREENSHOT = "screenshot", _("picture")


# A lesson has a note already.
OF_LESSON = [(kind.value, kind.label) for kind in (Kind.LINK, Kind.SCREENSHOT)]


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def kept(self) -> "EvidenceQuerySet":
        """Without what was deleted."""
        return self.filter(deleted_at__isnull=True)

    def chronological(self) -> "EvidenceQuerySet":
        return self.order_by("created_at", "pk")


class Evidence(UUIDModel):
    """One link, note or picture, on one entry of the diary, one skill or one lesson. It is never changed.

    Read by whoever reads the entry, the skill's page or the lesson. ``body`` is the note, or what a link or
    picture shows. ``picture`` names a file of the storage, drawn anew from what was sent
    (``core.pictures``); ``file_name`` is what the sent one was called, ``file_size`` the bytes of the kept
    one.
    """

    # Pictures of one student are counted, and all of it goes with the student.
    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+"
    )
    entry = models.ForeignKey(
        PracticeEntry,
        verbose_name=_("entry"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    skill = models.ForeignKey(
        Skill,
        verbose_name=_("skill"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    lesson = models.ForeignKey(
        Lesson,
        verbose_name=_("lesson"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    body = models.TextField(_("text"), max_length=LONGEST_BODY, blank=True)
    link = models.CharField(_("link"), max_length=LONGEST_LINK, blank=True)
    picture = models.CharField(_("file"), max_length=100, blank=True)
    file_name = models.CharField(_("file name"), max_length=LONGEST_FILE_NAME, blank=True)
    file_size = models.PositiveIntegerField(_("size in bytes"), default=0)
    width = models.PositiveSmallIntegerField(_("width"), default=0)
    height = models.PositiveSmallIntegerField(_("height"), default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("added at"))
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=False, skill__isnull=True, lesson__isnull=True)
                | Q(entry__isnull=True, skill__isnull=False, lesson__isnull=True)
                | Q(entry__isnull=True, skill__isnull=True, lesson__isnull=False),
                name="evidence_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.LINK, link__regex=r"^https?://", picture="", file_name="", file_size=0)
                | (Q(kind=Kind.NOTE, link="", picture="", file_name="", file_size=0) & ~Q(body=""))
                | (
                    Q(kind=Kind.SCREENSHOT, link="", file_size__gt=0, width__gt=0, height__gt=0)
                    & ~Q(picture="")
                    & ~Q(file_name="")
                ),
                name="evidence_is_what_it_says",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), LONGEST_BODY), name="evidence_body_length"
            ),
            models.UniqueConstraint(
                fields=["picture"], condition=~Q(picture=""), name="evidence_has_its_own_file"
            ),
        ]
        indexes = [
            models.Index(
                fields=[name, "created_at"],
                condition=Q(**{f"{name}__isnull": False}),
                name=f"evidence_of_{name}",
            )
            for name in ("entry", "skill", "lesson")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d}"

    @property
    def host(self) -> str:
        return host_of(self.link)

    @property
    def about(self) -> "About":
        found = self.entry or self.skill or self.lesson
        assert found is not None  # noqa: S101  (a constraint of the table)
        return found


About = PracticeEntry | Skill | Lesson


def student_of(about: About) -> Student:
    """Whose diary it belongs to."""
    return about.teaching.student if isinstance(about, Lesson) else about.student


def place_of(about: About) -> dict[str, About]:
    """The column that names it."""
    names = {PracticeEntry: "entry", Skill: "skill", Lesson: "lesson"}
    return {names[type(about)]: about}
