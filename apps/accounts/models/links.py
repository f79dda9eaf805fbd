"""Links to read along: a guardian's mail to somebody who wants no account (ADR 0019)."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.core.days import calendar_day
from apps.core.models import UUIDModel
from apps.core.tokens import derive_token, hash_token

from .family import FamilyLock
from .students import Guardianship, Student

LONGEST_NAME = 60


class LinkState(models.TextChoices):
    WAITING = "waiting", _("not opened yet")
    OPENED = "opened", _("opened")
    EXPIRED = "expired", _("over")
    ENDED = "ended", _("ended")


class ReaderLinkQuerySet(models.QuerySet["ReaderLink"]):
    def live(self, now: datetime | None = None) -> "ReaderLinkQuerySet":
        """What still opens something; a rule, which has no clock handed in, asks the database's.

        Whatever takes the maker's own say away shuts the link too, even if nobody thought of ending it.
        """
        here = {"student": OuterRef("student")}
        guarded = Guardianship.objects.current().filter(guardian=OuterRef("made_by"), **here)
        return self.filter(
            Exists(guarded),
            ~Exists(FamilyLock.objects.in_force().filter(**here)),
            ended_at__isnull=True,
            expires_at__gt=now or Now(),
            made_by__is_active=True,
            student__collecting=True,
        )

    def unended(self) -> "ReaderLinkQuerySet":
        """Nobody has ended it; it may be past its date."""
        return self.filter(ended_at__isnull=True)

    def with_standing(self, now: datetime) -> "ReaderLinkQuerySet":
        """Annotate ``is_live``, which ``state`` reads."""
        alive = ReaderLink.objects.live(now).filter(pk=OuterRef("pk"))
        found: ReaderLinkQuerySet = self.annotate(is_live=Exists(alive))
        return found


class ReaderLink(UUIDModel):
    """Whoever holds it reads what a guest may look at, until a date or until it is ended.

    The token (256 bits) is derived from the key, a random nonce and the installation's secret, so that the
    worker can write the link when it sends the mail; the row holds only its hash. Once ended it stays so.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="reader_links"
    )
    # What the family calls whoever reads: it stands where readers of the diary are named.
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=10, default="en")
    nonce = models.CharField(max_length=64, editable=False, default=secrets.token_hex)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="reader_links_made",
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("until"))
    opened_at = models.DateTimeField(_("last opened at"), null=True, blank=True)
    openings = models.PositiveIntegerField(_("times opened"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ReaderLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to read along")
        verbose_name_plural = _("links to read along")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="reader_link_expires_later"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(email=""), name="reader_link_is_somebodys"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, openings=0) | Q(opened_at__isnull=False, openings__gt=0),
                name="reader_link_openings",
            ),
        ]
        indexes = [
            models.Index(
                fields=["student", "made_at"], condition=Q(ended_at__isnull=True), name="reader_link_unended"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.student}"

    def save(self, *args: object, **kwargs: object) -> None:
        """The hash follows the key and the nonce."""
        self.token_hash = hash_token(self.token)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def token(self) -> str:
        """The secret of the link; computed, never stored."""
        return derive_token("accounts.reader-link", self.pk, self.nonce)

    @property
    def last_day(self) -> date:
        """The last whole day on which it opens something, in the student's zone."""
        return calendar_day(self.expires_at - timedelta(microseconds=1), self.student.time_zone)

    def state(self, now: datetime) -> LinkState:
        """As annotated by ``with_standing``."""
        if vars(self)["is_live"]:
            return LinkState.OPENED if self.opened_at else LinkState.WAITING
        return LinkState.EXPIRED if self.ended_at is None and self.expires_at <= now else LinkState.ENDED
