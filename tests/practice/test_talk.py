"""What becomes of a comment after it was written: other words, taken back, thanks, and who has seen it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.practice import services
from apps.practice.content import EntryContent, Line
from apps.practice.models import CommentThanks, EntryComment, NewMark, TalkSeen
from apps.practice.models.comments import AuthorRole
from apps.practice.services.talk import change_comment, thank
from apps.private_teaching.models import Teaching
from apps.safeguarding.models import Report
from apps.safeguarding.models.reports import ReportCategory
from tests.conftest import Cast

SignIn = Callable[[User], Client]
LATER = timedelta(minutes=16)


def say(cast: Cast, name: str, body: str = "Well done", **more: Any) -> EntryComment:
    role = {"student": "student", "guardian": "guardian", "commenter": "guest"}.get(name, "teacher")
    thread = Teaching.objects.filter(teacher=cast.user(name), student=cast.student).first()
    said = {"thread": thread, "now": timezone.now(), **more}
    return services.add_comment(
        key=uuid4(), entry=cast.entry, by=cast.user(name), role=AuthorRole(role), body=body, **said
    )


def page(client: Client, cast: Cast) -> str:
    answer = client.get(reverse("practice:entry-detail", args=[cast.entry.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestChanging:
    def test_other_words_stand_there_and_that_they_are_others(self, cast: Cast, as_user: SignIn) -> None:
        said, client = say(cast, "teacher", "Wel done"), as_user(cast.user("teacher"))
        address = reverse("practice:comment-edit", args=[said.pk])
        assert address in page(client, cast)
        assert "Wel done" in client.get(address).content.decode()
        answer = client.post(address, {"version": "", "body": "Well done"})
        assert answer.headers["Location"].endswith(f"#comment-{said.pk}")
        said.refresh_from_db()
        assert (said.body, said.changed_at is not None) == ("Well done", True)
        seen = page(as_user(cast.user("student")), cast)
        assert "changed</span>" in seen
        assert "Wel done" not in seen

    def test_after_a_quarter_of_an_hour_it_stays_as_it_is(self, cast: Cast, as_user: SignIn) -> None:
        said, client = say(cast, "teacher"), as_user(cast.user("teacher"))
        address = reverse("practice:comment-edit", args=[said.pk])
        assert address in page(client, cast)
        EntryComment.objects.filter(pk=said.pk).update(created_at=timezone.now() - LATER)
        assert address not in page(client, cast)
        assert client.get(address).status_code == 403
        answer = client.post(address, {"version": "", "body": "Too late"})
        text = answer.content.decode()
        assert (answer.status_code, "Too late" in text) == (200, True)
        assert "The time to change it is over" in text
        said.refresh_from_db()
        assert said.body == "Well done"

    @pytest.mark.parametrize("body", ["", "x" * 2001])
    def test_what_cannot_be_is_said_beside_the_field(self, cast: Cast, as_user: SignIn, body: str) -> None:
        said = say(cast, "guardian")
        address = reverse("practice:comment-edit", args=[said.pk])
        answer = as_user(cast.user("guardian")).post(address, {"version": "", "body": body})
        assert answer.context["form"].errors["body"]
        assert answer.context["form"]["body"].value() == body
        said.refresh_from_db()
        assert said.body == "Well done"

    def test_of_two_windows_the_second_is_told(self, cast: Cast, as_user: SignIn) -> None:
        said, client = say(cast, "guardian"), as_user(cast.user("guardian"))
        address = reverse("practice:comment-edit", args=[said.pk])
        client.post(address, {"version": "", "body": "First"})
        answer = client.post(address, {"version": "", "body": "Second"})
        assert "another window" in answer.content.decode()
        said.refresh_from_db()
        assert said.body == "First"
        version = answer.context["form"]["version"].value()
        assert client.post(address, {"version": version, "body": "Second"}).status_code == 302
        said.refresh_from_db()
        assert said.body == "Second"

    def test_what_the_family_changes_is_new_to_its_teachers(self, cast: Cast) -> None:
        said = say(cast, "guardian")
        NewMark.objects.all().delete()
        change_comment(comment=said, by=cast.user("guardian"), body="Other words", now=timezone.now())
        assert NewMark.objects.filter(entry=cast.entry).count() == 2

    def test_nothing_where_nothing_may_be_kept(self, cast: Cast, as_user: SignIn) -> None:
        said = say(cast, "guardian")
        Student.objects.update(collecting=False)
        address = reverse("practice:comment-edit", args=[said.pk])
        answer = as_user(cast.user("guardian")).post(address, {"version": "", "body": "Other words"})
        assert answer.status_code == 200
        said.refresh_from_db()
        assert said.body == "Well done"


class TestTakenBack:
    def test_that_something_stood_there_stays_to_be_seen(self, cast: Cast, as_user: SignIn) -> None:
        said = say(cast, "teacher", "Rather not")
        as_user(cast.user("teacher")).post(reverse("practice:comment-delete", args=[said.pk]))
        for name in ("student", "guardian", "teacher"):
            seen = page(as_user(cast.user(name)), cast)
            assert "Taken back." in seen
            assert "Rather not" not in seen
        assert "Taken back." not in page(as_user(cast.user("second_teacher")), cast)

    def test_the_guardians_can_read_what_it_said_and_the_child_cannot(
        self, cast: Cast, as_user: SignIn
    ) -> None:
        said = say(cast, "teacher", "First words")
        change_comment(comment=said, by=cast.user("teacher"), body="Second words", now=timezone.now())
        as_user(cast.user("teacher")).post(reverse("practice:comment-delete", args=[said.pk]))
        address = reverse("practice:comment-versions", args=[said.pk])
        for name, status in {
            "guardian": 200,
            "second_guardian": 200,
            "teacher": 200,
            "student": 404,
            "second_teacher": 404,
            "commenter": 404,
            "other_guardian": 404,
        }.items():
            answer = as_user(cast.user(name)).get(address)
            assert answer.status_code == status, name
            if status == 200:
                text = answer.content.decode()
                assert text.index("Second words") < text.index("First words")
        assert address in page(as_user(cast.user("guardian")), cast)
        assert address not in page(as_user(cast.user("student")), cast)

    def test_a_childs_own_words_are_the_childs(self, cast: Cast, as_user: SignIn) -> None:
        said = say(cast, "student", "Silly")
        services.delete_comment(comment=said, now=timezone.now())
        address = reverse("practice:comment-versions", args=[said.pk])
        found = {name: as_user(cast.user(name)).get(address).status_code for name in ("student", "guardian")}
        assert found == {"student": 200, "guardian": 404}

    def test_it_can_still_be_reported_with_all_it_ever_said(self, cast: Cast, as_user: SignIn) -> None:
        said = say(cast, "teacher", "Come alone")
        change_comment(comment=said, by=cast.user("teacher"), body="Come on Friday", now=timezone.now())
        services.delete_comment(comment=said, now=timezone.now())
        client, address = as_user(cast.user("student")), reverse("practice:comment-report", args=[said.pk])
        assert address in page(client, cast)
        shown = client.get(address).content.decode()
        assert "Come alone" not in shown
        assert client.post(address, {"category": "worries", "words": ""}).status_code in (200, 302)
        client.post(address, {"category": ReportCategory.values[0], "words": "Odd"})
        assert Report.objects.get().evidence == "Come on Friday\n\nCome alone"

    def test_what_stands_unchanged_has_no_versions(self, cast: Cast, as_user: SignIn) -> None:
        said = say(cast, "teacher")
        address = reverse("practice:comment-versions", args=[said.pk])
        assert as_user(cast.user("teacher")).get(address).status_code == 403


class TestAbout:
    def test_a_comment_names_a_line_as_long_as_the_entry_has_it(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("teacher"))
        title = cast.entry.items.get().title
        address = reverse("practice:comment-add", args=[cast.entry.pk])
        client.post(address, {"key": uuid4(), "body": "Bravo", "about": title})
        assert EntryComment.objects.get().about == title
        assert f"<bdi>{title}</bdi></p>" in page(as_user(cast.user("student")), cast)
        services.change_entry(
            entry=cast.entry,
            by=cast.user("student"),
            content=EntryContent(
                practised_on=cast.entry.practised_on, minutes=30, lines=[Line("Something else")]
            ),
            now=timezone.now(),
        )
        assert title not in page(as_user(cast.user("student")), cast)

    def test_no_line_that_the_entry_does_not_have(self, cast: Cast, as_user: SignIn) -> None:
        address = reverse("practice:comment-add", args=[cast.entry.pk])
        answer = as_user(cast.user("teacher")).post(
            address, {"key": uuid4(), "body": "Bravo", "about": "Nothing of hers"}
        )
        assert answer.context["comment_form"].errors["about"]
        assert "Bravo" in answer.content.decode()
        assert not EntryComment.objects.exists()


class TestThanks:
    def test_said_once_seen_by_all_and_taken_back(self, cast: Cast, as_user: SignIn) -> None:
        said, client = say(cast, "teacher"), as_user(cast.user("student"))
        address = reverse("practice:comment-thank", args=[said.pk])
        assert address in page(client, cast)
        for _time in range(2):
            assert client.post(address).headers["Location"].endswith(f"#comment-{said.pk}")
        thanks = CommentThanks.objects.get()
        assert thanks.user == cast.user("student")
        assert "Thanks from" in page(as_user(cast.user("teacher")), cast)
        seen = page(client, cast)
        assert address not in seen
        back = reverse("practice:thanks-remove", args=[thanks.pk])
        assert back in seen
        assert as_user(cast.user("guardian")).post(back).status_code == 404
        client.post(back)
        assert not CommentThanks.objects.exists()
        assert "Thanks from" not in page(as_user(cast.user("teacher")), cast)

    def test_nobody_thanks_themselves_or_for_what_they_may_not_answer(
        self, cast: Cast, as_user: SignIn
    ) -> None:
        said = say(cast, "teacher")
        open_one = say(cast, "guardian")
        thank = partial_address("practice:comment-thank")
        assert as_user(cast.user("teacher")).post(thank(said)).status_code == 403
        assert as_user(cast.user("second_teacher")).post(thank(said)).status_code == 404
        assert as_user(cast.user("viewer")).post(thank(open_one)).status_code == 403
        assert as_user(cast.user("commenter")).post(thank(open_one)).status_code == 302
        assert [each.comment for each in CommentThanks.objects.all()] == [open_one]

    def test_who_lost_the_diary_can_still_take_them_back(self, cast: Cast, as_user: SignIn) -> None:
        said = say(cast, "student")
        client = as_user(cast.user("teacher"))
        client.post(reverse("practice:comment-thank", args=[said.pk]))
        Teaching.objects.filter(teacher=cast.user("teacher")).update(ended_at=timezone.now())
        thanks = CommentThanks.objects.get()
        answer = client.post(reverse("practice:thanks-remove", args=[thanks.pk]))
        assert answer.headers["Location"] == reverse("home:index")
        assert not CommentThanks.objects.exists()


def partial_address(name: str) -> Callable[[EntryComment], str]:
    return lambda comment: reverse(name, args=[comment.pk])


class TestSeen:
    def test_new_words_are_counted_until_they_were_read(self, cast: Cast, as_user: SignIn) -> None:
        said, client = say(cast, "teacher"), as_user(cast.user("student"))
        say(cast, "second_teacher")
        assert "2 new</span>" in client.get(reverse("home:student")).content.decode()
        guardian = as_user(cast.user("guardian"))
        assert "2 new</span>" in guardian.get(reverse("parent_portal:overview")).content.decode()
        client = as_user(cast.user("student"))
        address = reverse("practice:talk-seen", args=[cast.entry.pk])
        assert f'action="{address}"' in page(client, cast)
        client.post(address, {"mark": said.created_at.isoformat()})
        assert "1 new</span>" in client.get(reverse("home:student")).content.decode()
        client.post(address, {"mark": timezone.now().isoformat()})
        assert "new</span>" not in client.get(reverse("home:student")).content.decode()
        assert address not in page(client, cast)
        # An older page takes nothing back, and each has seen for themselves.
        client.post(address, {"mark": said.created_at.isoformat()})
        assert "new</span>" not in client.get(reverse("home:student")).content.decode()
        guardian = as_user(cast.user("guardian"))
        assert "2 new</span>" in guardian.get(reverse("parent_portal:overview")).content.decode()

    @pytest.mark.parametrize("mark", ["", "yesterday", "2026-13-45T00:00:00Z", "2026-01-01T00:00:00"])
    def test_a_moment_that_makes_no_sense_is_none(self, cast: Cast, as_user: SignIn, mark: str) -> None:
        address = reverse("practice:talk-seen", args=[cast.entry.pk])
        assert as_user(cast.user("student")).post(address, {"mark": mark}).status_code == 302
        assert not TalkSeen.objects.exists()

    def test_nothing_is_seen_before_it_is_said(self, cast: Cast, as_user: SignIn) -> None:
        address = reverse("practice:talk-seen", args=[cast.entry.pk])
        far = timezone.now() + timedelta(days=900)
        as_user(cast.user("student")).post(address, {"mark": far.isoformat()})
        assert TalkSeen.objects.get().seen_at <= timezone.now()


def test_other_words_are_new_to_who_had_seen_the_first(cast: Cast, as_user: SignIn) -> None:
    now = timezone.now() - timedelta(minutes=5)
    said = say(cast, "teacher", "Fine", now=now)
    guardian, address = cast.user("guardian"), reverse("practice:talk-seen", args=[cast.entry.pk])
    client = as_user(guardian)
    assert client.get(reverse("practice:entry-detail", args=[cast.entry.pk])).context["new_until"] == now
    client.post(address, {"mark": now.isoformat()})
    assert client.get(reverse("practice:entry-detail", args=[cast.entry.pk])).context["new_until"] is None
    change_comment(comment=said, by=cast.user("teacher"), body="Come alone", now=timezone.now())
    said.refresh_from_db()
    shown = client.get(reverse("practice:entry-detail", args=[cast.entry.pk])).context["new_until"]
    assert shown == said.changed_at
    client.post(address, {"mark": shown.isoformat()})
    assert client.get(reverse("practice:entry-detail", args=[cast.entry.pk])).context["new_until"] is None


def test_for_words_that_were_taken_back_nobody_is_thanked(cast: Cast) -> None:
    said = say(cast, "teacher")
    EntryComment.objects.filter(pk=said.pk).update(deleted_at=timezone.now())
    with pytest.raises(services.EntryIsLocked):
        thank(comment=said, by=cast.user("student"), now=timezone.now())
    assert not CommentThanks.objects.exists()
