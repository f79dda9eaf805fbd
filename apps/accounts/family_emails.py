"""Mails about who belongs to a family, rendered when they are sent: by then the reader may know less.

All have one form: a heading, some sentences, one link. Whoever has left or is suspended reads the child's
first name, which they know, and nothing else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core import outbox
from apps.core.mailing import absolute_url, render_email

from .models import Guardianship, Student, User

NEWS_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class News:
    """What one kind of mail says; ``page`` is the link's URL name with its arguments."""

    subject: str
    paragraphs: Sequence[str]
    page: tuple[Any, ...] = ()
    label: str = ""


# What a mail is about: the student, the guardianship if it is about one, the reader.
Write = Callable[[Student, Guardianship | None, User], News | None]


def _news(kind: str) -> Callable[[Write], Write]:
    """Register a writer as a kind of mail. It returns None when the reader is no longer to know."""

    def register(write: Write) -> Write:
        def render(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
            rows = Guardianship.objects.select_related("guardian")
            student = Student.objects.filter(pk=UUID(str(payload["student"]))).first()
            reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
            about = payload.get("guardianship")
            row = rows.filter(pk=UUID(str(about))).first() if about else None
            if student is None or reader is None or (about and row is None):
                return None
            found = write(student, row, reader)
            return _rendered(found) if found else None

        outbox.kind(kind)(render)
        return write

    return register


def _rendered(news: News) -> outbox.Email:
    return render_email(
        "family_news",
        {
            "subject": news.subject,
            "paragraphs": news.paragraphs,
            "url": absolute_url(*news.page) if news.page else "",
            "label": news.label,
        },
    )


def _for_family(write: Write) -> Write:
    """Only for who may still see the student."""

    def checked(student: Student, row: Guardianship | None, reader: User) -> News | None:
        return write(student, row, reader) if reader.has_perm("accounts.view_student", student) else None

    return checked


def _people(student: Student) -> dict[str, Any]:
    return {
        "page": ("private_teaching:student-people", student.pk),
        "label": _("See who may read the diary"),
    }


@_news("accounts.guardian-left")
@_for_family
def guardian_left(student: Student, row: Guardianship | None, reader: User) -> News:
    names = _names(student, row)
    return News(
        subject=_("%(guardian)s is no longer a guardian of %(student)s") % names,
        paragraphs=[
            _("%(guardian)s has left and no longer sees the diary. Nothing in the diary has changed.") % names
        ],
        **_people(student),
    )


@_news("accounts.objection-raised")
@_for_family
def objection_raised(student: Student, row: Guardianship | None, reader: User) -> News:
    names = _names(student, row)
    return News(
        subject=_("%(guardian)s does not see the diary of %(student)s for now") % names,
        paragraphs=[
            _("Somebody of the family does not agree that %(guardian)s is a guardian of %(student)s.")
            % names,
            _("Until that is decided, %(guardian)s sees nothing of the diary.") % names,
            _("Guests of %(guardian)s are out again, and lessons that %(guardian)s had asked for pause.")
            % names,
            _("The people who run this Woodshed will look at it and decide. You will get a mail then."),
        ],
        **_people(student),
    )


@_news("accounts.objection-upheld")
@_for_family
def objection_upheld(student: Student, row: Guardianship | None, reader: User) -> News:
    names = _names(student, row)
    return News(
        subject=_("%(guardian)s is no longer a guardian of %(student)s") % names,
        paragraphs=[
            _("The people who run this Woodshed have decided: %(guardian)s is not a guardian here.") % names
        ],
        **_people(student),
    )


@_news("accounts.objection-dismissed")
@_for_family
def objection_dismissed(student: Student, row: Guardianship | None, reader: User) -> News:
    names = _names(student, row)
    return News(
        subject=_("%(guardian)s stays a guardian of %(student)s") % names,
        paragraphs=[
            _("The people who run this Woodshed have decided: %(guardian)s sees the diary again.") % names
        ],
        **_people(student),
    )


@_news("accounts.you-are-suspended")
def you_are_suspended(student: Student, row: Guardianship | None, reader: User) -> News | None:
    """Kindly, and without who objected or why."""
    if row is None or row.ended_at or not row.suspended_at:
        return None
    name = {"student": student.get_short_name()}
    return News(
        subject=_("The diary of %(student)s is closed to you for now") % name,
        paragraphs=[
            _("When somebody joins a family here, the others can ask for a check. That has happened now."),
            _("Until it is decided, you do not see the diary of %(student)s.") % name,
            _("You need not do anything. The people who run this Woodshed will look at it and write to you."),
            _("If there is something that they should know, please write to them."),
        ],
    )


@_news("accounts.you-were-upheld")
def you_were_upheld(student: Student, row: Guardianship | None, reader: User) -> News:
    name = {"student": student.get_short_name()}
    return News(
        subject=_("You are no longer a guardian of %(student)s") % name,
        paragraphs=[
            _("The people who run this Woodshed have decided that you are not a guardian here."),
            _("Your account stays as it is. If you think that this is wrong, please write to them."),
        ],
    )


@_news("accounts.you-were-dismissed")
@_for_family
def you_were_dismissed(student: Student, row: Guardianship | None, reader: User) -> News:
    name = {"student": student.get_short_name()}
    return News(
        subject=_("You see the diary of %(student)s again") % name,
        paragraphs=[_("The people who run this Woodshed have decided: you are a guardian here.")],
        page=("practice:entry-list", student.pk),
        label=_("Open the diary"),
    )


@_news("accounts.coming-of-age")
@_for_family
def coming_of_age(student: Student, row: Guardianship | None, reader: User) -> News:
    name = {"student": student.get_short_name()}
    if student.user_id == reader.pk:
        return News(
            subject=_("Soon you decide who sees your diary"),
            paragraphs=[
                _("You will soon be 18. From then on nobody is your guardian here, and the diary is yours."),
                _("Your guardians then no longer see it. You can let them look again if you want to."),
                _("Your teachers stay until you end the lessons here. Nothing in your diary is lost."),
            ],
            page=("private_teaching:hand-over",),
            label=_("See how it works"),
        )
    return News(
        subject=_("%(student)s will soon be 18") % name,
        paragraphs=[
            _("From then on %(student)s decides who sees the diary, and nobody is a guardian here.") % name,
            _("You will then no longer see it, unless %(student)s lets you. Nothing is lost.") % name,
            _(
                "If the month of birth is wrong, or somebody else has the sign-in, write to the people who "
                "run this Woodshed now: they can stop it."
            ),
        ],
        **_people(student),
    )


@_news("accounts.came-of-age")
def came_of_age(student: Student, row: Guardianship | None, reader: User) -> News:
    name = {"student": student.get_short_name()}
    if student.user_id == reader.pk:
        return News(
            subject=_("Your diary is yours now"),
            paragraphs=[
                _("You are 18. Your guardians no longer see your diary. Nothing in it has changed."),
                _("Look who saw it, and decide who still may."),
            ],
            page=("private_teaching:hand-over",),
            label=_("Decide who sees my diary"),
        )
    return News(
        subject=_("%(student)s now decides about the diary") % name,
        paragraphs=[
            _("%(student)s is 18, so nobody is a guardian here any more. You no longer see the diary.")
            % name,
            _("If %(student)s lets you look again, you will get a mail. Thank you for being there.") % name,
        ],
    )


@_news("accounts.let-in-again")
@_for_family
def let_in_again(student: Student, row: Guardianship | None, reader: User) -> News:
    name = {"student": student.get_short_name()}
    return News(
        subject=_("%(student)s lets you look into the diary") % name,
        paragraphs=[_("%(student)s has decided that you may see the diary for a while.") % name],
        page=("practice:entry-list", student.pk),
        label=_("Open the diary"),
    )


@_news("accounts.ask-for-login")
@_for_family
def ask_for_login(student: Student, row: Guardianship | None, reader: User) -> News | None:
    if student.has_own_voice:
        return None
    name = {"student": student.get_short_name()}
    return News(
        subject=_("%(student)s is 18: time for an own sign-in") % name,
        paragraphs=[
            _("At 18, people decide for themselves who sees their diary. For that they need a sign-in."),
            _("Please invite %(student)s. Until then everything stays as it is.") % name,
        ],
        **(_people(student) | {"label": _("Invite the student")}),
    )


@_news("accounts.birth-month-changed")
@_for_family
def birth_month_changed(student: Student, row: Guardianship | None, reader: User) -> News:
    name = {"student": student.get_short_name()}
    return News(
        subject=_("The month of birth of %(student)s was changed") % name,
        paragraphs=[
            _("On the eighteenth birthday guardianships end, so please look at the profile and check it."),
            _("If it is wrong and you cannot correct it, please write to the people who run this Woodshed."),
        ],
        **_people(student),
    )


def _names(student: Student, row: Guardianship | None) -> dict[str, str]:
    """First names: a subject stands on lock screens."""
    guardian = row.guardian.get_short_name() if row else ""
    return {"guardian": guardian, "student": student.get_short_name()}


def _post(
    kind: str, student: Student, reader: User, *, key: str, row: Guardianship | None, now: datetime
) -> None:
    outbox.post(
        kind=kind,
        key=f"{kind}:{key}:email:{reader.pk}",
        email=reader.email,
        payload={
            "student": str(student.pk),
            "reader": str(reader.pk),
            "guardianship": str(row.pk) if row else None,
        },
        recipient=reader,
        language=reader.language,
        now=now,
        expires_at=now + NEWS_LIFETIME,
    )


def _family(student: Student) -> list[User]:
    """The guardians of now and the student's own login."""
    guardians = Guardianship.objects.current().filter(student=student).values("guardian_id")
    return _active(Q(pk__in=guardians) | Q(pk=student.user_id))


def _active(who: Q) -> list[User]:
    return list(User.objects.filter(who, is_active=True).order_by("pk"))


def _post_all(kind: str, student: Student, readers: Iterable[User], **more: Any) -> None:
    for reader in readers:
        _post(kind, student, reader, **more)


def tell_family(*, kind: str, guardianship: Guardianship, now: datetime) -> None:
    """Everybody of the family but the one whom it is about."""
    student = guardianship.student
    readers = [reader for reader in _family(student) if reader.pk != guardianship.guardian_id]
    _post_all(kind, student, readers, key=str(guardianship.pk), row=guardianship, now=now)


def tell_newcomer(*, kind: str, guardianship: Guardianship, now: datetime) -> None:
    readers = _active(Q(pk=guardianship.guardian_id))
    _post_all(kind, guardianship.student, readers, key=str(guardianship.pk), row=guardianship, now=now)


def tell_of_age(*, kind: str, student: Student, since: datetime | None, now: datetime) -> None:
    """The family of now, and whoever's guardianship ended at ``since``."""
    former = Guardianship.objects.filter(student=student, ended_at__isnull=False, ended_at=since)
    who = [*_family(student), *_active(Q(pk__in=former.values("guardian_id")))]
    readers = {reader.pk: reader for reader in who}
    key = f"{student.pk}:{now.isoformat()}"
    _post_all(kind, student, readers.values(), key=key, row=None, now=now)


def tell_let_in(*, student: Student, reader: User, now: datetime) -> None:
    key = f"{student.pk}:{now.isoformat()}"
    _post("accounts.let-in-again", student, reader, key=key, row=None, now=now)


def tell_need_of_login(*, student: Student, now: datetime) -> None:
    """Once: its key carries no date."""
    _post_all("accounts.ask-for-login", student, _family(student), key=str(student.pk), row=None, now=now)


def tell_birth_month(*, student: Student, by: User, now: datetime) -> None:
    readers = [reader for reader in _family(student) if reader.pk != by.pk]
    key = f"{student.pk}:{now.isoformat()}"
    _post_all("accounts.birth-month-changed", student, readers, key=key, row=None, now=now)
