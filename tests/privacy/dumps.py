"""The whole database as text, and words planted wherever a diary or a person can leave a trace."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.ensembles.services import confirm_part
from apps.gear.services import delete_gear
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.practice import services
from apps.practice.content import About, EntryContent, Line
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.privacy import farewells
from apps.privacy.services import erasures
from apps.private_teaching.models import Teaching
from apps.repertoire.services import delete_piece, merge_pieces
from tests.conftest import TEXTS
from tests.factories.accounts import make_invitation
from tests.factories.ensembles import agree, ask_players, make_ensemble, make_pupil
from tests.factories.evidence import make_link, make_picture
from tests.factories.gear import make_care, make_gear
from tests.factories.practice import make_entry, make_filter
from tests.factories.private_teaching import make_application, say
from tests.factories.repertoire import make_note, make_occasion, make_piece, make_section, make_skill
from tests.factories.scores import make_score

# What says when and how far an erasure is, and is no trace of whom.
MOVING = {"privacy_erasure", "core_auditevent"}
MOMENT = re.compile(r"[\d-]+[ T][\d:]+\.\d+")
DAY = timedelta(days=1)
AGES = timedelta(days=9999)


def dump(*, without: set[str] | None = None) -> dict[str, list[str]]:
    """Every row of every table as PostgreSQL writes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        found = {}
        for (table,) in cursor.fetchall():
            if table not in (without or set()):
                cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
                found[table] = [row for (row,) in cursor.fetchall()]
    # The moments at which lessons and requests ended and invitations were cancelled are those of the step,
    # and so are those of the mails that say so, with the keys of their rows.
    for table in ("private_teaching_teaching", "private_teaching_application", "accounts_invitation"):
        found[table] = [MOMENT.sub("NOW", row) for row in found[table]]
    mails = found["notifications_delivery"]
    found["notifications_delivery"] = sorted(MOMENT.sub("NOW", row).partition(",")[2] for row in mails)
    return found


def tables_with(*words: str) -> list[str]:
    """The tables in which one of these words stands."""
    rows = {table: "\n".join(lines).lower() for table, lines in dump().items()}
    return [table for table, text in rows.items() if any(word.lower() in text for word in words)]


def log_staff(about: Student | User | PracticeEntry, staff: User) -> None:
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(about),
        object_id=str(about.pk),
        object_repr=str(about),
        action_flag=CHANGE,
        change_message=f"changed {about}",
    )


def plant_diary(student: Student, *, family: User, teaching: Teaching, staff: User, word: str) -> None:
    """Put the word wherever a diary leaves a trace: rows, versions, mails, the staff's log."""
    now = timezone.now()
    Student.objects.filter(pk=student.pk).update(name=f"{word} Name")
    student.refresh_from_db()
    texts: dict[str, Any] = {name: f"{word} {name}" for name in TEXTS} | {"own_area": f"{word} area"}
    areas = list(FocusArea.objects.all()[:2])
    entry = make_entry(student, family, lines=[Line(f"{word} piece")], focus_areas=areas, **texts)
    make_entry(student, family, lines=[Line(f"{word} secret")], is_private=True, **texts)
    make_entry(student, family, lines=[Line(f"{word} mine")], addressed_to=teaching, **texts)
    plant_lines(student, family=family, word=word)
    gone = make_entry(student, family, lines=[Line(f"{word} gone")], **texts)
    services.delete_entry(entry=gone, by=family, now=now)
    services.change_entry(
        entry=entry,
        by=family,
        content=EntryContent(
            practised_on=entry.practised_on, minutes=9, lines=[Line(f"{word} later")], notes=word
        ),
        now=now,
    )
    for by, role, thread in [
        (teaching.teacher, AuthorRole.TEACHER, teaching),
        (family, AuthorRole.GUARDIAN, None),
    ]:
        comment = services.add_comment(
            key=uuid4(), entry=entry, by=by, role=role, body=f"{word} said", thread=thread, now=now
        )
    services.delete_comment(comment=comment, now=now)
    plant_repertoire(student, family=family, teaching=teaching, word=word)
    plant_things(student, family=family, word=word)
    plant_ensemble(student, family=family, teaching=teaching, word=word)
    for by in (family, teaching.teacher):
        make_filter(by, student, f"{word} filter", query=f"q={word}")
    asked = make_application(teaching.teacher, student, family, instrument="Harp", body=f"{word} asked")
    say(asked, teaching.teacher, f"{word} answered")
    make_invitation(student, family, f"{word}.aunt@people.example", InvitationRole.GRANTEE)
    log_staff(student, staff)
    log_staff(entry, staff)


def plant_ensemble(student: Student, *, family: User, teaching: Teaching, word: str) -> None:
    """Asked, agreed, said and answered, with somebody whose entries stay."""
    other, others = make_pupil(teaching.teacher, f"Otto {uuid4().hex[:8]}")
    ensemble = make_ensemble(teaching.teacher, student, other)
    mine, theirs = agree(ensemble, student, family, word), agree(ensemble, other, others, "Otto")
    now = timezone.now()
    # Where the clocks of one are ahead, the other's day has not begun yet.
    day = min(student.today(now), other.today(now))
    duet = make_entry(student, family, practised_on=day, lines=[Line(f"{word} duet")])
    (asked,) = ask_players(duet, theirs, by=family)
    confirm_part(part=asked, by=others, minutes=6, now=now)
    (back,) = ask_players(make_entry(other, others, practised_on=day), mine, by=others)
    confirm_part(part=back, by=family, minutes=6, now=now)


def plant_lines(student: Student, *, family: User, word: str) -> None:
    """Attached to a piece with a section, and to a skill; one piece goes into the trash."""
    piece, gone = (make_piece(student, family, f"{word} {name}") for name in ("waltz", "march"))
    section, skill = make_section(piece, family, f"{word} trio"), make_skill(student, family, f"{word} scale")
    abouts = [About(piece=piece.pk, section=section.pk), About(skill=skill.pk), About(piece=gone.pk)]
    lines = [Line(f"{word} {n}", tempo=88, repetitions=3, about=about) for n, about in enumerate(abouts)]
    make_entry(student, family, lines=lines)
    delete_piece(piece=gone, by=family, now=timezone.now())


def plant_repertoire(student: Student, *, family: User, teaching: Teaching, word: str) -> None:
    """In pieces, sections, skills and notes; also in what was deleted and in what was merged."""
    now = timezone.now()
    piece, twin, gone = (
        make_piece(student, family, f"{word} {name}", composer=word) for name in ("one", "two", "three")
    )
    make_section(twin, family, f"{word} coda")
    make_note(twin, teaching.teacher, f"{word} slowly", link=f"https://music.example/{word}")
    make_note(piece, family, f"{word} secret", is_private=True)
    trills = make_skill(student, family, f"{word} trills")
    make_score(twin, family, f"{word} parts", pages=1)
    make_note(trills, teaching.teacher, word, addressed_to=teaching)
    make_link(trills, family, f"https://music.example/{word}-take")
    make_picture(trills, family, f"{word} fingering", file_name=f"{word}.png")
    merge_pieces(into=piece, other=twin, by=family, now=now)
    delete_piece(piece=gone, by=family, now=now)


def plant_things(student: Student, *, family: User, word: str) -> None:
    """In gear, its care, occasions, and an entry that names them; also in what was deleted."""
    gear = make_gear(student, family, f"{word} violin", notes=f"{word} notes")
    make_care(gear, family, words=f"{word} strings")
    named: dict[str, Any] = {"board": word, "grade": word, "result": word}
    occasion = make_occasion(student, family, f"{word} exam", **named)
    occasion.pieces.add(make_piece(student, family, f"{word} gigue"))
    make_entry(student, family, instrument=gear, occasion=occasion, preparing_for_exam=True)
    delete_gear(gear=make_gear(student, family, f"{word} bow"), by=family, now=timezone.now())


def sign_in_somewhere(user: User) -> None:
    """A session on a device that nobody thinks of any more."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()


def erase(now: datetime) -> None:
    """Rounds of a worker until nothing is due."""
    while erasures.run_due(clock=lambda: now):
        pass


def finish(now: datetime) -> None:
    """The same, and the goodbyes have left."""
    erase(now)
    others = Delivery.objects.exclude(kind=farewells.KIND).filter(state="pending")
    others.update(due_at=F("due_at") + AGES)
    deliver_due(clock=lambda: now)
    others.update(due_at=F("due_at") - AGES)
    farewells.forget_sent()
