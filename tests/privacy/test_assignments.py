"""What copies hold of assignments."""

from django.utils import timezone

from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.assignments import make_assignment, step_of, work

from .conftest import make_export, opened, tables_of
from .test_exports import text_of


def test_the_family_has_all_and_the_teacher_what_they_wrote(cast: Cast) -> None:
    """Also afterwards; no other teacher of the same student has any of it."""
    row = make_assignment(cast.teaching, "Qzassigned")
    work(step_of(row), cast.user("student"))
    family = tables_of(opened(make_export(cast.user("guardian"), cast.student)))
    assert [each["title"] for each in family["assignments.assignment"]] == ["Qzassigned"]
    assert len(family["assignments.step"]) == len(family["assignments.assignmentcompletion"]) == 1
    Teaching.objects.filter(pk=cast.teaching.pk).update(ended_at=timezone.now())
    own = tables_of(opened(make_export(cast.user("teacher"))))
    assert [each["id"] for each in own["assignments.assignment"]] == [str(row.pk)]
    assert "assignments.assignmentcompletion" not in own
    assert "Qzassigned" not in text_of(opened(make_export(cast.user("second_teacher"))))
