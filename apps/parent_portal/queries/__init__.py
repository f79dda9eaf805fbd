"""All children of one guardian, in as many queries for one as for many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.prepared import ForReader
from apps.assignments.challenge_queries import (
    FamilysChallenge,
    Part,
    asked_in,
    asked_of,
    on_first_page,
    parts_for,
)
from apps.assignments.queries import DueOne, due_in, given_lately
from apps.core.checklists import Checklist, Step
from apps.core.days import week_start
from apps.core.weeks import WeekDay, seven_days
from apps.ensembles.queries import News, news_in, places
from apps.gear.queries import Due, first_of, reminders
from apps.lessons.queries import NextLesson, next_in, next_lesson
from apps.practice.models import EntryComment, PracticeEntry
from apps.practice.models.entries import ShownLine
from apps.practice.queries import AskedWeek, asked_weeks, asking_lessons
from apps.practice.queries.overviews import MinutesByDay, comments_by_id, entries_by_id, glances, minutes_of
from apps.privacy.queries import with_open_erasure

# Words that are older than this are not news any more.
PRAISE_DAYS = 14
LINES = 3


@dataclass(frozen=True, kw_only=True)
class Child:
    """One child's card. ``key`` makes its quick log happen once."""

    student: Student
    today: date
    week: list[WeekDay]
    last_on: date | None
    lines: list[ShownLine]
    achieved: PracticeEntry | None
    comment: EntryComment | None
    # How many of the teachers' words this guardian has not seen.
    new_words: int
    key: UUID
    asked: list[AskedWeek]
    news: News
    due: Due | None
    next_lesson: NextLesson | None
    assignments: list[DueOne]
    challenges: list[FamilysChallenge]

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.week)

    @property
    def practised_days(self) -> int:
        return sum(1 for day in self.week if day.minutes)

    @property
    def fact(self) -> str:
        """Something true to praise when the child wrote nothing down; empty when there is nothing."""
        if not self.practised_days:
            return ""
        return ngettext(
            "%(name)s practised on %(count)d day this week.",
            "%(name)s practised on %(count)d days this week.",
            self.practised_days,
        ) % {"name": self.student.name, "count": self.practised_days}

    @property
    def last_words(self) -> str:
        """When the child practised last, as a person says it."""
        if self.last_on is None:
            return _("Nothing logged yet.")
        days = (self.today - self.last_on).days
        if days <= 0:
            return _("Practised today.")
        return ngettext("Practised last yesterday.", "Practised last %(count)d days ago.", days) % {
            "count": days
        }


@dataclass(frozen=True)
class FamilyPage:
    children: list[Child]
    checklist: Checklist | None


def family_page(user: User, *, now: datetime) -> FamilyPage:
    """The guardian's week with all children; days are each child's own."""
    since = (now - timedelta(days=PRAISE_DAYS)).date()
    students = _students(user, now=now, praise_since=since)
    if not students:
        return FamilyPage([], None)
    starts = {each.pk: week_start(each.today(now), user.week_starts_on) for each in students}
    last = max(each.today(now) for each in students)
    minutes = minutes_of(user, starts, first=min(starts.values()), last=last)
    entries = _entries(user, students)
    comments = _comments(students)
    asked = asked_weeks((row, each.today(now)) for each in students for row in vars(each)["asked"])
    parts = parts_for(row for each in students for row in asked_of(vars(each)["challenges"]))
    children = [
        _child(each, starts[each.pk], minutes.get(each.pk, {}), entries, comments, asked, parts, now=now)
        for each in students
    ]
    return FamilyPage(children, _checklist(user, students))


def _build_students(guardian: User, now: datetime, praise_since: date) -> QuerySet[Student]:
    here = OuterRef("pk")
    others = Guardianship.objects.current().filter(student=here).exclude(guardian=guardian)
    invited = Invitation.objects.pending(now).filter(student=here, role=InvitationRole.GUARDIAN)
    return (
        glances(Student.objects.guarded_by(guardian), guardian, praise_since=praise_since)
        .annotate(
            open_erasure=with_open_erasure(),
            asked=asking_lessons(),
            reminders=reminders(),
            places=places(),
            lessons=next_lesson(),
            given=given_lately(),
            challenges=asked_in(),
            has_logged=Exists(PracticeEntry.objects.filter(student=here, logged_by=guardian)),
            has_commented=Exists(EntryComment.objects.kept().filter(author=guardian, entry__student=here)),
            has_second=Exists(others) | Exists(invited),
        )
        .order_by("created_at", "pk")
    )


_students = ForReader(_build_students, now=datetime, praise_since=date)


def _entries(user: User, students: list[Student]) -> dict[UUID, PracticeEntry]:
    """The newest entry and the newest achievement of each child."""
    wanted = {vars(each)[name] for each in students for name in ("last_entry_id", "achieved_id")} - {None}
    return {entry.pk: entry for entry in entries_by_id(user, wanted)}


def _comments(students: list[Student]) -> dict[UUID, EntryComment]:
    wanted = {vars(each)["comment_id"] for each in students} - {None}
    return {comment.pk: comment for comment in comments_by_id(wanted)}


def _child(
    student: Student,
    start: date,
    minutes: MinutesByDay,
    entries: dict[UUID, PracticeEntry],
    comments: dict[UUID, EntryComment],
    asked: list[AskedWeek],
    parts: Mapping[UUID, list[Part]],
    *,
    now: datetime,
) -> Child:
    columns, today = vars(student), student.today(now)
    newest = entries.get(columns["last_entry_id"])
    return Child(
        student=student,
        today=today,
        week=seven_days(start, today=today, minutes=minutes),
        last_on=columns["last_on"],
        lines=newest.shown_lines[:LINES] if newest else [],
        achieved=entries.get(columns["achieved_id"]),
        comment=comments.get(columns["comment_id"]),
        new_words=columns["new_words"] or 0,
        key=uuid4(),
        asked=[week for week in asked if week.student_id == student.pk],
        due=first_of(columns["reminders"], today),
        news=news_in(columns["places"]),
        next_lesson=next_in(columns["lessons"]),
        assignments=due_in(columns["given"], today),
        challenges=on_first_page(asked_of(columns["challenges"]), parts, today),
    )


def _checklist(user: User, students: list[Student]) -> Checklist | None:
    if user.checklist_hidden_at is not None:
        return None
    first, columns = students[0], [vars(each) for each in students]
    logged = [each.pk for each in students if vars(each)["last_on"]]
    found = Checklist(
        title=_("Your first steps"),
        hide_url=f"{reverse('home:checklist-hide')}?next={reverse('parent_portal:overview')}",
        steps=[
            Step(
                _("Log practice for your child"),
                any(each["has_logged"] for each in columns),
                _("Two taps on the card below are enough."),
                reverse("practice:entry-log", args=[first.pk]),
                _("Log now"),
            ),
            Step(
                _("Look at the diary and leave a kind word"),
                any(each["has_commented"] for each in columns),
                _("Open an entry and write a comment: your child and the teacher read it."),
                reverse("practice:entry-list", args=[logged[0]]) if logged else "",
                _("Open the diary"),
            ),
            Step(
                _("Bring in a second guardian"),
                any(each["has_second"] for each in columns),
                _("They see and do the same as you, with their own sign-in."),
                reverse("private_teaching:student-people", args=[first.pk]),
                _("Invite"),
            ),
        ],
    )
    return None if found.is_done else found
