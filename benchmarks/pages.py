"""What is measured: each page with its reference, its bounds and who opens it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from urllib.parse import urlencode

from django.urls import reverse

from apps.home.demo.scale import Scale

from .client import Login, get, post

OWNER = "owner"  # of the bare pages
# Sessions are logged on days before the made-up diary begins, so that every student's day is as full.
BEFORE_THE_DIARY = 1200
DAYS_TO_FILL = 400
# A filtered history is asked for days that every made-up diary has, the newest ones left out.
SINCE, UNTIL = 700, 7

Fields = Callable[[], dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One page: the connections take turns with the people of ``paths``, each at their own address."""

    name: str
    paths: Mapping[str, str]
    fields: Fields | None = None

    @property
    def status(self) -> int:
        return 302 if self.fields else 200

    def request(self, login: Login) -> bytes:
        path = self.paths[login.name]
        return post(path, login, self.fields()) if self.fields else get(path, login)


@dataclass(frozen=True, kw_only=True)
class Page(Target):
    """A page of the product; ``bound`` is how many times its reference it may take."""

    title: str
    reference: str
    bound: float
    most_queries: int
    is_heavy: bool
    # Of the student.
    entries: int

    @property
    def light_name(self) -> str:
        return self.name.removesuffix("-heavy")


@dataclass(frozen=True)
class Cast:
    """Whose pages are opened. Student 1 is the heavy one; two neighbours are one family."""

    student: int
    family: int
    loggers: tuple[int, ...]
    is_heavy: bool


LIGHT = Cast(student=3, family=2, loggers=(5, 7, 9, 11), is_heavy=False)
HEAVY = Cast(student=1, family=1, loggers=(1,), is_heavy=True)


def references() -> list[Target]:
    numbers = count()

    def fields() -> dict[str, str]:
        day = date.today() - timedelta(days=next(numbers) % DAYS_TO_FILL)  # noqa: DTZ011 - any day will do
        return {"day": day.isoformat(), "minutes": "25", "title": "Minuet in G", "notes": "Slowly"}

    return [
        Target(name="B2", paths={OWNER: "/entries/"}),
        Target(name="B5", paths={OWNER: "/dashboard/"}),
        Target(name="B6", paths={OWNER: "/month/"}),
        Target(name="B4", paths={OWNER: "/log/"}, fields=fields),
    ]


def pages(scale: Scale, cast: Cast) -> list[Page]:
    """The measured pages, opened by the people around one student."""
    pupil, piece_key = scale.key("pupil", cast.student), scale.key("piece1", cast.student)
    history, calendar, resume = (
        reverse(f"practice:entry-{name}", args=[pupil]) for name in ("list", "calendar", "resume")
    )
    piece = reverse("repertoire:piece-detail", args=[piece_key])
    skill = reverse("repertoire:skill-detail", args=[scale.key("skill1", cast.student)])
    student = f"student{cast.student}"
    teacher = f"teacher{(cast.student - 1) % scale.teachers + 1}"
    guardian = f"guardian{cast.family}"
    home, roster, family = "/practice/", "/studio/", "/family/"
    # Each login logs for its own student: the writes of one student wait for one another on purpose.
    logs = {f"student{n}": reverse("practice:entry-log", args=[scale.key("pupil", n)]) for n in cast.loggers}
    rows = [
        ("history", "Student's history", "B2", 2.5, 6, {student: history}),
        ("table", "History as a table", "B2", 2.5, 6, {student: f"{history}?view=table"}),
        ("search", "Words in a student's history", "B2", 4.0, 6, {student: f"{history}?q=metro"}),
        ("filtered", "Words, days and a piece", "B2", 4.0, 6, {student: f"{history}?{_asked(piece_key)}"}),
        ("rare", "Words that nobody said", "B2", 4.0, 6, {student: f"{history}?q=nowhere"}),
        (
            "filtered-review",
            "A piece, to the teacher",
            "B2",
            4.0,
            6,
            {teacher: f"{history}?piece={piece_key}"},
        ),
        ("calendar", "Calendar of a month", "B6", 2.5, 6, {student: calendar}),
        ("resume", "What was I working on?", "B2", 4.0, 7, {student: resume}),
        ("review", "Teacher's view of one student", "B2", 2.5, 6, {teacher: history}),
        ("roster", "Teacher's roster", "B2", 4.0, 8, {teacher: roster}),
        ("inbox", "What is new, of all pupils", "B2", 4.0, 12, {teacher: reverse("desk:inbox")}),
        ("brief", "Before a lesson", "B2", 4.0, 12, {teacher: reverse("desk:brief", args=[pupil])}),
        ("home", "Student's home", "B5", 2.0, 8, {student: home}),
        ("family", "Guardian's home", "B5", 2.0, 8, {guardian: family}),
        ("piece", "Page of a piece, to the student", "B2", 2.5, 11, {student: piece}),
        ("piece-review", "Page of a piece, to the teacher", "B2", 2.5, 11, {teacher: piece}),
        ("skill", "Page of a skill, to the student", "B2", 2.5, 8, {student: skill}),
        ("log", "Logging an entry", "B4", 2.0, 8, logs),
    ]
    return [
        Page(
            name=f"{name}-heavy" if cast.is_heavy else name,
            title=title,
            reference=reference,
            bound=bound,
            most_queries=most,
            paths=paths,
            fields=_entry_fields() if name == "log" else None,
            is_heavy=cast.is_heavy,
            entries=scale.entries_of(cast.student),
        )
        for name, title, reference, bound, most, paths in rows
    ]


def _asked(piece: uuid.UUID) -> str:
    """What a saved filter holds, too: it is an address. A word so common that either diary fills a page."""
    since, until = (date.today() - timedelta(days=days) for days in (SINCE, UNTIL))  # noqa: DTZ011
    return urlencode({"q": "the", "piece": str(piece), "from": since.isoformat(), "to": until.isoformat()})


def _entry_fields() -> Fields:
    """What the log form sends: a session of two lines with some words."""
    numbers = count()

    def fields() -> dict[str, str]:
        back = BEFORE_THE_DIARY + next(numbers) % DAYS_TO_FILL
        day = date.today() - timedelta(days=back)  # noqa: DTZ011 - any day will do
        return {
            "key": str(uuid.uuid4()),
            "minutes": "1",
            "practised_on": day.isoformat(),
            "again": "piece:Minuet in G",
            "description": "Slow, with the metronome",
            "notes": "The second page tomorrow.",
            "audience": "",
            "lines-TOTAL_FORMS": "1",
            "lines-INITIAL_FORMS": "0",
            "lines-0-title": "Scale of D major",
            "lines-0-kind": "exercise",
            "lines-0-minutes": "",
        }

    return fields
