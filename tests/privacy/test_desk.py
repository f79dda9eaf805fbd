"""What copies hold of a desk."""

from uuid import uuid4

from django.utils import timezone

from apps.desk import services
from tests.conftest import Cast

from .conftest import make_export, opened, tables_of
from .test_exports import text_of


def test_why_a_pupil_is_put_aside_stands_in_the_teachers_copy_alone(cast: Cast) -> None:
    teacher, now = cast.user("teacher"), timezone.now()
    services.snooze(student=cast.student, by=teacher, days=7, reason="Qzputaside", now=now)
    services.set_thresholds(by=teacher, said={"points": 30}, now=now)
    services.add_snippet(key=uuid4(), by=teacher, body="Qzsnippet", now=now)
    own = opened(make_export(teacher))
    assert [row["body"] for row in tables_of(own)["desk.snippet"]] == ["Qzsnippet"]
    assert [row["reason"] for row in tables_of(own)["desk.snooze"]] == ["Qzputaside"]
    assert [row["points"] for row in tables_of(own)["desk.triagesettings"]] == [30]
    assert "Qzputaside" not in text_of(opened(make_export(cast.user("guardian"), cast.student)))
