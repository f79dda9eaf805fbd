"""A teacher's public page: what the teacher writes, and what the staff let everybody read (ADR 0018)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.accounts.models.profiles import LONGEST_INSTRUMENT, MOST_INSTRUMENTS
from apps.accounts.models.students import MINORS
from apps.core.languages import names_of
from apps.core.models import UUIDModel

LONGEST_BIO = 2000
LONGEST_PAGE_NAME = 60
LONGEST_VERDICT = 500
MOST_LANGUAGES = 8
MOST_PLACES = 200


class PageState(models.TextChoices):
    """Of what the teacher writes. What everybody reads is a row of its own, whatever stands here."""

    DRAFT = "draft", _("not sent in")
    SUBMITTED = "submitted", _("waits for the check")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("not approved")
    SUSPENDED = "suspended", _("suspended")


class PageText(UUIDModel):
    """The words of a page."""

    display_name = models.CharField(_("name on the page"), max_length=LONGEST_PAGE_NAME)
    bio = models.TextField(_("about you"))
    instruments = ArrayField(models.CharField(max_length=LONGEST_INSTRUMENT), verbose_name=_("instruments"))
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("bio"), LONGEST_BIO), name="%(class)s_bio_length"
            ),
            models.CheckConstraint(
                condition=Q(instruments__len__lte=MOST_INSTRUMENTS, languages__len__lte=MOST_LANGUAGES),
                name="%(class)s_lists",
            ),
            models.CheckConstraint(condition=~Q(display_name=""), name="%(class)s_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def texts(self) -> dict[str, object]:
        """What the staff check: the words, without how many places there are."""
        return {name: getattr(self, name) for name in ("display_name", "bio", "instruments", "languages")}

    @property
    def language_names(self) -> list[str]:
        return names_of(self.languages)


class TeacherProfile(PageText):
    """One teacher's page as the teacher writes it. ``places`` are pupils at most, over all instruments.

    ``reason`` is the staff's word on a page that they declined or suspended; the teacher reads it.
    """

    teacher = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teacher"),
        on_delete=models.CASCADE,
        related_name="teacher_profile",
    )
    places = models.PositiveSmallIntegerField(_("places"), default=10)
    is_taking = models.BooleanField(_("takes new pupils"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=PageState.choices, default=PageState.DRAFT)
    reason = models.TextField(_("reason"), blank=True, default="")
    changed_at = models.DateTimeField(_("changed at"))
    submitted_at = models.DateTimeField(_("sent in at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta(PageText.Meta):
        abstract = False
        verbose_name = _("teacher's page")
        verbose_name_plural = _("teachers' pages")
        constraints = [
            *PageText.Meta.constraints,
            models.CheckConstraint(
                condition=Q(places__range=(1, MOST_PLACES)), name="teacher_profile_places"
            ),
            models.CheckConstraint(
                condition=~Q(state=PageState.SUBMITTED) | Q(submitted_at__isnull=False),
                name="teacher_profile_submitted_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PageState.DECLINED, PageState.SUSPENDED]) | ~Q(reason=""),
                name="teacher_profile_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"], condition=Q(state=PageState.SUBMITTED), name="teacher_profile_waits"
            )
        ]

    @property
    def version(self) -> str:
        """Names the words that somebody had before them."""
        return self.changed_at.isoformat()


class PublishedPageQuerySet(models.QuerySet["PublishedPage"]):
    def open(self) -> "PublishedPageQuerySet":
        """What everybody may read: approved, its teacher's account is not closed, and the teacher does not
        say meanwhile that they are under 18."""
        minors = Student.objects.filter(user=OuterRef("profile__teacher"), age_band__in=MINORS)
        return self.filter(~Exists(minors), profile__teacher__is_active=True)


class PublishedPage(PageText):
    """The words that the staff approved, copied at that moment. Without this row there is no public page."""

    profile = models.OneToOneField(
        TeacherProfile, verbose_name=_("teacher's page"), on_delete=models.CASCADE, related_name="published"
    )
    approved_at = models.DateTimeField(_("approved at"))

    objects = PublishedPageQuerySet.as_manager()

    class Meta(PageText.Meta):
        abstract = False
        verbose_name = _("published page")
        verbose_name_plural = _("published pages")
        indexes = [models.Index(fields=["-approved_at", "-id"], name="published_page_newest")]
