"""Mails about teachers' pages and requests for lessons, rendered when they are sent.

All have one form: a heading, some sentences, one link. By the time of sending the reader may know less:
then there is no mail, or one without names. A subject stands on lock screens: first names only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import access, outbox
from apps.core.mailing import absolute_url, render_email
from apps.safeguarding.queries import team

from . import queries
from .models import Application, ApplicationMessage, TeacherProfile
from .models.applications import OPEN_STATES, ApplicationState
from .models.pages import PageState

NEWS_LIFETIME = timedelta(days=3)
PAGE_WAITS = "teaching.page-waits"
PAGE_DECIDED = "teaching.page-decided"
APPLICATION_NEWS = "teaching.application-news"
APPLICATION_MESSAGE = "teaching.application-message"


@dataclass(frozen=True, kw_only=True)
class News:
    """``page`` is the link's URL name with its arguments; ``quote`` is what somebody wrote."""

    subject: str
    paragraphs: tuple[str, ...]
    page: tuple[Any, ...]
    label: str
    quote: str = ""

    def email(self) -> outbox.Email:
        context = vars(self) | {"url": absolute_url(*self.page)}
        return render_email("application_news", context)


def _reader(payload: outbox.Payload) -> User | None:
    return User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()


def _post(kind: str, key: str, reader: User, *, now: datetime, **payload: str) -> None:
    outbox.post(
        kind=kind,
        key=f"{kind}:{key}:email:{reader.pk}",
        email=reader.email,
        payload={"reader": str(reader.pk), **payload},
        recipient=reader,
        language=reader.language,
        now=now,
        expires_at=now + NEWS_LIFETIME,
    )


# The page


@outbox.kind(PAGE_WAITS)
def page_waits(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """For the safeguarding team: a teacher's page waits for its check."""
    waiting = TeacherProfile.objects.filter(state=PageState.SUBMITTED, pk=UUID(str(payload["page"])))
    reader, profile = _reader(payload), waiting.first()
    if reader is None or profile is None or not team().filter(pk=reader.pk).exists():
        return None
    return News(
        subject=_("A teacher's page waits for its check"),
        paragraphs=(_("Nobody can find it, and nobody can ask this teacher, before you have read it."),),
        page=("admin:private_teaching_teacherprofile_change", profile.pk),
        label=_("Read the page"),
    ).email()


DECIDED: Mapping[str, Callable[[], tuple[str, str]]] = {
    PageState.APPROVED: lambda: (
        _("Your page is public now"),
        _("We have read your page. Families can find it from now on, and ask you for lessons."),
    ),
    PageState.DECLINED: lambda: (
        _("Your page is not public yet"),
        _("We have read your page and could not approve it. Change it, then send it in once more."),
    ),
    PageState.SUSPENDED: lambda: (
        _("Your page was taken down"),
        _("Nobody can find your page for now, and requests that were open are closed."),
    ),
    PageState.DRAFT: lambda: (
        _("You may send in your page again"),
        _("Your page is no longer suspended. Look through it, then send it in for a check."),
    ),
}


@outbox.kind(PAGE_DECIDED)
def page_decided(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """What the staff decided, if that is still how it stands; the reason is on the page itself."""
    rows = TeacherProfile.objects.filter(pk=UUID(str(payload["page"])), state=str(payload["state"]))
    reader, profile = _reader(payload), rows.first()
    if reader is None or profile is None or profile.teacher_id != reader.pk:
        return None
    subject, sentence = DECIDED[profile.state]()
    why = (_("Why, in our words: %(reason)s") % {"reason": profile.reason},) if profile.reason else ()
    return News(
        subject=subject,
        paragraphs=(sentence, *why),
        page=("private_teaching:page-show",),
        label=_("Open my page"),
    ).email()


def tell_team(*, profile: TeacherProfile, now: datetime) -> None:
    """Each time it is sent in, also with the same words."""
    key = f"{profile.pk}:{now.isoformat()}"
    for reader in team():
        _post(PAGE_WAITS, key, reader, now=now, page=str(profile.pk))


def tell_teacher(*, profile: TeacherProfile, now: datetime) -> None:
    key = f"{profile.pk}:{now.isoformat()}"
    _post(PAGE_DECIDED, key, profile.teacher, now=now, page=str(profile.pk), state=profile.state)


# Requests for lessons

Words = Callable[[dict[str, str]], tuple[str, str]]
# What happened → in which states the mail is still true, and its subject and sentence.
EVENTS: Mapping[str, tuple[tuple[str, ...], Words]] = {
    "made": (
        OPEN_STATES,
        lambda names: (
            _("A request for lessons: %(student)s") % names,
            _("%(teacher)s was asked for lessons for %(student)s (%(instrument)s).") % names,
        ),
    ),
    "unagreed": (
        OPEN_STATES,
        lambda names: (
            _("Please say yes or no: lessons for %(student)s") % names,
            _("%(teacher)s was asked for lessons for %(student)s (%(instrument)s).") % names,
        ),
    ),
    "agreed": (
        OPEN_STATES,
        lambda names: (
            _("A guardian agrees: lessons for %(student)s") % names,
            _("A guardian of %(student)s agrees that %(teacher)s is asked for lessons.") % names,
        ),
    ),
    "accepted": (
        (ApplicationState.ACCEPTED,),
        lambda names: (
            _("Lessons for %(student)s: yes") % names,
            _("%(teacher)s teaches %(student)s from now on, and sees what is shared in the diary.") % names,
        ),
    ),
    "declined": (
        (ApplicationState.DECLINED,),
        lambda names: (
            _("Lessons for %(student)s: not this time") % names,
            _("%(teacher)s cannot teach %(student)s. You can ask another teacher.") % names,
        ),
    ),
    "waitlisted": (
        (ApplicationState.WAITLISTED,),
        lambda names: (
            _("%(student)s is on the waiting list") % names,
            _("%(teacher)s has no place right now and has put %(student)s on the waiting list.") % names,
        ),
    ),
    "withdrawn": (
        (ApplicationState.WITHDRAWN,),
        lambda names: (
            _("A request for lessons was taken back"),
            _("%(teacher)s is no longer asked for lessons for %(student)s.") % names,
        ),
    ),
    "expired": (
        (ApplicationState.EXPIRED,),
        lambda names: (
            _("A request for lessons is closed"),
            _("%(teacher)s did not say yes or no for %(student)s. You can ask another teacher.") % names,
        ),
    ),
}
# What a teacher is told of what they no longer see: that it is over, and of nobody's.
ENDED: Mapping[str, Callable[[], tuple[str, str]]] = {
    "withdrawn": lambda: (
        _("A request for lessons was taken back"),
        _("A family no longer asks you for lessons. You need not do anything."),
    ),
    "expired": lambda: (
        _("A request for lessons is closed"),
        _("A request has come to its last day, so it is closed. The family can ask you again."),
    ),
}
# What whoever may agree reads besides, while nobody has.
NEEDS: Mapping[str, Callable[[], str]] = {
    "made": lambda: _("The teacher can say yes only after a guardian has agreed. Please look."),
    "unagreed": lambda: _("The teacher can say yes only after you have agreed. Please look."),
}


@outbox.kind(APPLICATION_NEWS)
def application_news(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """What became of a request, for who may read it now; the teacher of one that is over reads no names."""
    event, reader = str(payload["event"]), _reader(payload)
    states, words = EVENTS[event]
    rows = Application.objects.select_related("student", "teacher").filter(
        pk=UUID(str(payload["application"])), state__in=states
    )
    application = rows.first()
    if application is None or reader is None:
        return None
    if access.is_allowed("view", reader, application):
        subject, sentence = words(_names(application))
        page: tuple[Any, ...] = ("private_teaching:application-show", application.pk)
        needs = event in NEEDS and _must_agree(reader, application)
        if event == "unagreed" and not needs:
            return None
        more = (NEEDS[event](),) if needs else ()
        return News(
            subject=subject, paragraphs=(sentence, *more), page=page, label=_("Open the request")
        ).email()
    if event not in ENDED or application.teacher_id != reader.pk:
        return None
    subject, sentence = ENDED[event]()
    return News(
        subject=subject,
        paragraphs=(sentence,),
        page=("private_teaching:application-list",),
        label=_("Open my requests"),
    ).email()


def _must_agree(reader: User, application: Application) -> bool:
    return not queries.is_agreed(application) and access.is_allowed("agree", reader, application)


def _names(application: Application) -> dict[str, str]:
    return {
        "student": application.student.get_short_name(),
        "teacher": queries.teacher_name(application.teacher),
        "instrument": application.instrument,
    }


@outbox.kind(APPLICATION_MESSAGE)
def application_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """Somebody's words; none when they were taken back or the reader may not read them any more."""
    reader = _reader(payload)
    if reader is None:
        return None
    readable = access.allowed(ApplicationMessage.objects.all(), "view", reader)
    rows = readable.select_related("application__student", "application__teacher", "author")
    message = rows.filter(pk=UUID(str(payload["message"]))).first()
    if message is None:
        return None
    names = _names(message.application) | {"author": queries.author_name(message)}
    return News(
        subject=_("%(author)s wrote about lessons for %(student)s") % names,
        paragraphs=(_("%(author)s wrote about lessons for %(student)s:") % names,),
        quote=message.body,
        page=("private_teaching:application-show", message.application_id),
        label=_("Read and answer"),
    ).email()


def _everybody(application: Application, *, but: User | None) -> Iterable[User]:
    """The teacher, the guardians of now and the student's own login; a child's account has no address."""
    teacher = User.objects.filter(pk=application.teacher_id, is_active=True)
    found = (queries.accounts_of(application.student) | teacher).order_by("pk")
    return found.exclude(pk=but.pk) if but else found


def tell(*, event: str, application: Application, by: User | None, now: datetime) -> None:
    """Put the news for everybody but who did it into the outbox."""
    for reader in _everybody(application, but=by):
        key = f"{application.pk}:{event}:{now.isoformat()}"
        _post(APPLICATION_NEWS, key, reader, now=now, application=str(application.pk), event=event)


def ask_to_agree(*, application: Application, occasion: str, now: datetime) -> None:
    """Ask those who may stand behind it; once for each ``occasion``."""
    for reader in _everybody(application, but=None):
        if access.is_allowed("agree", reader, application):
            key = f"{application.pk}:unagreed:{occasion}"
            _post(APPLICATION_NEWS, key, reader, now=now, application=str(application.pk), event="unagreed")


def tell_message(*, message: ApplicationMessage, by: User, now: datetime) -> None:
    for reader in _everybody(message.application, but=by):
        _post(APPLICATION_MESSAGE, str(message.pk), reader, now=now, message=str(message.pk))
