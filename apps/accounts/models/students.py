"""Students are rows of their own: a login is optional (ADR 0001), guardians are equal."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.drawings import SIGNS
from apps.core.countries import CONSENT_AGES, DEFAULT_CONSENT_AGE, consent_age, countries_by_age
from apps.core.days import DEFAULT_DAY_ENDS_AT_HOUR, local_day
from apps.core.models import UUIDModel

from .users import CHILD_DOMAIN, first_name, validate_time_zone

if TYPE_CHECKING:
    from .users import User


YOUNGEST_TEEN = 13
ADULT_AGE = 18


class AgeBand(models.TextChoices):
    """How old somebody is, as far as it is known: of the month of birth, or as somebody said once."""

    UNKNOWN = "unknown", _("not said")
    CHILD = "child", _("under 13")
    TEEN = "teen", _("13 to 17")
    ADULT = "adult", _("18 or older")

    @classmethod
    def of(cls, age: int) -> "AgeBand":
        """The band of an age in whole years."""
        if age < YOUNGEST_TEEN:
            return cls.CHILD
        return cls.TEEN if age < ADULT_AGE else cls.ADULT


def age_on(birth_month: date, day: date) -> int:
    """Whole years, counted as if born on the month's last day: nobody is taken for older than they are."""
    birthday_is_past = day.month > birth_month.month
    return day.year - birth_month.year - (not birthday_is_past)


def born_before(age: int, day: date) -> date:
    """Whoever was born in a month before this one's is ``age`` or older on the day; see ``age_on``."""
    return date(day.year - age, day.month, 1)


class BornBefore(models.Func):
    """``born_before`` of today by the database's clock: for rules, which have no day handed in and may be
    prepared once for months."""

    template = (
        "(date_trunc('month', statement_timestamp() AT TIME ZONE 'UTC')"
        " - make_interval(years => %(years)s))::date"
    )
    output_field = models.DateField()

    def __init__(self, years: int) -> None:
        super().__init__(years=years)


MINORS = (AgeBand.CHILD, AgeBand.TEEN)


class StudentQuerySet(models.QuerySet["Student"]):
    def own(self, user: "User") -> "StudentQuerySet":
        """The row of the person who signs in."""
        return self.filter(user=user)

    def guarded_by(self, user: "User") -> "StudentQuerySet":
        """The children for whom the user is a guardian today."""
        return self.filter(pk__in=guarded_ids(user))

    def old_enough(self, day: date | None = None) -> "StudentQuerySet":
        """``Student.is_old_enough`` as a filter; without a day, today."""

        def born(age: int) -> date | BornBefore:
            return born_before(age, day) if day else BornBefore(age)

        known = Q(country__in=list(CONSENT_AGES))
        old = Q(birth_month__lt=born(DEFAULT_CONSENT_AGE)) & ~known
        said = Q(age_band=AgeBand.ADULT)
        for age, countries in countries_by_age().items():
            here = Q(country__in=countries)
            old |= here & Q(birth_month__lt=born(age))
            if age <= YOUNGEST_TEEN:
                said |= here & Q(age_band=AgeBand.TEEN)
        return self.filter(old | Q(birth_month__isnull=True) & said)

    def family_of(self, user: "User") -> "StudentQuerySet":
        """Own row and children: whoever sees all of a diary."""
        return self.filter(pk__in=family_ids(user))


def family_ids(user: "User") -> "models.QuerySet[Student, Any]":
    """The students whose whole diary the user sees: their own row and their children."""
    return Student.objects.own(user).values("pk").union(guarded_ids(user), all=True)


def guarded_ids(user: "User") -> "models.QuerySet[Guardianship, Any]":
    """The students for whom the user is a guardian today."""
    return Guardianship.objects.current().filter(guardian=user).values("student_id")


def without_own_voice() -> Q:
    """No login, or one that a guardian made for a child: without a guardian nobody answers for them."""
    return Q(user__isnull=True) | Q(user__email__endswith=f"@{CHILD_DOMAIN}")


def nobody_joined() -> Q:
    """No login and no guardian yet: the row is what a teacher wrote down, who still speaks for the student.

    A guardian about whom the staff have to decide is somebody.
    """
    return without_own_voice() & ~Q(pk__in=Guardianship.objects.unended().values("student_id"))


class Student(UUIDModel):
    """Somebody who practises. ``time_zone`` and ``day_ends_at_hour`` decide what day it is for them."""

    name = models.CharField(_("name"), max_length=100)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("login"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="student",
    )
    age_band = models.CharField(_("age"), max_length=10, choices=AgeBand.choices, default=AgeBand.UNKNOWN)
    # No day of birth: what hangs on an age needs no more than the month.
    birth_month = models.DateField(
        _("month of birth"), null=True, blank=True, help_text=_("The first day of the month.")
    )
    # It decides from what age on a person may agree for themselves; empty is a country without a row.
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    # Whether anything about the student may be written down. It repeats the ledger's last word on the
    # diary, so that a write costs no further query; only the ledger's services set it.
    collecting = models.BooleanField(_("the diary may be kept"), default=False, db_default=False)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    day_ends_at_hour = models.PositiveSmallIntegerField(_("day ends at"), default=DEFAULT_DAY_ENDS_AT_HOUR)
    max_minutes = models.PositiveSmallIntegerField(
        _("longest session in minutes"),
        null=True,
        blank=True,
        help_text=_("Empty: the usual limit."),
    )
    # A drawing of ``accounts.drawings`` by its code. Of a student there is no photo (ADR 0021).
    picture = models.CharField(_("picture"), max_length=12, blank=True, default="", db_default="")
    majority_told_at = models.DateTimeField(
        _("told about coming of age at"), null=True, blank=True, editable=False
    )
    came_of_age_at = models.DateTimeField(_("guardians ended at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = _("student")
        verbose_name_plural = _("students")
        permissions = [
            ("comment_student", _("Can comment on the student's diary")),
            ("log_practice_student", _("Can log practice for the student")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="student_has_a_name"),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_month__day=1), name="student_birth_month"
            ),
            models.CheckConstraint(condition=Q(day_ends_at_hour__lte=11), name="student_day_end"),
            models.CheckConstraint(
                condition=Q(max_minutes__isnull=True) | Q(max_minutes__range=(1, 1440)),
                name="student_max_minutes",
            ),
            models.CheckConstraint(condition=Q(picture__in=["", *SIGNS]), name="student_picture"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return first_name(self.name)

    def today(self, now: datetime) -> date:
        """The student's practice day at this instant."""
        return local_day(now, self.time_zone, day_ends_at_hour=self.day_ends_at_hour)

    @property
    def has_own_voice(self) -> bool:
        """Whether the login is their own, and not one that a guardian made for a child."""
        return self.user is not None and not self.user.is_child

    def age_on(self, day: date) -> int | None:
        """Whole years (see ``age_on`` above), or None where no month of birth is known."""
        return None if self.birth_month is None else age_on(self.birth_month, day)

    def band_on(self, day: date) -> AgeBand:
        """Of the month of birth; where none is known, what was said once."""
        age = self.age_on(day)
        return AgeBand(self.age_band) if age is None else AgeBand.of(age)

    def is_old_enough(self, day: date) -> bool:
        """Whether they may agree for themselves where they live. An unknown age is too young."""
        age = self.age_on(day)
        if age is None:
            least = {AgeBand.TEEN: YOUNGEST_TEEN, AgeBand.ADULT: ADULT_AGE}
            age = least.get(AgeBand(self.age_band), 0)
        return age >= min(consent_age(self.country), ADULT_AGE)


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    def current(self) -> "GuardianshipQuerySet":
        """Access follows this: neither ended nor suspended."""
        return self.filter(ended_at__isnull=True, suspended_at__isnull=True)

    def unended(self) -> "GuardianshipQuerySet":
        """With those that somebody objected to: they are no strangers while the staff decide."""
        return self.filter(ended_at__isnull=True)


class Guardianship(UUIDModel):
    """One adult who answers for one child. All guardians of a child are equal.

    ``suspended_at``: an earlier guardian or the student objected, and the staff have not decided yet.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="guardianships"
    )
    guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("guardian"),
        on_delete=models.CASCADE,
        related_name="guardianships",
    )
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "student"],
                condition=Q(ended_at__isnull=True),
                name="guardianship_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="guardianship_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} → {self.student}"
