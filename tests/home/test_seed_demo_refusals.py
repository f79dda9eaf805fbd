"""Where the demo refuses to run, and at which hours it can be built."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import User
from apps.home.demo import studio
from apps.home.demo.people import PUPILS
from apps.home.demo.playing import ASKED, PLAYERS
from apps.practice.models import PracticeEntry
from config.settings import base


def test_it_refuses_where_the_settings_do_not_allow_it(db: None, settings: Any) -> None:
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="production"):
        call_command("seed_demo")
    assert not User.objects.exists()
    assert base.DEMO_ALLOWED is False  # what production builds on


def test_half_a_studio_is_none(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(studio, "_invite", fail)
    with pytest.raises(RuntimeError):
        studio.build(now=timezone.now())
    assert not User.objects.exists()


@pytest.mark.parametrize("hour", [0, 3, 9, 16, 23])
def test_it_can_be_built_at_any_hour(db: None, hour: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Around midnight and before the day begins nothing is logged for a day that is still to come."""
    some = {"mia", "ben", "noor", *PLAYERS, ASKED}
    monkeypatch.setattr(studio, "PUPILS", [pupil for pupil in PUPILS if pupil.key in some])
    now = timezone.now().replace(hour=hour, minute=1) - timedelta(days=1)
    built = studio.build(now=now)
    for student in built.students.values():
        late = PracticeEntry.objects.filter(student=student, practised_on__gt=student.today(now))
        assert not late.exists()
    assert not PracticeEntry.objects.filter(created_at__gt=now).exists()
