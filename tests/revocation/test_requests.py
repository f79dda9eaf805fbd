"""What a teacher saw of a request for lessons is gone at the commit that ends it, on every channel."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Q
from django.utils import timezone

from apps.private_teaching import permissions, services
from apps.private_teaching.models import Application, PublishedPage, Teaching
from tests.sweep.world import World

from .channels import Channel, Person, channels, open_to, send_mail, still_open
from .test_replay import fresh, rights_changed, world

__all__ = ["fresh", "world"]  # fixtures

pytestmark = pytest.mark.django_db
TEACHER = "other_teacher"
# Whoever comes too late with an answer is told so, on the list: nothing of the request stands there.
TOLD = frozenset(
    f"private_teaching:{name}"
    for name in ("application-accept", "application-wait", "application-decline", "message-add")
)
End = Callable[[World, Application, datetime], object]


def withdraw(world: World, row: Application, now: datetime) -> None:
    services.withdraw(application=row, by=world.cast.user("guardian"), now=now)


def decline(world: World, row: Application, now: datetime) -> None:
    services.decline(application=row, by=row.teacher, words="", now=now)


def run_out(world: World, row: Application, now: datetime) -> None:
    Application.objects.filter(pk=row.pk).update(expires_at=now - timedelta(seconds=1))


def suspend(world: World, row: Application, now: datetime) -> None:
    page = row.teacher.teacher_profile
    services.suspend_page(profile=page, reason="So", by=world.cast.user("staff"), now=now)


def accept_and_end(world: World, row: Application, now: datetime) -> None:
    services.accept(application=row, by=row.teacher, now=now)
    lessons = Teaching.objects.get(teacher=row.teacher, student=row.student)
    services.end_teaching(teaching=lessons, by=world.cast.user("guardian"), now=now)


def asked(world: World) -> Application:
    return Application.objects.get(pk=world.objects[("application",)]["open"]["application"])


def about(world: World) -> list[Channel]:
    """Every address that carries the open request or a message of it."""
    keys = {world.objects[(kind,)]["open"][kind] for kind in ("application", "message")}
    return [each for each in channels(world) if any(key in each.url for key in keys)]


@pytest.mark.parametrize("end", [withdraw, decline, run_out, suspend, accept_and_end])
def test_nothing_of_it_answers_afterwards(fresh: World, end: End, capsys: pytest.CaptureFixture[str]) -> None:
    row, teacher = asked(fresh), Person(fresh, TEACHER)
    send_mail(teacher.user, timezone.now())
    services.say(
        application=row,
        by=fresh.cast.user("guardian"),
        body="Please?",
        key=uuid4(),
        now=timezone.now(),
    )
    before = open_to(teacher, about(fresh))
    end(fresh, row, timezone.now())
    rights_changed(fresh)
    found = still_open(teacher, before, remains=TOLD, words=frozenset())
    with capsys.disabled():
        print(f"\n{end.__name__}: {len(before)} channels were open; {len(found)} answer")
    assert len(before) >= 10
    assert found == []
    assert "teaching.application-message" not in send_mail(teacher.user, timezone.now())


def test_the_replay_sees_a_leak(fresh: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the rule about what is open, the teacher goes on reading."""
    row, teacher = asked(fresh), Person(fresh, TEACHER)
    before = open_to(teacher, about(fresh))
    withdraw(fresh, row, timezone.now())
    rights_changed(fresh)
    monkeypatch.setattr(permissions, "is_open", Q)
    assert still_open(teacher, before, remains=frozenset(), words=frozenset())


def test_a_page_that_is_taken_down_answers_nobody(fresh: World) -> None:
    page = PublishedPage.objects.get(profile__pk=fresh.objects[("profile",)]["public"]["profile"])
    person = Person(fresh, "guardian")
    found = [each for each in channels(fresh) if str(page.profile_id) in each.url]
    before = open_to(person, found)
    assert len(before) >= 4
    teacher = page.profile.teacher
    services.take_down_page(profile=page.profile, by=teacher, now=timezone.now())
    assert open_to(person, found) == []
