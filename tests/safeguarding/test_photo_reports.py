"""A photo that should not be there: whoever sees it reports it, the team takes it down."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import avatars, remove_avatar
from apps.core.models import AuditEvent
from apps.safeguarding import services
from apps.safeguarding.models import Report
from apps.safeguarding.shown import seal
from tests.conftest import Cast
from tests.factories.photos import make_avatar
from tests.factories.safeguarding import make_member, make_report

from .photos import DAY, SENT, address, after_a_day, on_disk, shown_now

SignIn = Callable[[User], Client]


@pytest.fixture
def teacher(photographed: User) -> User:
    return photographed


def report(cast: Cast, teacher: User, as_user: SignIn) -> Report:
    as_user(cast.user("guardian")).post(address(teacher), SENT)
    return Report.objects.get()


def test_whoever_sees_a_photo_may_report_it(cast: Cast, teacher: User, as_user: SignIn) -> None:
    client = as_user(cast.user("guardian"))
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert f'href="{address(teacher)}"' in client.get(people).content.decode()
    assert teacher.get_full_name() in client.get(address(teacher)).content.decode()
    assert client.post(address(teacher), SENT).status_code == 302
    found = Report.objects.get()
    assert (found.kind, found.item_id, found.author, found.student) == ("photo", teacher.pk, teacher, None)
    assert (found.evidence, found.words) == (teacher.avatar, "This is a child.")


@pytest.mark.parametrize("who", ["teacher", "former_teacher", "other_guardian", "stranger"])
def test_nobody_else_may(cast: Cast, teacher: User, as_user: SignIn, who: str) -> None:
    assert as_user(cast.user(who)).post(address(teacher), SENT).status_code == 404
    assert not Report.objects.exists()


def test_what_is_said_of_an_account_that_is_gone_is_heard(cast: Cast, as_user: SignIn) -> None:
    """Erased while the page was open, and no row was left that names it."""
    guardian, gone = cast.user("guardian"), uuid4()
    page = reverse("safeguarding:photo-report", args=[gone])
    shown = seal("avatars/gone.webp", reader=guardian, person=gone)
    half = as_user(guardian).post(page, {"shown": shown, "words": "This is a child."}).content.decode()
    assert "A photo of somebody who has left" in half
    assert "This is a child." in half
    assert as_user(guardian).post(page, SENT | {"shown": shown}).status_code == 302
    found = Report.objects.get()
    assert (found.item_id, found.author, found.words) == (gone, None, "This is a child.")
    assert as_user(guardian).get(page).status_code == 404


def test_without_a_photo_there_is_nothing_to_report(cast: Cast, as_user: SignIn) -> None:
    client, teacher = as_user(cast.user("guardian")), cast.user("teacher")
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert "Report the photo" not in client.get(people).content.decode()
    assert client.get(address(teacher)).status_code == 404


def test_nobody_is_asked_to_report_their_own(cast: Cast, teacher: User, as_user: SignIn) -> None:
    people = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert "Report the photo" not in as_user(teacher).get(people).content.decode()


def test_the_team_takes_it_down(cast: Cast, teacher: User, as_user: SignIn, keeper: User) -> None:
    found = report(cast, teacher, as_user)
    sent = {"action": "take_photo_down", "_selected_action": [str(found.pk)]}
    answer = as_user(keeper).post(reverse("admin:safeguarding_report_changelist"), sent, follow=True)
    assert "1 photo taken down." in answer.content.decode()
    row = User.objects.get(pk=teacher.pk)
    assert (row.avatar, row.avatar_small) == ("", "")
    event = AuditEvent.objects.get(action="avatar.removed")
    assert (event.actor_id, event.target_id, event.details) == (keeper.pk, teacher.pk, {"why": "staff"})
    assert AuditEvent.objects.get(action="report.photo-taken-down").target_id == found.pk


def test_a_report_of_something_else_takes_no_photo_down(cast: Cast, teacher: User, keeper: User) -> None:
    found = make_report(cast.student, cast.user("guardian"), author=teacher)
    assert not services.take_photo_down(report=found, by=keeper, now=timezone.now())
    assert User.objects.get(pk=teacher.pk).avatar


def test_a_photo_that_is_gone_is_taken_down_no_more(
    cast: Cast, teacher: User, as_user: SignIn, keeper: User
) -> None:
    found = report(cast, teacher, as_user)
    assert services.take_photo_down(report=found, by=keeper, now=timezone.now())
    found.refresh_from_db()
    assert not services.take_photo_down(report=found, by=keeper, now=timezone.now())
    Report.objects.filter(pk=found.pk).update(author=None)
    assert not services.take_photo_down(report=Report.objects.get(pk=found.pk), by=keeper, now=timezone.now())


@pytest.mark.parametrize("who", ["support", "content"])
def test_no_other_team_takes_it_down(cast: Cast, teacher: User, as_user: SignIn, who: str) -> None:
    found = report(cast, teacher, as_user)
    sent = {"action": "take_photo_down", "_selected_action": [str(found.pk)]}
    member = make_member(cast.user("staff"), who)
    assert as_user(member).post(reverse("admin:safeguarding_report_changelist"), sent).status_code == 403
    assert User.objects.get(pk=teacher.pk).avatar


# What is kept


@pytest.mark.parametrize("how", ["removed", "replaced", "taken down"])
def test_a_reported_photo_is_kept_until_the_report_is_closed(
    media: Path,
    cast: Cast,
    teacher: User,
    as_user: SignIn,
    keeper: User,
    django_capture_on_commit_callbacks: Any,
    how: str,
) -> None:
    found, reported, now = report(cast, teacher, as_user), teacher.avatar, timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        if how == "removed":
            remove_avatar(user=teacher, by=teacher, now=now)
        elif how == "replaced":
            make_avatar(teacher)
        else:
            assert services.take_photo_down(report=found, by=keeper, now=now)
    assert on_disk(media) == shown_now() | {reported}
    assert avatars.forget_orphans(now=now + timedelta(days=400)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.close_report(report=found, by=keeper, now=timezone.now() + DAY)
    assert on_disk(media) == shown_now()


def test_one_that_is_closed_on_the_same_day_leaves_the_photo_its_day(
    media: Path,
    cast: Cast,
    teacher: User,
    as_user: SignIn,
    keeper: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Somebody else may just be reporting it."""
    found, now = report(cast, teacher, as_user), timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        services.take_photo_down(report=found, by=keeper, now=now)
        services.close_report(report=found, by=keeper, now=now)
    assert on_disk(media) == {found.evidence}
    assert after_a_day(media) == set()


def test_closing_one_report_leaves_a_photo_that_is_shown_or_reported_again(
    media: Path,
    cast: Cast,
    teacher: User,
    as_user: SignIn,
    keeper: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    now = timezone.now()
    for who in ("guardian", "second_guardian", "student"):
        as_user(cast.user(who)).post(address(teacher), SENT)
    first, second, third = Report.objects.order_by("reported_at")
    with django_capture_on_commit_callbacks(execute=True):
        services.close_report(report=first, by=keeper, now=now)
    assert on_disk(media) == {teacher.avatar, teacher.avatar_small}
    reported = teacher.avatar
    with django_capture_on_commit_callbacks(execute=True):
        remove_avatar(user=teacher, by=teacher, now=now)
        services.close_report(report=second, by=keeper, now=now + DAY)
    assert on_disk(media) == {reported}
    with django_capture_on_commit_callbacks(execute=True):
        services.close_report(report=third, by=keeper, now=now + DAY)
    assert on_disk(media) == set()


def test_the_team_looks_at_it_and_leaves_a_trace(
    media: Path, cast: Cast, teacher: User, as_user: SignIn, keeper: User
) -> None:
    found, reported = report(cast, teacher, as_user), (media / teacher.avatar).read_bytes()
    remove_avatar(user=teacher, by=teacher, now=timezone.now())
    page = reverse("admin:safeguarding_report_change", args=[found.pk])
    html = as_user(keeper).get(page).content.decode()
    assert f'src="data:image/webp;base64,{b64encode(reported).decode()}"' in html
    event = AuditEvent.objects.get(action="staff.read")
    assert (event.actor_id, event.target_id) == (keeper.pk, found.pk)
    (media / found.evidence).unlink()
    assert "data:image/webp" not in as_user(keeper).get(page).content.decode()
    support = make_member(cast.user("superuser"), "support")
    User.objects.filter(pk=support.pk).update(is_superuser=False)
    assert as_user(User.objects.get(pk=support.pk)).get(page).status_code == 403


def test_a_report_about_words_shows_no_photo(cast: Cast, teacher: User) -> None:
    found = make_report(cast.student, cast.user("guardian"), author=teacher, text=teacher.avatar)
    assert found.photos == []


def test_a_newer_photo_is_not_taken_down(cast: Cast, teacher: User, as_user: SignIn, keeper: User) -> None:
    found = report(cast, teacher, as_user)
    newer = make_avatar(teacher).avatar
    assert not services.take_photo_down(report=found, by=keeper, now=timezone.now())
    assert User.objects.get(pk=teacher.pk).avatar == newer
    as_user(cast.user("guardian")).post(address(teacher), SENT)
    found.refresh_from_db()
    assert found.photos[-1] == newer
    assert len(found.photos) == 2
    assert services.take_photo_down(report=found, by=keeper, now=timezone.now())
    assert User.objects.get(pk=teacher.pk).avatar == ""
