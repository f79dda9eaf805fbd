"""What copies hold of lessons."""

from django.utils import timezone

from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.lessons import make_lesson, write_notes

from .conftest import make_export, opened, tables_of
from .test_exports import text_of


def test_lessons_without_what_is_the_teachers_alone(cast: Cast) -> None:
    """The family's copy holds the lesson and its note; the teacher's own both notes, also afterwards."""
    lesson = make_lesson(cast.teaching)
    write_notes(lesson, shared_note="Qzsharedlesson", own_note="Qzownlesson")
    family = opened(make_export(cast.user("guardian"), cast.student))
    assert [row["shared_note"] for row in tables_of(family)["lessons.lesson"]] == ["Qzsharedlesson"]
    assert "Qzownlesson" not in text_of(family)
    Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now())
    own = opened(make_export(cast.user("teacher")))
    assert [row["id"] for row in tables_of(own)["lessons.lesson"]] == [str(lesson.pk)]
    assert [row["body"] for row in tables_of(own)["lessons.ownnote"]] == ["Qzownlesson"]
    other = text_of(opened(make_export(cast.user("second_teacher"))))
    assert "Qzsharedlesson" not in other
