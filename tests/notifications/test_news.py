"""What people are told on their pages: once, of what they see, and not of what they saw by themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, User
from apps.assignments import services as assignments
from apps.assignments.content import AssignmentContent
from apps.core import news
from apps.home.roles import roles_of
from apps.lessons import services as lessons
from apps.lessons.content import LessonContent
from apps.lessons.models import LessonChange
from apps.notifications.models import Notification
from apps.notifications.queries import news_of
from apps.notifications.services import told
from apps.practice import services as practice
from apps.practice.models import EntryComment
from apps.practice.models.comments import AuthorRole
from apps.practice.services.talk import see_talk
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.assignments import make_assignment
from tests.factories.lessons import make_lesson
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)
LIST = reverse("notifications:news-list")


def comment(cast: Cast, key: UUID | None = None, *, by: str = "teacher") -> EntryComment:
    role = AuthorRole.TEACHER if by == "teacher" else AuthorRole.GUARDIAN
    return practice.add_comment(
        key=key or uuid4(),
        entry=cast.entry,
        by=cast.user(by),
        role=role,
        body="Lovely",
        thread=None,
        now=timezone.now(),
    )


def words(reader: User) -> list[str]:
    return [each.line.text for each in news_of(reader, None).told]


def unread(reader: User) -> int:
    return roles_of(reader).unread_news


class TestWhoIsTold:
    def test_a_teachers_comment_is_told_to_the_family_once(self, cast: Cast) -> None:
        before = set(Notification.objects.values_list("pk", flat=True))
        key = uuid4()
        comment(cast, key)
        comment(cast, key)
        rows = Notification.objects.exclude(pk__in=before)
        family = {cast.user(name).pk for name in ("student", "guardian", "second_guardian")}
        assert sorted(row.recipient_id for row in rows) == sorted(family)
        own, guardians = words(cast.user("student"))[0], words(cast.user("guardian"))[0]
        assert "your practice" in own
        assert f"the practice of {cast.student.get_short_name()}" in guardians
        assert "Lovely" not in own + guardians

    def test_what_the_family_says_the_teacher_finds_among_what_is_new(self, cast: Cast) -> None:
        comment(cast, by="guardian")
        assert not Notification.objects.filter(recipient=cast.user("teacher")).exists()

    def test_a_lesson_that_moved_says_where_it_is_now(self, cast: Cast) -> None:
        lesson = make_lesson(cast.teaching)
        for reason in ("A trip", "Another trip"):
            move(lesson, reason)
        assert unread(cast.user("guardian")) == 1, "what the list leaves out is not counted"
        found = [each for each in words(cast.user("guardian")) if "The lesson of" in each]
        assert len(found) == 1, "an older change would say what is not so any more"

    def test_what_is_given_is_told_to_each_family(self, cast: Cast) -> None:
        ben, parent = make_student("Ben Carter"), make_user("Parent")
        make_guardianship(ben, parent)
        teaching = make_teaching(cast.user("teacher"), ben)
        make_assignment(cast.teaching, "Sonatina")
        make_assignment(teaching, "Etude")
        name = cast.user("teacher").get_full_name()
        assert words(parent) == [f"{name} gave Ben something to practise: Etude"]
        assert words(cast.user("student"))[0] == f"{name} gave you something to practise: Sonatina"

    def test_to_many_in_as_many_statements(self, cast: Cast) -> None:
        many = [make_teaching(cast.user("teacher"), make_student(f"Pupil {number}")) for number in range(9)]
        for each in many:
            make_guardianship(each.student, make_user(each.student.name))
        one, nine = statements(many[:1]), statements(many)
        assert one == nine
        assert Notification.objects.filter(kind="assignments.given").count() == 10

    def test_a_kind_that_nobody_can_put_into_words_is_not_told(self, db: None) -> None:
        with pytest.raises(news.UnknownKind):
            news.tell(kind="nobody.knows", words=[], now=timezone.now())
        with pytest.raises(news.KindAlreadyExists):
            news.kind("practice.comment")(lambda reader, about: {})


def statements(teachings: list[Teaching]) -> int:
    with CaptureQueriesContext(connection) as asked:
        assignments.give(
            key=uuid4(),
            teachings=[each.pk for each in teachings],
            by=teachings[0].teacher,
            content=AssignmentContent(title="Scales", steps=()),
            now=timezone.now(),
        )
    return len(asked)


def move(lesson: Any, reason: str) -> None:
    lesson.refresh_from_db()
    lessons.change_lesson(
        lesson=lesson,
        by=lesson.teacher,
        content=LessonContent(wall=lesson.wall + timedelta(hours=1), minutes=lesson.minutes),
        reason=reason,
        version=None,
        now=timezone.now(),
    )


class TestGone:
    def test_who_does_not_see_the_student_any_more_is_told_nothing(self, cast: Cast) -> None:
        comment(cast)
        guardian = cast.user("guardian")
        assert (len(words(guardian)), unread(guardian)) == (1, 1)
        Guardianship.objects.filter(guardian=guardian, student=cast.student).update(ended_at=timezone.now())
        assert (words(guardian), unread(guardian)) == ([], 0)

    def test_what_was_taken_back_is_no_news(self, cast: Cast) -> None:
        guardian = cast.user("guardian")
        practice.delete_comment(comment=comment(cast), now=timezone.now())
        row = make_assignment(cast.teaching, "Sonatina")
        assignments.delete_assignment(assignment=row, by=cast.user("teacher"), now=timezone.now())
        lesson = make_lesson(cast.teaching)
        move(lesson, "A trip")
        lesson.refresh_from_db()
        lessons.delete_lesson(lesson=lesson, by=lesson.teacher, now=timezone.now())
        assert (words(guardian), unread(guardian)) == ([], 0)
        assert not Notification.objects.filter(recipient=guardian).exists()

    def test_nor_of_an_entry_that_is_deleted(self, cast: Cast) -> None:
        comment(cast)
        practice.delete_entry(entry=cast.entry, by=cast.user("guardian"), now=timezone.now())
        assert unread(cast.user("guardian")) == 0

    def test_long_ago_is_forgotten(self, cast: Cast) -> None:
        now = timezone.now()
        kept = [
            place(cast, told_at=now - 89 * DAY),
            place(cast, told_at=now - 60 * DAY, read_at=now - 29 * DAY),
        ]
        place(cast, told_at=now - 90 * DAY)
        place(cast, told_at=now - 60 * DAY, read_at=now - 30 * DAY)
        assert told.forget_old(now=now) == 2
        assert set(Notification.objects.values_list("pk", flat=True)) == {row.pk for row in kept}


def place(cast: Cast, *, told_at: datetime, read_at: datetime | None = None) -> Notification:
    return Notification.objects.create(
        recipient=cast.user("guardian"),
        kind="lessons.changed",
        about=uuid4(),
        student=cast.student,
        created_at=told_at,
        read_at=read_at,
    )


class TestRead:
    def test_who_saw_it_where_it_stands_is_not_told(self, cast: Cast) -> None:
        guardian, said = cast.user("guardian"), comment(cast)
        see_talk(entry=cast.entry, by=guardian, until=said.created_at - timedelta(seconds=1))
        assert unread(guardian) == 1
        see_talk(entry=cast.entry, by=guardian, until=said.created_at)
        assert (unread(guardian), unread(cast.user("student"))) == (0, 1)

    def test_opening_it_reads_it_and_leads_on(self, cast: Cast, as_user: SignIn) -> None:
        said, client = comment(cast), as_user(cast.user("guardian"))
        row = Notification.objects.get(recipient=cast.user("guardian"))
        address = reverse("notifications:news-open", args=[row.pk])
        assert client.get(address).status_code == 405
        assert unread(cast.user("guardian")) == 1
        answer = client.post(address)
        assert answer["Location"].endswith(f"#comment-{said.pk}")
        assert client.get(answer["Location"]).status_code == 200
        assert unread(cast.user("guardian")) == 0

    def test_what_is_gone_meanwhile_leads_back(self, cast: Cast, as_user: SignIn) -> None:
        comment(cast)
        row = Notification.objects.get(recipient=cast.user("guardian"))
        EntryComment.objects.update(deleted_at=timezone.now())
        client = as_user(cast.user("guardian"))
        answer = client.post(reverse("notifications:news-open", args=[row.pk]), follow=True)
        assert "That is gone, or not yours to see any more." in answer.content.decode()

    def test_another_persons_is_not_there(self, cast: Cast, as_user: SignIn) -> None:
        comment(cast)
        row = Notification.objects.get(recipient=cast.user("guardian"))
        client = as_user(cast.user("student"))
        assert client.post(reverse("notifications:news-open", args=[row.pk])).status_code == 404
        row.refresh_from_db()
        assert row.read_at is None

    def test_all_that_the_page_knew_of(self, cast: Cast, as_user: SignIn) -> None:
        comment(cast)
        client, guardian = as_user(cast.user("guardian")), cast.user("guardian")
        html = client.get(LIST).content.decode()
        until = html.partition('name="until" value="')[2].partition('"')[0]
        comment(cast)
        client.post(reverse("notifications:news-read-all"), {"until": until})
        assert unread(guardian) == 1

    @pytest.mark.parametrize("until", ["", "yesterday", "2026-13-40T00:00", "2026-11-24T10:00"])
    def test_a_moment_that_makes_no_sense_reads_nothing(
        self, cast: Cast, as_user: SignIn, until: str
    ) -> None:
        comment(cast)
        client = as_user(cast.user("guardian"))
        assert client.post(reverse("notifications:news-read-all"), {"until": until}).status_code == 302
        assert unread(cast.user("guardian")) == 1


class TestPages:
    def test_the_bell_counts_on_every_page(self, cast: Cast, as_user: SignIn) -> None:
        comment(cast)
        client = as_user(cast.user("guardian"))
        for page in (reverse("parent_portal:overview"), LIST):
            bell = client.get(page).content.decode().partition('class="bell"')[2].partition("</a>")[0]
            assert '<span class="count">1' in bell
        assert 'class="bell"' not in Client().get(reverse("home:landing")).content.decode()

    def test_who_is_told_nothing_has_no_bell(self, cast: Cast, as_user: SignIn) -> None:
        for name, has_one in (("student", True), ("guardian", True), ("teacher", False), ("stranger", False)):
            html = as_user(cast.user(name)).get(reverse("tools:index")).content.decode()
            assert ('class="bell"' in html) is has_one, name

    def test_looking_reads_nothing(self, cast: Cast, as_user: SignIn) -> None:
        comment(cast)
        as_user(cast.user("guardian")).get(LIST)
        assert unread(cast.user("guardian")) == 1

    def test_without_any_it_says_what_will_stand_here(self, cast: Cast, as_user: SignIn) -> None:
        assert "No news" in as_user(cast.user("stranger")).get(LIST).content.decode()

    def test_names_are_text(self, cast: Cast, as_user: SignIn) -> None:
        make_assignment(cast.teaching, "<b>Sonatina</b>")
        html = as_user(cast.user("guardian")).get(LIST).content.decode()
        assert ("&lt;b&gt;Sonatina" in html, "<b>Sonatina" in html) == (True, False)

    def test_page_by_page(self, cast: Cast, as_user: SignIn) -> None:
        lesson = make_lesson(cast.teaching)
        move(lesson, "A trip")
        for number in range(30):
            make_assignment(cast.teaching, f"Piece {number}")
        client = as_user(cast.user("guardian"))
        first = client.get(LIST)
        older = first.context["news"].older_url
        texts = [each.line.text for each in first.context["news"].told]
        texts += [each.line.text for each in client.get(LIST + older).context["news"].told]
        assert len(texts) == len(set(texts)) == 31
        assert LessonChange.objects.count() == 1
