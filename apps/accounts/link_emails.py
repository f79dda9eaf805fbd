"""Mails about links to read along, rendered when they are sent.

A subject stands on lock screens: the link's own mail, which goes to somebody outside, names no child in it.
The family's news name the child by the first name, as all of them do. None carries a surname.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core import outbox
from apps.core.mailing import absolute_url, render_email

from .models import Guardianship, ReaderLink, User

NEWS_LIFETIME = timedelta(days=7)


def _link(payload: outbox.Payload, now: datetime) -> ReaderLink | None:
    rows = ReaderLink.objects.live(now).select_related("student", "made_by")
    return rows.filter(pk=UUID(str(payload["link"]))).first()


@outbox.kind("accounts.reader-link")
def link_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """The link itself; none when it was ended before the mail left."""
    link = _link(payload, now)
    if link is None or link.made_by is None:
        return None
    return render_email(
        "reader_link",
        {
            "inviter": link.made_by.get_short_name(),
            "student": link.student.get_short_name(),
            "reader": link.name,
            "url": absolute_url("parent_portal:link-show", link.token),
            "until": link.last_day,
        },
    )


def send_link(*, link: ReaderLink, now: datetime) -> None:
    outbox.post(
        kind="accounts.reader-link",
        key=f"accounts.reader-link:{link.pk}:email",
        email=link.email,
        payload={"link": str(link.pk)},
        language=link.language,
        now=now,
        expires_at=link.expires_at,
    )


@outbox.kind("accounts.reader-link-made")
def made_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """Who reads along from now on; none for who may not know of the diary any more."""
    link = _link(payload, now)
    reader = User.objects.filter(pk=UUID(str(payload["reader"])), is_active=True).first()
    if link is None or link.made_by is None or reader is None:
        return None
    if not reader.has_perm("accounts.view_student", link.student):
        return None
    names = {
        "guardian": link.made_by.get_short_name(),
        "name": link.name,
        "student": link.student.get_short_name(),
    }
    return render_email(
        "family_news",
        {
            "subject": _("%(guardian)s lets somebody read along in the diary of %(student)s") % names,
            "paragraphs": [
                _("%(guardian)s has sent a link to somebody: %(name)s.") % names,
                _(
                    "Whoever holds it reads the days, the minutes and what was practised, and nothing "
                    "private. They cannot write."
                ),
                _("A guardian can end the link at any time on the page of guests."),
            ],
            "url": absolute_url("private_teaching:student-people", link.student_id),
            "label": _("See who may read the diary"),
        },
    )


@outbox.kind("accounts.reader-link-opened")
def opened_message(payload: outbox.Payload, now: datetime) -> outbox.Email | None:
    """The first time somebody reads; for the guardians of that moment."""
    rows = ReaderLink.objects.select_related("student").filter(pk=UUID(str(payload["link"])))
    link, reader = rows.first(), UUID(str(payload["reader"]))
    if link is None or reader not in _guardian_ids(link):
        return None
    names = {"name": link.name, "student": link.student.get_short_name()}
    return render_email(
        "family_news",
        {
            "subject": _("The link into the diary of %(student)s was opened") % names,
            "paragraphs": [
                _("Somebody opened the link that your family sent to %(name)s.") % names,
                _("If that was not %(name)s, end the link on the page of guests.") % names,
            ],
            "url": absolute_url("accounts:grant-list", link.student_id),
            "label": _("See the links"),
        },
    )


def tell_opened(*, link: ReaderLink, now: datetime) -> None:
    """All guardians of today: they alone can end it."""
    for reader in User.objects.filter(pk__in=_guardian_ids(link), is_active=True):
        outbox.post(
            kind="accounts.reader-link-opened",
            key=f"accounts.reader-link-opened:{link.pk}:email:{reader.pk}",
            email=reader.email,
            payload={"link": str(link.pk), "reader": str(reader.pk)},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=now + NEWS_LIFETIME,
        )


def _guardian_ids(link: ReaderLink) -> set[UUID]:
    rows = Guardianship.objects.current().filter(student=link.student_id)
    return set(rows.values_list("guardian_id", flat=True))


def tell_who_reads(*, link: ReaderLink, by: User, now: datetime) -> None:
    """The other guardians and the student's own login, as when somebody joins."""
    keys = {*_guardian_ids(link), link.student.user_id}
    readers = [pk for pk in keys if pk is not None and pk != by.pk]
    for reader in User.objects.filter(pk__in=readers, is_active=True):
        outbox.post(
            kind="accounts.reader-link-made",
            key=f"accounts.reader-link-made:{link.pk}:email:{reader.pk}",
            email=reader.email,
            payload={"link": str(link.pk), "reader": str(reader.pk)},
            recipient=reader,
            language=reader.language,
            now=now,
            expires_at=now + NEWS_LIFETIME,
        )
