"""Three months of practice of one pupil, as a person would have logged it: through the services."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.accounts.models import Student, User
from apps.practice import services
from apps.practice.content import About, EntryContent, Line
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.private_teaching.models import Teaching

from .people import Pupil
from .repertoire import key_of
from .words import HELP, PRAISE, PRIVATE_NOTES, REPLIES, VOICES

# How likely each weekday is, Monday first, against the pupil's own average.
WEEKDAYS = (1.1, 1.15, 1.1, 0.8, 0.85, 1.1, 0.9)
COMMENTED = 0.35
ANSWERED = 0.4


@dataclass(frozen=True, kw_only=True)
class Chronicler:
    """Writes one pupil's diary. ``loggers`` are the people who do it, with their role."""

    pupil: Pupil
    student: Student
    teachings: list[Teaching]
    loggers: list[tuple[User, AuthorRole]]
    areas: list[FocusArea]
    now: datetime
    random: Random

    def write(self) -> list[PracticeEntry]:
        """All days from the first lesson to today, without what is still to come."""
        today = self.student.today(self.now)
        first = today - timedelta(weeks=self.pupil.weeks) + timedelta(days=1)
        last = today - timedelta(days=self.pupil.silent_days)
        entries = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.random.random() < self.pupil.days_per_week / 7 * WEEKDAYS[day.weekday()]:
                entries += self._practise(day)
        if self.pupil.silent_days and (not entries or entries[-1].practised_on != last):
            entries += self._practise(last)
        return entries

    def _practise(self, day: date) -> list[PracticeEntry]:
        at = self._moment(day, 15, 20)
        if self.student.today(at) != day:
            return []
        by, role = self.random.choice(self.loggers)
        language = by.language if role == AuthorRole.GUARDIAN else self.pupil.language
        entry = services.log_entry(
            key=self._key(), student=self.student, by=by, content=self._content(day, language), now=at
        )
        self._talk(entry, language)
        return [entry]

    def _moment(self, day: date, earliest: int, latest: int) -> datetime:
        """Some minute of that day in the pupil's zone, but never later than a little before now."""
        wall = time(self.random.randint(earliest, latest), self.random.randint(0, 59))
        at = datetime.combine(day, wall, tzinfo=ZoneInfo(self.pupil.zone))
        return min(at, self.now - timedelta(minutes=self.random.randint(5, 40)))

    def _key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _content(self, day: date, language: str) -> EntryContent:
        pupil, roll = self.pupil, self.random.random
        voice = VOICES[pupil.voice, language]
        minutes = self.random.choice(pupil.minutes)
        is_private = roll() < pupil.private_share
        addressed_to = None
        if not is_private and len(self.teachings) > 1 and roll() < pupil.addressed_share:
            addressed_to = self.teachings[1]
        notes = self.random.choice(voice.notes) if roll() < 0.2 else ""
        return EntryContent(
            practised_on=day,
            minutes=minutes,
            lines=self._lines(day, minutes),
            achievements=self.random.choice(voice.achievements) if roll() < 0.45 else "",
            struggles=self.random.choice(voice.struggles) if roll() < 0.4 else "",
            notes=self.random.choice(PRIVATE_NOTES[language]) if is_private else notes,
            focus_areas=self.random.sample(self.areas, k=self.random.choice((0, 0, 1, 2))),
            enjoyment=self.random.choice((3, 4, 4, 5, 5)) if roll() < 0.6 else None,
            mood=self.random.choice((2, 3, 4, 4, 5)) if roll() < 0.2 else None,
            confidence=self.random.choice((2, 3, 3, 4, 5)) if roll() < 0.2 else None,
            preparing_for_exam=pupil.exam and roll() < 0.5,
            preparing_for_performance=pupil.performance and roll() < 0.25,
            is_private=is_private,
            addressed_to=addressed_to,
        )

    def _lines(self, day: date, minutes: int) -> list[Line]:
        """A warm-up now and then, and one or two pieces; some say how long each took."""
        titles = self.random.sample(
            list(self.pupil.pieces), k=min(len(self.pupil.pieces), self.random.choice((1, 1, 2)))
        )
        lines = [
            Line(title, tempo=self._tempo(day), about=About(piece=key_of(self.pupil, title)))
            for title in titles
        ]
        if self.random.random() < 0.5:
            name = self.random.choice(self.pupil.exercises)
            lines.insert(0, Line(name, "exercise", about=About(skill=key_of(self.pupil, name))))
        if len(lines) > 1 and minutes >= 15 and self.random.random() < 0.5:
            share = minutes // len(lines)
            *others, last = lines
            lines = [*(replace(line, minutes=share) for line in others), last]
        return lines

    def _tempo(self, day: date) -> int | None:
        """Said now and then; from 56 beats a minute to about 100 in the weeks of the diary."""
        if self.random.random() < 0.5:
            return None
        weeks = self.pupil.weeks - (self.student.today(self.now) - day).days / 7
        return round(56 + 40 * weeks / self.pupil.weeks) + self.random.choice((-4, 0, 0, 4))

    def _talk(self, entry: PracticeEntry, language: str) -> None:
        """The teacher says something the day after, and sometimes somebody answers."""
        if entry.is_private or self.random.random() > COMMENTED:
            return
        teaching = entry.addressed_to or self.teachings[0]
        at = self._moment(entry.practised_on + timedelta(days=1), 9, 20)
        if at <= entry.created_at:
            return
        if teaching.ended_at is not None and at >= teaching.ended_at:
            return
        body = self.random.choice((HELP if entry.struggles else PRAISE)[language])
        self._say(entry, teaching, teaching.teacher, AuthorRole.TEACHER, body, at)
        answered_at = self._moment(entry.practised_on + timedelta(days=2), 8, 20)
        if self.random.random() < ANSWERED and answered_at > at:
            by, role = self.random.choice(self.loggers)
            reply = self.random.choice(REPLIES[role.value, by.language])
            self._say(entry, teaching, by, role, reply, answered_at)

    def _say(
        self, entry: PracticeEntry, teaching: Teaching, by: User, role: AuthorRole, body: str, at: datetime
    ) -> None:
        services.add_comment(
            key=self._key(), entry=entry, by=by, role=role, body=body, thread=teaching, now=at
        )
