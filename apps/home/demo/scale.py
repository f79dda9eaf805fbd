"""Large, believable data for measurements: people row by row, their diaries by whole statements.

The diary's revision triggers are switched off meanwhile (for this transaction, which locks the tables):
revisions hold what a person changed, and nobody changed this. No page but the one that shows them reads
them, so the measurements lose nothing, and seeding would take several times as long. Keys, checks and
uniqueness are enforced as always: foreign keys are no user's triggers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import NAMESPACE_URL, UUID, uuid5

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.consent.models import ConsentEvent, Method, Purpose
from apps.consent.texts import text_of
from apps.core.countries import country_of
from apps.practice.words import write_missing
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Piece, Skill

from . import scale_sql as sql

PASSWORD = "woodshed-scale"  # noqa: S105 - of made-up people, and never in production
DOMAIN = "scale.example"
DAYS = 3 * 365
# What was practised on the last days has not been seen by the teacher yet.
NEW_DAYS = 2
# More would not fit: the shortest session is a minute, and a day has 1,440.
MOST_ENTRIES = 1_000_000
ZONES = ["Europe/Berlin", "Europe/London", "America/New_York", "Australia/Sydney"]
INSTRUMENTS = ["Piano", "Violin", "Cello", "Flute", "Guitar", "Clarinet", "Trumpet"]
FIRST_NAMES = [
    "Ada",
    "Ben",
    "Clara",
    "David",
    "Emma",
    "Felix",
    "Greta",
    "Hugo",
    "Ida",
    "Jonas",
    "Klara",
    "Leo",
]
LAST_NAMES = [
    "Abel",
    "Brandt",
    "Costa",
    "Dietz",
    "Evans",
    "Fischer",
    "Garcia",
    "Hahn",
    "Ito",
    "Jansen",
    "Kim",
]


class ScaleIsThere(Exception):
    """The made-up people are in this database already."""


class ScaleIsImpossible(Exception):
    """The numbers do not make a school."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much to make. The first student is the heavy one, if there is one.

    Student ``n`` learns with teacher ``(n - 1) % teachers + 1``; two neighbours are siblings and share
    their guardians; every odd student has a login.
    """

    students: int
    teachers: int
    entries_per_student: int
    heavy_entries: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        if min(self.students, self.teachers, self.entries_per_student, self.entries_of(1)) < 1:
            raise ScaleIsImpossible("Every number must be at least 1.")
        if max(self.entries_per_student, self.entries_of(1)) > MOST_ENTRIES:
            raise ScaleIsImpossible(f"A student can have {MOST_ENTRIES:,} entries at most.")

    def entries_of(self, student: int) -> int:
        if student == 1 and self.heavy_entries is not None:
            return self.heavy_entries
        return self.entries_per_student

    def key(self, kind: str, number: int) -> UUID:
        return uuid5(NAMESPACE_URL, f"https://{DOMAIN}/{self.seed}/{kind}/{number}")


def email(kind: str, number: int) -> str:
    """The address of a login: ``teacher1@scale.example``."""
    return f"{kind}{number}@{DOMAIN}"


@transaction.atomic
def seed(scale: Scale, *, now: datetime) -> int:
    """Make everything, and return the number of entries. Raises ScaleIsThere when it was made before."""
    if User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
        raise ScaleIsThere
    _make_people(scale, now=now)
    return _make_diaries(scale, now=now)


def settle() -> None:
    """Give the planner its statistics, and where possible the visibility map: what autovacuum does later."""
    command: LiteralString = "ANALYZE " if connection.in_atomic_block else "VACUUM (ANALYZE) "
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in sql.PEOPLE + sql.DIARIES:
            cursor.execute(command + connection.ops.quote_name(table))
        cursor.execute("RESET statement_timeout")


# -- people ------------------------------------------------------------------------------------------


def _families(scale: Scale) -> int:
    return (scale.students + 1) // 2


def _make_people(scale: Scale, *, now: datetime) -> None:
    # One hash for all: hashing a password on purpose takes a while.
    password = make_password(PASSWORD)
    since = now - timedelta(days=DAYS + 30)
    users = [
        User(
            id=scale.key(kind, number),
            email=email(kind, number),
            display_name=_name(number + shift, shift),
            password=password,
            time_zone=_zone(number),
            date_joined=since,
        )
        for kind, number, shift in _logins(scale)
    ]
    User.objects.bulk_create(users, batch_size=1000)
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users),
        batch_size=1000,
    )
    numbers = range(1, scale.students + 1)
    Student.objects.bulk_create((_student(scale, number, since) for number in numbers), batch_size=1000)
    Guardianship.objects.bulk_create(_guardianships(scale, since), batch_size=1000)
    ConsentEvent.objects.bulk_create(_consents(scale, since), batch_size=1000)
    Teaching.objects.bulk_create(_teachings(scale, since), batch_size=1000)
    Piece.objects.bulk_create(_pieces(scale, since), batch_size=1000)
    Skill.objects.bulk_create(_skills(scale, since), batch_size=1000)


def _logins(scale: Scale) -> Iterator[tuple[str, int, int]]:
    """Kind, number and what shifts the name, so that a guardian is not called like the child."""
    yield from (("teacher", number, 5) for number in range(1, scale.teachers + 1))
    yield from (("student", number, 0) for number in range(1, scale.students + 1, 2))
    yield from (("guardian", number, 3) for number in range(1, _families(scale) + 1))
    yield from (("partner", number, 7) for number in range(1, _families(scale) + 1, 2))


def _name(number: int, shift: int) -> str:
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[(number + shift) // len(FIRST_NAMES) % len(LAST_NAMES)]}"


def _zone(number: int) -> str:
    return ZONES[(number - 1) // 2 % len(ZONES)]


def _student(scale: Scale, number: int, since: datetime) -> Student:
    has_login = number % 2 == 1
    return Student(
        id=scale.key("pupil", number),
        name=_name(number, 0),
        user_id=scale.key("student", number) if has_login else None,
        age_band=AgeBand.TEEN if has_login else AgeBand.CHILD,
        country=country_of(_zone(number)),
        collecting=True,
        time_zone=_zone(number),
        created_at=since,
        created_by_id=scale.key("teacher", _teacher(scale, number)),
    )


def _teacher(scale: Scale, student: int) -> int:
    return (student - 1) % scale.teachers + 1


def _guardianships(scale: Scale, since: datetime) -> Iterator[Guardianship]:
    for student in range(1, scale.students + 1):
        family = (student + 1) // 2
        kinds = ("guardian", "partner") if family % 2 else ("guardian",)
        for kind in kinds:
            yield Guardianship(
                id=scale.key(f"{kind}ship", student),
                student_id=scale.key("pupil", student),
                guardian_id=scale.key(kind, family),
                started_at=since,
            )


def _consents(scale: Scale, since: datetime) -> Iterator[ConsentEvent]:
    for student in range(1, scale.students + 1):
        yield ConsentEvent(
            student_id=scale.key("pupil", student),
            purpose=Purpose.CORE,
            given=True,
            text_version=text_of(Purpose.CORE).version,
            language="en",
            method=Method.INVITATION,
            by_id=scale.key("guardian", (student + 1) // 2),
            at=since,
        )


def _teachings(scale: Scale, since: datetime) -> Iterator[Teaching]:
    """One current teacher each; every tenth student has a former one too."""
    for student in range(1, scale.students + 1):
        teacher = _teacher(scale, student)
        yield _teaching(scale, "teaching", student, teacher, since)
        if student % 10 == 0 and scale.teachers > 1:
            former = _teaching(scale, "former", student, teacher % scale.teachers + 1, since)
            former.ended_at = since + timedelta(days=200)
            yield former


def _teaching(scale: Scale, kind: str, student: int, teacher: int, since: datetime) -> Teaching:
    return Teaching(
        id=scale.key(kind, student),
        teacher_id=scale.key("teacher", teacher),
        student_id=scale.key("pupil", student),
        instrument=INSTRUMENTS[teacher % len(INSTRUMENTS)],
        started_at=since,
    )


def _pieces(scale: Scale, since: datetime) -> Iterator[Piece]:
    """The same twelve for everybody; lines of the diary with such a title are attached to them."""
    for student in range(1, scale.students + 1):
        for number, title in enumerate(sql.WORDS["pieces"], start=1):
            piece = Piece(
                id=scale.key(f"piece{number}", student),
                student_id=scale.key("pupil", student),
                added_by_id=scale.key("teacher", _teacher(scale, student)),
                created_at=since,
            )
            piece.rename(title, "")
            yield piece


def _skills(scale: Scale, since: datetime) -> Iterator[Skill]:
    """Likewise, one for each exercise."""
    for student in range(1, scale.students + 1):
        for number, name in enumerate(sql.WORDS["exercises"], start=1):
            skill = Skill(
                id=scale.key(f"skill{number}", student),
                student_id=scale.key("pupil", student),
                added_by_id=scale.key("teacher", _teacher(scale, student)),
                created_at=since,
            )
            skill.rename(name)
            yield skill


# -- diaries -----------------------------------------------------------------------------------------


def _make_diaries(scale: Scale, *, now: datetime) -> int:
    given: dict[str, Any] = {
        **sql.WORDS,
        "seed": str(scale.seed),
        "now": now,
        "days": DAYS,
        "new_days": NEW_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for table in sql.DIARIES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        # Sorting a million rows in memory; a third of the time of sorting them on disk.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(sql.STUDENTS)
        with cursor.copy(sql.COPY_STUDENTS) as copy:
            for number in range(1, scale.students + 1):
                copy.write_row(_diary(scale, number, now))
        cursor.execute("ANALYZE scale_student")
        cursor.execute(sql.ENTRIES, given)
        entries = int(cursor.rowcount)
        cursor.execute("ANALYZE practice_practiceentry")
        for statement in (sql.LINES, sql.FOCUS_AREAS, sql.COMMENTS, sql.MARKS, sql.DAYS, sql.THING_DAYS):
            cursor.execute(statement, given)
        write_missing(connection)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in sql.DIARIES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("DROP TABLE scale_student")
    return entries


def _diary(
    scale: Scale, number: int, now: datetime
) -> tuple[int, UUID, UUID, UUID, UUID, str, str, date, int]:
    """The student's row of the temporary table; a child's diary is kept by the guardian."""
    logger = ("student", number) if number % 2 else ("guardian", (number + 1) // 2)
    today = Student(time_zone=_zone(number)).today(now)
    return (
        number,
        scale.key("pupil", number),
        scale.key("teaching", number),
        scale.key("teacher", _teacher(scale, number)),
        scale.key(*logger),
        logger[0],
        _zone(number),
        today,
        scale.entries_of(number),
    )
