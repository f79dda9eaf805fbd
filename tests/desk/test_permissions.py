"""The matrix of the desk, by equality."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Student
from apps.core import access
from apps.desk import services
from apps.desk.models import Snippet, Snooze, TriageSettings
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.repertoire.test_permissions import TEACHERS, who

HOUR = timedelta(hours=1)


def test_a_pupil_is_put_aside_by_their_teachers_each_for_themselves(cast: Cast) -> None:
    assert who(cast, cast.student, "snooze") == TEACHERS
    assert who(cast, cast.student, "brief") == TEACHERS
    row = services.snooze(
        student=cast.student, by=cast.user("teacher"), days=7, reason="Ill", now=timezone.now()
    )
    assert who(cast, row, "view") == {"teacher"}


def test_rules_and_snippets_are_ones_own(cast: Cast) -> None:
    services.set_thresholds(by=cast.user("teacher"), said={"points": 30}, now=timezone.now())
    assert who(cast, TriageSettings.objects.get(), "view") == {"teacher"}
    snippet = services.add_snippet(key=uuid4(), by=cast.user("teacher"), body="Slowly", now=timezone.now())
    assert who(cast, snippet, "change") == {"teacher"}


@pytest.mark.parametrize("name", ["ended_at", "paused_at"])
def test_when_lessons_end_or_pause_nobody_is_put_aside(cast: Cast, name: str) -> None:
    now, teacher = timezone.now(), cast.user("teacher")
    row = services.snooze(student=cast.student, by=teacher, days=7, reason="Ill", now=now)
    Teaching.objects.filter(pk=cast.teaching.pk).update(**{name: now - HOUR})
    assert who(cast, row, "view") == set()
    assert who(cast, cast.student, "snooze") == TEACHERS - {"teacher"}
    with pytest.raises(services.NotAPupil):
        services.snooze(student=cast.student, by=teacher, days=3, reason="Again", now=now)
    assert Snooze.objects.get().reason == "Ill"


def test_every_rule_has_its_row() -> None:
    found = {
        model.__name__: {action for known, action in access.registered_rules() if known is model}
        for model in (Snippet, Snooze, TriageSettings)
    }
    assert found == {"Snippet": {"change"}, "Snooze": {"view"}, "TriageSettings": {"view"}}
    assert {(Student, "snooze"), (Student, "brief")} <= set(access.registered_rules())
