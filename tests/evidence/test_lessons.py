"""What a teacher gives along with a lesson: a link or a picture, for the family to keep."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core import access
from apps.core.adding import GoneMeanwhile, TooMany
from apps.evidence.models import MOST_OF_LESSON, Evidence, Kind
from apps.lessons.models import Lesson
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import end_teaching
from tests.conftest import Cast
from tests.factories.evidence import make_link, make_picture
from tests.factories.lessons import place_lesson
from tests.factories.photos import photo_file

from .test_permissions import FAMILY, matrix, who

SignIn = Callable[[User], Client]


@pytest.fixture
def lesson(cast: Cast) -> Lesson:
    return place_lesson(cast.teaching, timezone.now() - timedelta(hours=2))


def address(lesson: Lesson, kind: str) -> str:
    return f"{reverse('evidence:lesson-add', args=[lesson.pk])}?kind={kind}"


def page_of(lesson: Lesson) -> str:
    return reverse("lessons:lesson-detail", args=[lesson.pk])


def test_it_is_read_by_who_reads_the_lesson_and_taken_away_by_its_teacher(cast: Cast, lesson: Lesson) -> None:
    assert who(cast, lesson, "attach_evidence") == {"teacher"}
    row = make_link(lesson, cast.user("teacher"))
    assert matrix(cast, row) == {"view": FAMILY | {"teacher"}, "delete": {"teacher"}}


def test_when_the_lessons_end_the_family_keeps_it(cast: Cast, lesson: Lesson) -> None:
    row = make_picture(lesson, cast.user("teacher"))
    end_teaching(teaching=cast.teaching, by=cast.user("guardian"), now=timezone.now())
    assert matrix(cast, row) == {"view": FAMILY, "delete": set()}
    assert who(cast, lesson, "attach_evidence") == set()


@pytest.mark.parametrize("change", ["deleted_at", "entry_gone"])
def test_with_the_lesson_it_goes(cast: Cast, lesson: Lesson, change: str) -> None:
    row = make_link(lesson, cast.user("teacher"))
    if change == "deleted_at":
        Lesson.objects.filter(pk=lesson.pk).update(deleted_at=timezone.now())
        assert matrix(cast, row) == {"view": set(), "delete": set()}
    else:
        lesson.delete()
        assert not Evidence.objects.exists()


def test_a_link_sent_twice_stands_there_once(cast: Cast, lesson: Lesson, as_user: SignIn) -> None:
    client = as_user(cast.user("teacher"))
    fields = {"key": str(uuid4()), "link": "https://music.example/scale", "body": "The scale"}
    for _time in range(2):
        answer = client.post(address(lesson, "link"), fields)
        assert answer["Location"] == f"{page_of(lesson)}#evidence"
    row = Evidence.objects.get()
    assert (row.lesson, row.student, row.link) == (lesson, cast.student, "https://music.example/scale")
    for reader in ("teacher", "guardian", "student"):
        assert (
            "https://music.example/scale" in as_user(cast.user(reader)).get(page_of(lesson)).content.decode()
        )


def test_a_picture_is_drawn_anew_and_shown_to_the_family(cast: Cast, lesson: Lesson, as_user: SignIn) -> None:
    client = as_user(cast.user("teacher"))
    fields = {"key": str(uuid4()), "picture": photo_file(), "body": "The board"}
    assert client.post(address(lesson, "screenshot"), fields).status_code == 302
    row = Evidence.objects.get()
    assert row.kind == Kind.SCREENSHOT
    picture = reverse("evidence:picture-show", args=[row.pk])
    assert as_user(cast.user("guardian")).get(picture)["Content-Type"] == "image/webp"
    assert as_user(cast.user("second_teacher")).get(picture).status_code == 404


def test_a_note_is_no_choice(cast: Cast, lesson: Lesson, as_user: SignIn) -> None:
    """The lesson has one already."""
    page = as_user(cast.user("teacher")).get(address(lesson, "note"))
    assert page.context["form"].kind == Kind.LINK
    assert 'href="?kind=note"' not in page.content.decode()


@pytest.mark.parametrize(("link", "words"), [("", "Please fill this in."), ("ftp://music.example/x", "http")])
def test_what_is_no_link_is_said_beside_its_field(
    cast: Cast, lesson: Lesson, as_user: SignIn, link: str, words: str
) -> None:
    fields = {"key": str(uuid4()), "link": link, "body": "The scale"}
    answer = as_user(cast.user("teacher")).post(address(lesson, "link"), fields)
    assert words in str(answer.context["form"].errors["link"])
    assert 'value="The scale"' in answer.content.decode()
    assert not Evidence.objects.exists()


def test_ten_are_the_most(cast: Cast, lesson: Lesson, as_user: SignIn) -> None:
    teacher = cast.user("teacher")
    for number in range(MOST_OF_LESSON):
        make_link(lesson, teacher, f"https://music.example/{number}")
    with pytest.raises(TooMany):
        make_link(lesson, teacher)
    assert "10 are the most that a lesson can have." in as_user(teacher).get(page_of(lesson)).content.decode()


def test_a_lesson_that_was_deleted_a_second_ago_takes_none(cast: Cast, lesson: Lesson) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(deleted_at=timezone.now())
    with pytest.raises(GoneMeanwhile):
        make_link(lesson, cast.user("teacher"))
    Teaching.objects.filter(pk=cast.teaching.pk).update(paused_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(GoneMeanwhile):
        make_link(place_lesson(cast.second_teaching, timezone.now()), cast.user("teacher"))


def test_the_rule_is_named() -> None:
    assert (Lesson, "attach_evidence") in access.registered_rules()


def test_nothing_to_add_and_nothing_there_is_no_heading(cast: Cast, lesson: Lesson, as_user: SignIn) -> None:
    assert "Attachments" not in as_user(cast.user("guardian")).get(page_of(lesson)).content.decode()
    assert "Attachments" in as_user(cast.user("teacher")).get(page_of(lesson)).content.decode()
