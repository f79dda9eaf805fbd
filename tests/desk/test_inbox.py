"""What is new, pupil by pupil; replies to several; snippets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.desk import services
from apps.desk.models import MOST_SNIPPETS, Snippet
from apps.desk.queries import inbox_of
from apps.desk.queries.inbox import PAGE
from apps.practice.models import EntryComment, NewMark, PracticeEntry
from apps.practice.models.comments import LONGEST_BODY, AuthorRole
from apps.practice.services import KeyIsTaken, add_comment
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

AsUser = Callable[[User], Client]


class Studio:
    """A teacher with pupils whose family logs."""

    def __init__(self) -> None:
        self.teacher, self.family = make_user("Teacher"), make_user("Family")

    def pupil(self, name: str, entries: int = 1, **fields: Any) -> list[PracticeEntry]:
        student, now = make_student(name), timezone.now()
        make_guardianship(student, self.family)
        make_teaching(self.teacher, student)
        return [
            make_entry(student, self.family, now=now - timedelta(minutes=number), **fields)
            for number in range(entries)
        ]

    def page(self, begin: UUID | None = None) -> list[tuple[str, int, int]]:
        found = inbox_of(self.teacher, begin=begin)
        return [(each.student.name, len(each.news), each.left) for each in found.pupils]


@pytest.fixture
def studio(db: None) -> Studio:
    return Studio()


class TestInbox:
    def test_pupil_by_pupil_newest_first(self, studio: Studio) -> None:
        studio.pupil("Zoe")
        made = studio.pupil("ada", 3)
        assert studio.page() == [("ada", 3, 0), ("Zoe", 1, 0)]
        first = inbox_of(studio.teacher, begin=None).pupils[0]
        assert [each.entry for each in first.news] == made

    def test_a_page_holds_whole_pupils(self, studio: Studio) -> None:
        studio.pupil("Ada", PAGE - 1)
        [zoe, *_more] = studio.pupil("Zoe", 2)
        assert studio.page() == [("Ada", PAGE - 1, 0)]
        found = inbox_of(studio.teacher, begin=None)
        assert (found.next_from, found.total) == (zoe.student_id, PAGE + 1)
        assert studio.page(zoe.student_id) == [("Zoe", 2, 0)]
        assert studio.page(uuid4()) == [("Ada", PAGE - 1, 0)]

    def test_who_has_more_than_a_page_fills_it_with_the_newest(self, studio: Studio) -> None:
        studio.pupil("Ada", PAGE + 2, minutes=1)
        assert studio.page() == [("Ada", PAGE, 2)]

    def test_two_instruments_are_one_entry_with_both_marks(self, studio: Studio) -> None:
        [entry] = studio.pupil("Mia")
        make_teaching(studio.teacher, entry.student, "Violin")
        NewMark.objects.all().delete()
        marks = [
            NewMark.objects.create(teaching=each, entry=entry, marked_at=timezone.now())
            for each in Teaching.objects.all()
        ]
        [news] = inbox_of(studio.teacher, begin=None).pupils[0].news
        assert set(news.marks.split(",")) == {str(mark.pk) for mark in marks}

    def test_what_others_said_last_stands_beside_it(self, cast: Cast) -> None:
        teacher = cast.user("teacher")
        for who, role, body, thread in (
            ("guardian", AuthorRole.GUARDIAN, "First", None),
            ("student", AuthorRole.STUDENT, "It was fun", None),
            ("guardian", AuthorRole.GUARDIAN, "Not for you", cast.second_teaching),
            ("teacher", AuthorRole.TEACHER, "My own words", cast.teaching),
        ):
            add_comment(
                key=uuid4(),
                entry=cast.entry,
                by=cast.user(who),
                role=role,
                body=body,
                thread=thread,
                now=timezone.now(),
            )
        news = [each for pupil in inbox_of(teacher, begin=None).pupils for each in pupil.news]
        [said] = [each.said for each in news if each.entry == cast.entry]
        assert said is not None
        assert said.body == "It was fun"

    def test_what_is_private_or_another_teachers_is_not_there(self, cast: Cast) -> None:
        before = inbox_of(cast.user("teacher"), begin=None)
        make_entry(cast.student, cast.user("student"), is_private=True)
        make_entry(cast.student, cast.user("student"), addressed_to=cast.second_teaching)
        assert inbox_of(cast.user("teacher"), begin=None) == before

    def test_a_former_teacher_sees_nothing(self, studio: Studio) -> None:
        studio.pupil("Mia")
        Teaching.objects.update(paused_at=timezone.now())
        assert inbox_of(studio.teacher, begin=None).waiting == []
        assert studio.page() == []

    @pytest.mark.parametrize("count", [1, 20])
    def test_many_cost_what_one_costs(self, studio: Studio, count: int) -> None:
        for number in range(count):
            studio.pupil(f"Row {number}")
        studio.page()
        with CaptureQueriesContext(connection) as found:
            assert len(studio.page()) == count
        assert len(found) == 3


def reply(
    studio: Studio, entries: list[PracticeEntry], body: str, key: UUID | None = None
) -> services.Replied:
    return services.reply_to_many(
        key=key or uuid4(),
        entries=[entry.pk for entry in entries],
        by=studio.teacher,
        body=body,
        now=timezone.now(),
    )


def said() -> set[tuple[str, str]]:
    return {
        (row.entry.student.name, row.body) for row in EntryComment.objects.select_related("entry__student")
    }


class TestReplies:
    def test_each_with_its_name(self, studio: Studio) -> None:
        entries = [*studio.pupil("Mia"), *studio.pupil("Ben")]
        done = reply(studio, entries, "Bravo, {name}!")
        assert (done.names, done.left_out, done.refused) == (["Ben", "Mia"], 0, [])
        assert said() == {("Mia", "Bravo, Mia!"), ("Ben", "Bravo, Ben!")}
        roles = EntryComment.objects.values_list("author_role", "thread__teacher")
        assert set(roles) == {(AuthorRole.TEACHER, studio.teacher.pk)}

    def test_sent_twice_is_written_once(self, studio: Studio) -> None:
        entries, key = [*studio.pupil("Mia"), *studio.pupil("Ben")], uuid4()
        reply(studio, entries[:1], "Bravo!", key)
        reply(studio, entries, "Bravo!", key)
        assert said() == {("Mia", "Bravo!"), ("Ben", "Bravo!")}
        with pytest.raises(KeyIsTaken):
            reply(studio, entries, "Something else", key)

    def test_who_left_a_second_ago_gets_nothing_and_the_others_do(self, studio: Studio) -> None:
        [left], [stays] = studio.pupil("Mia"), studio.pupil("Ben")
        Teaching.objects.filter(student=left.student).update(ended_at=timezone.now())
        done = reply(studio, [left, stays], "Bravo!")
        assert (done.names, done.left_out) == (["Ben"], 1)
        assert said() == {("Ben", "Bravo!")}

    def test_of_whom_nothing_may_be_written_is_named(self, studio: Studio) -> None:
        [off], [on] = studio.pupil("Mia"), studio.pupil("Ben")
        Student.objects.filter(pk=off.student_id).update(collecting=False)
        done = reply(studio, [off, on], "Bravo!")
        assert (done.names, done.refused, done.left_out) == (["Ben"], ["Mia"], 0)

    def test_a_strangers_entry_is_left_out(self, studio: Studio) -> None:
        other = make_student("Ida")
        make_guardianship(other, studio.family)
        done = reply(studio, [make_entry(other, studio.family)], "Bravo!")
        assert (done.entries, done.left_out) == ([], 1)
        assert not EntryComment.objects.filter(body="Bravo!").exists()


class TestPages:
    def test_done_by_a_button_alone(self, studio: Studio, as_user: AsUser) -> None:
        studio.pupil("Mia", 2)
        client = as_user(studio.teacher)
        page = client.get(reverse("desk:inbox"))
        marks = [each.marks for each in page.context["inbox"].pupils[0].news]
        assert f'name="mark" value="{marks[0]}"' in page.content.decode()
        answer = client.post(
            reverse("practice:entry-mark-seen"),
            {"mark": marks[0], "next": reverse("desk:inbox")},
            follow=True,
        )
        [left] = answer.context["inbox"].pupils
        assert [each.marks for each in left.news] == marks[1:]

    def test_one_reply_to_several(self, studio: Studio, as_user: AsUser) -> None:
        mia, ben = studio.pupil("Mia"), studio.pupil("Ben")
        client = as_user(studio.teacher)
        news = client.get(reverse("desk:inbox")).context["inbox"].pupils
        marks = {f"marks-{each.entry.pk}": each.marks for pupil in news for each in pupil.news}
        sent = {"key": str(uuid4()), "entry": [str(mia[0].pk)], "body": "Well done, {name}", **marks}
        page = client.post(reverse("desk:reply"), sent, follow=True)
        assert "Sent to Mia." in page.content.decode()
        assert said() == {("Mia", "Well done, Mia")}
        assert [each.student for each in page.context["inbox"].waiting] == [ben[0].student_id]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"entry": []}, "entry"),
            ({"entry": ["nonsense"]}, "entry"),
            ({"entry": [str(uuid4()) for _number in range(61)]}, "entry"),
            ({"body": ""}, "body"),
            ({"body": "{name}" + "x" * (LONGEST_BODY - 20)}, "body"),
            ({"entry": [str(uuid4())]}, "__all__"),
        ],
    )
    def test_what_cannot_be_sent_keeps_words_and_choice(
        self, studio: Studio, as_user: AsUser, change: dict[str, Any], field: str
    ) -> None:
        [entry] = studio.pupil("Mia")
        sent = {"key": str(uuid4()), "entry": [str(entry.pk)], "body": "Well done", **change}
        page = as_user(studio.teacher).post(reverse("desk:reply"), sent)
        assert list(page.context["form"].errors) == [field]
        html = page.content.decode()
        assert str(sent["body"]) in html
        assert (f'value="{entry.pk}" checked' in html) is (str(entry.pk) in sent["entry"])
        assert said() == set()

    def test_the_talk_alone_for_a_page_that_opens_it_in_place(self, studio: Studio, as_user: AsUser) -> None:
        [entry] = studio.pupil("Mia")
        url = reverse("practice:entry-detail", args=[entry.pk])
        answer = as_user(studio.teacher).get(url, headers={"HX-Request": "true"})
        assert answer.content.decode().strip().startswith('<section class="stack" id="comments"')
        assert "HX-Request" in answer["Vary"]

    def test_nobody_is_nowhere(self, cast: Cast, as_user: AsUser) -> None:
        for who in ("stranger", "guardian"):
            page = as_user(cast.user(who)).get(reverse("desk:inbox"))
            assert "Nothing is waiting" in page.content.decode()


class TestSnippets:
    def test_kept_changed_and_deleted(self, studio: Studio, as_user: AsUser) -> None:
        client, key = as_user(studio.teacher), str(uuid4())
        for _time in range(2):
            client.post(reverse("desk:snippets"), {"key": key, "body": "Bravo, {name}!"})
        [row] = Snippet.objects.all()
        studio.pupil("Mia")
        assert 'data-snippet="Bravo, {name}!"' in client.get(reverse("desk:inbox")).content.decode()
        url = reverse("desk:snippet-edit", args=[row.pk])
        client.post(url, {"body": "Slowly"})
        assert Snippet.objects.get().body == "Slowly"
        client.post(url, {"remove": "1"})
        assert not Snippet.objects.exists()

    def test_they_are_ones_own(self, studio: Studio, as_user: AsUser) -> None:
        row = services.add_snippet(key=uuid4(), by=studio.teacher, body="Mine", now=timezone.now())
        url = reverse("desk:snippet-edit", args=[row.pk])
        assert as_user(studio.family).post(url, {"body": "Yours"}).status_code == 404
        assert Snippet.objects.get().body == "Mine"

    def test_so_many_and_no_more(self, studio: Studio, as_user: AsUser) -> None:
        now = timezone.now()
        for number in range(MOST_SNIPPETS):
            services.add_snippet(key=uuid4(), by=studio.teacher, body=f"Number {number}", now=now)
        page = as_user(studio.teacher).post(
            reverse("desk:snippets"), {"key": str(uuid4()), "body": "Another"}
        )
        assert page.context["form"].non_field_errors()
        assert "Another" in page.content.decode()
        assert Snippet.objects.count() == MOST_SNIPPETS
