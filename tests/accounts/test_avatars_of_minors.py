"""No photos of children: who sends one, and what becomes of it when somebody turns out to be a minor."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, LeavingPhoto, User
from apps.accounts.models.students import AgeBand
from apps.accounts.services import (
    AccountIsOver,
    NoPhotoOfMinors,
    change_language,
    correct_birth_month,
    create_own_student,
    note_refusal,
    remove_avatar,
)
from apps.accounts.services.students import attach_login
from apps.core.models import AuditEvent
from tests.accounts.sending import URL, files, send, shown
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.photos import make_avatar
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
REMOVE = reverse("accounts:avatar-remove")
pytestmark = pytest.mark.usefixtures("media")


@pytest.mark.parametrize("band", [AgeBand.CHILD, AgeBand.TEEN, AgeBand.UNKNOWN])
def test_who_is_not_known_to_be_grown_up_sends_none(
    anna: User, as_user: SignIn, media: Path, band: AgeBand
) -> None:
    make_student("Anna", user=anna, age_band=band)
    client = as_user(anna)
    assert 'name="photo"' not in client.get(URL).content.decode()
    assert send(client).status_code == 302
    assert not User.objects.get(pk=anna.pk).avatar
    assert not (media / "avatars").exists()


def test_a_grown_up_student_sends_one(anna: User, as_user: SignIn) -> None:
    make_student("Anna", user=anna, age_band=AgeBand.ADULT)
    send(as_user(anna))
    assert User.objects.get(pk=anna.pk).avatar


def test_who_signed_up_and_nothing_more_sends_none(db: None, as_user: SignIn, media: Path) -> None:
    """Signing up asks for no age."""
    ida = make_user("Ida")
    assert 'name="photo"' not in as_user(ida).get(URL).content.decode()
    assert send(as_user(ida)).status_code == 302
    assert not User.objects.get(pk=ida.pk).avatar


def month_of(age: int) -> date:
    return date(timezone.now().year - age, 1, 1)


def becomes_a_student(user: User, age: int) -> None:
    create_own_student(
        user=user, name="Own", birth_month=month_of(age), country="DE", agreed=True, now=timezone.now()
    )


def takes_up_a_diary(user: User, age: int) -> None:
    attach_login(
        student=make_student("Own", country="DE"),
        user=user,
        birth_month=month_of(age),
        agreed=True,
        now=timezone.now(),
    )


def is_corrected(user: User, age: int) -> None:
    student = make_student("Own", user=user, age_band=AgeBand.ADULT)
    correct_birth_month(student=student, birth_month=month_of(age), by=user, now=timezone.now())


def is_refused(user: User, age: int) -> None:
    note_refusal(user=user, now=timezone.now())


@pytest.mark.parametrize("turns_out", [becomes_a_student, takes_up_a_diary, is_corrected, is_refused])
def test_the_photo_of_who_turns_out_to_be_a_minor_goes_in_the_same_commit(
    db: None, media: Path, after_commit: Callable[..., Any], turns_out: Callable[[User, int], None]
) -> None:
    ida = make_avatar(make_user("Ida"))
    with after_commit(execute=True):
        make_avatar(ida)  # the one before waits for its day
    with after_commit(execute=True):
        turns_out(ida, 17)
    row = User.objects.get(pk=ida.pk)
    assert (row.avatar, row.avatar_small, files(media)) == ("", "", [])
    assert not LeavingPhoto.objects.exists()
    event = AuditEvent.objects.get(action="avatar.removed")
    assert (event.actor_id, event.target_id, event.details) == (None, ida.pk, {"why": "minor"})


def test_what_a_minor_removed_before_goes_too(
    anna: User, media: Path, after_commit: Callable[..., Any]
) -> None:
    make_avatar(anna)
    with after_commit(execute=True):
        remove_avatar(user=anna, by=anna, now=timezone.now())
    assert len(files(media)) == 1
    with after_commit(execute=True):
        note_refusal(user=anna, now=timezone.now())
    assert files(media) == []


@pytest.mark.parametrize("turns_out", [becomes_a_student, takes_up_a_diary, is_corrected])
def test_an_adults_photo_stays(db: None, media: Path, turns_out: Callable[[User, int], None]) -> None:
    ida = make_avatar(make_user("Ida"))
    turns_out(ida, 40)
    assert files(media) == sorted([ida.avatar, ida.avatar_small])
    assert User.objects.get(pk=ida.pk).avatar == ida.avatar


def test_whoever_may_send_none_can_still_remove_one(anna: User, as_user: SignIn, media: Path) -> None:
    make_avatar(anna)
    Guardianship.objects.all().delete()
    html = as_user(anna).get(URL).content.decode()
    assert ("Remove the photo" in html, 'name="photo"' in html) == (True, False)
    as_user(anna).post(REMOVE)
    assert not User.objects.get(pk=anna.pk).avatar


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"is_active": False}, AccountIsOver), ({"age_refused_at": timezone.now()}, NoPhotoOfMinors)],
)
def test_what_changed_while_the_photo_came_is_asked_again_under_the_lock(
    anna: User, media: Path, changed: dict[str, Any], error: type[Exception]
) -> None:
    """The erased account gets no photo back, nor does a child."""
    User.objects.filter(pk=anna.pk).update(**changed)
    with pytest.raises(error):
        make_avatar(anna)
    assert (files(media), anna.avatar, User.objects.get(pk=anna.pk).avatar) == ([], "", "")


def test_a_minors_diary_that_began_meanwhile_is_seen_under_the_lock(anna: User, media: Path) -> None:
    make_student("Anna", user=anna, age_band=AgeBand.TEEN)
    with pytest.raises(NoPhotoOfMinors):
        make_avatar(anna)
    assert files(media) == []


def test_an_account_that_is_over_changes_nothing_of_itself(anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False, display_name="")
    with pytest.raises(AccountIsOver):
        change_language(user=anna, language="de", now=timezone.now())
    row = User.objects.get(pk=anna.pk)
    assert (row.language, row.display_name) == ("en", "")


def test_a_language_is_chosen_by_who_leaves_at_that_moment(
    anna: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**values: Any) -> None:
        raise AccountIsOver

    monkeypatch.setattr("apps.accounts.services.change_language", refuse)
    assert as_user(anna).post(reverse("set_language"), {"language": "de"}).status_code == 302


def test_who_turns_out_to_be_a_child_is_shown_to_nobody(cast: Cast, as_user: SignIn) -> None:
    ida = make_user("Ida")
    student = make_student("Ida", user=ida, age_band=AgeBand.ADULT)
    make_teaching(cast.user("teacher"), student)
    make_avatar(ida)
    clients = [as_user(cast.user("teacher")), as_user(ida)]
    assert [shown(ida, client).status_code for client in clients] == [200, 200]
    type(student).objects.filter(pk=student.pk).update(age_band=AgeBand.TEEN)
    assert [shown(ida, client).status_code for client in clients] == [404, 403]
