"""Who plays together, by whose word, and which sessions were one (ADR 0030)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.consent.speaking import open_diaries, still_speaks
from apps.core.models import UUIDModel
from apps.practice.models import PracticeEntry
from apps.private_teaching.models import Teaching

LONGEST_ENSEMBLE = 60
LONGEST_SHOWN = 30
# A question among players is over after so many days, answered or not; older sessions raise none.
QUESTION_LIFE = timedelta(days=14)


class EnsembleQuerySet(models.QuerySet["Ensemble"]):
    def playing(self) -> "EnsembleQuerySet":
        """Those that the teacher has not ended."""
        return self.filter(ended_at__isnull=True)


class Ensemble(UUIDModel):
    """Pupils of one teacher who play together. Its name is the teacher's, and never changes: a family has
    agreed to it."""

    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("teacher"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=LONGEST_ENSEMBLE)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = EnsembleQuerySet.as_manager()

    class Meta:
        verbose_name = _("ensemble")
        verbose_name_plural = _("ensembles")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="ensemble_has_a_name")]

    def __str__(self) -> str:
        return self.name


def stands() -> Q:
    """Of memberships: whoever agreed still speaks for the student."""
    return still_speaks(student="teaching__student", by="agreed_by")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def unended(self) -> "MembershipQuerySet":
        """Neither ended, nor the ensemble, nor the lessons: what a family can take back, also while these
        pause, since it comes back with them."""
        lessons = Teaching.objects.unended().values("pk")
        return self.filter(ended_at__isnull=True, ensemble__ended_at__isnull=True, teaching__in=lessons)

    def there(self) -> "MembershipQuerySet":
        """Of lessons that do not pause; everything else asks this. A pause is like an end while it lasts."""
        return self.unended().filter(teaching__in=Teaching.objects.current().values("pk"))

    def live(self) -> "MembershipQuerySet":
        """Those whose name the others see: agreed to by somebody who still may, and a diary that is kept, is
        not about to be erased and that nobody holds still. Everything among players asks this, each time."""
        return self.there().filter(stands(), teaching__student__in=open_diaries().values("pk"))


class Membership(UUIDModel):
    """One pupil in one ensemble, by the lessons that they have with its teacher.

    It begins as a question to the family. ``shown_name`` is what whoever agreed wants the others to read;
    it goes when the membership ends.
    """

    ensemble = models.ForeignKey(
        Ensemble, verbose_name=_("ensemble"), on_delete=models.CASCADE, related_name="memberships"
    )
    teaching = models.ForeignKey(
        Teaching, verbose_name=_("teaching"), on_delete=models.CASCADE, related_name="+"
    )
    shown_name = models.CharField(_("name for the others"), max_length=LONGEST_SHOWN, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agreed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of an ensemble")
        verbose_name_plural = _("members of ensembles")
        constraints = [
            models.UniqueConstraint(
                fields=["ensemble", "teaching"], condition=Q(ended_at__isnull=True), name="member_once"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=False) & ~Q(shown_name="")
                | Q(agreed_at__isnull=True, agreed_by__isnull=True, shown_name=""),
                name="member_named_when_agreed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(agreed_at__isnull=True), name="member_name_goes"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name


def for_others(path: str) -> Q:
    """Of an entry behind ``path``: what every teacher may read. Of anything else no other player hears."""
    entry = {"isnull": False, "deleted_at__isnull": True, "is_private": False, "addressed_to__isnull": True}
    return Q(**{f"{path}__{name}": value for name, value in entry.items()})


class GroupSessionQuerySet(models.QuerySet["GroupSession"]):
    def telling(self) -> "GroupSessionQuerySet":
        """Whose first entry the others may still hear of, from somebody whose name they still see."""
        live = Membership.objects.live().values("pk")
        return self.filter(for_others("entry"), membership__in=live)


class GroupSession(UUIDModel):
    """Sessions of several diaries that were one: its key ties them together, and nothing else does.

    ``entry`` is the first, and ``membership`` whoever says so. Both may go, and the others stay tied.
    """

    ensemble = models.ForeignKey(
        Ensemble, verbose_name=_("ensemble"), on_delete=models.CASCADE, related_name="+"
    )
    membership = models.ForeignKey(
        Membership, verbose_name=_("said by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entry = models.OneToOneField(
        PracticeEntry, verbose_name=_("entry"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("said at"))

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session of several")
        verbose_name_plural = _("sessions of several")

    def __str__(self) -> str:
        return str(self.pk)


class PartState(models.TextChoices):
    ASKED = "asked", _("asked")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")


class GroupPartQuerySet(models.QuerySet["GroupPart"]):
    def open(self) -> "GroupPartQuerySet":
        """Questions that wait for an answer."""
        return self.lasting().filter(state=PartState.ASKED)

    def lasting(self) -> "GroupPartQuerySet":
        """Answered or not: not too old, between two whose names are shown, about a session of which the
        others may hear. The clock is the database's, since a rule has none handed in."""
        return self.filter(
            asked_at__gt=Now() - QUESTION_LIFE,
            membership__in=Membership.objects.live().values("pk"),
            session__in=GroupSession.objects.telling().values("pk"),
        )

    def telling(self) -> "GroupPartQuerySet":
        """Confirmed ones whose entry the others may hear of, of somebody whose name they see."""
        live = Membership.objects.live().values("pk")
        return self.filter(for_others("entry"), state=PartState.CONFIRMED, membership__in=live)


class GroupPart(UUIDModel):
    """Another player's part in a session: a question to their family, until somebody there answers it.

    It holds no words, no day and no minutes: the question reads them from the first entry as it stands.
    ``entry`` is the player's own, of which everything else is theirs alone.
    """

    # The constraint below begins with the session: its index serves the foreign key too.
    session = models.ForeignKey(
        GroupSession,
        verbose_name=_("session"),
        on_delete=models.CASCADE,
        related_name="parts",
        db_index=False,
    )
    membership = models.ForeignKey(
        Membership, verbose_name=_("player"), on_delete=models.CASCADE, related_name="parts"
    )
    state = models.CharField(_("state"), max_length=10, choices=PartState.choices, default=PartState.ASKED)
    entry = models.OneToOneField(
        PracticeEntry,
        verbose_name=_("entry"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = GroupPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a session")
        verbose_name_plural = _("parts of sessions")
        constraints = [
            models.UniqueConstraint(fields=["session", "membership"], name="part_once"),
            models.CheckConstraint(
                condition=Q(state=PartState.CONFIRMED, entry__isnull=False)
                | (~Q(state=PartState.CONFIRMED) & Q(entry__isnull=True)),
                name="part_confirmed_by_an_entry",
            ),
            models.CheckConstraint(
                condition=Q(state=PartState.ASKED, answered_at__isnull=True)
                | (~Q(state=PartState.ASKED) & Q(answered_at__isnull=False)),
                name="part_answered_when",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
