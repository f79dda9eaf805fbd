"""What a copy holds of the talk under an entry."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.practice import services
from apps.practice.models import EntryComment
from apps.practice.models.comments import AuthorRole
from apps.practice.services.talk import thank
from tests.conftest import Cast

from .conftest import make_export, opened, tables_of


def say(cast: Cast, who: str, role: AuthorRole, body: str, **more: Any) -> EntryComment:
    return services.add_comment(
        key=uuid4(), entry=cast.entry, by=cast.user(who), role=role, body=body, now=timezone.now(), **more
    )


def bodies(cast: Cast, who: str) -> set[str]:
    """Of the diary's copy for its guardian, else of the own one."""
    student = cast.student if who == "guardian" else None
    tables = tables_of(opened(make_export(cast.user(who), student)))
    return {row["body"] for row in tables.get("practice.entrycomment", [])}


def test_what_was_taken_back_is_in_the_copy_of_who_may_still_read_it(cast: Cast) -> None:
    kept = say(cast, "teacher", AuthorRole.TEACHER, "Bravo")
    for who, role in (("teacher", AuthorRole.TEACHER), ("student", AuthorRole.STUDENT)):
        gone = say(cast, who, role, f"Taken back by the {who}")
        services.delete_comment(comment=gone, now=timezone.now())
    assert bodies(cast, "student") == {"Taken back by the student"}
    assert bodies(cast, "guardian") == {kept.body, "Taken back by the teacher"}
    assert bodies(cast, "teacher") == {kept.body, "Taken back by the teacher"}
    assert bodies(cast, "second_teacher") == set()


def test_thanks_are_in_the_copy_of_who_said_them_and_a_line_in_nobodys(cast: Cast) -> None:
    said = say(cast, "teacher", AuthorRole.TEACHER, "Bravo", about=cast.entry.items.get().title)
    thank(comment=said, by=cast.user("student"), now=timezone.now())
    mine = tables_of(opened(make_export(cast.user("student"))))
    assert [row["comment"] for row in mine["practice.commentthanks"]] == [str(said.pk)]
    theirs = tables_of(opened(make_export(cast.user("teacher"))))
    assert theirs["practice.commentthanks"] == []
    assert all("about" not in row for row in theirs["practice.entrycomment"])
