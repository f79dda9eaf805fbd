"""A report names the photo that was on the page, and its file is there as long as somebody needs it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import LeavingPhoto, User
from apps.accounts.services import remove_avatar
from apps.core.access import get_allowed_or_404
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.privacy.services import eraser
from apps.private_teaching.models import Teaching
from apps.safeguarding import services
from apps.safeguarding.models import LegalHold, Report
from apps.safeguarding.queries import kept_photos
from apps.safeguarding.shown import seal
from tests.conftest import Cast
from tests.factories.photos import make_avatar, picture
from tests.factories.safeguarding import make_hold
from tests.forms.page import FormOnPage, Page

from .photos import DAY, SENT, address, after_a_day, on_disk, shown_now

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def guardian(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.user("guardian"))


def form_on(answer: Any) -> FormOnPage:
    (form,) = [form for form in Page(answer.content.decode()).forms if "words" in form.inputs]
    return form


def opened(client: Client, person: User) -> dict[str, str]:
    """The page is open: what its form sends, with what is typed into it."""
    return {"shown": form_on(client.get(address(person))).values["shown"][0]} | SENT


def is_replaced(teacher: User) -> None:
    make_avatar(teacher, picture(colour="red"))


def is_removed(teacher: User) -> None:
    remove_avatar(user=teacher, by=teacher, now=timezone.now())


def is_seen_no_more(teacher: User) -> None:
    Teaching.objects.filter(teacher=teacher).update(ended_at=timezone.now())


def is_a_minors(teacher: User) -> None:
    remove_avatar(user=teacher, by=None, why="minor", now=timezone.now())


# What the page showed


@pytest.mark.parametrize("happens", [is_replaced, is_removed, is_seen_no_more])
def test_what_the_page_showed_is_reported_whatever_comes_between(
    photographed: User,
    guardian: Client,
    media: Path,
    django_capture_on_commit_callbacks: Any,
    happens: Callable[[User], None],
) -> None:
    sent, seen = opened(guardian, photographed), photographed.avatar
    content = (media / seen).read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        happens(photographed)
    assert guardian.post(address(photographed), sent).status_code == 302
    found = Report.objects.get()
    assert (found.author, found.evidence, found.words) == (photographed, seen, "This is a child.")
    assert after_a_day(media) == shown_now() | {seen}
    assert [path for path, _photo in kept_photos(found)] == [seen]
    assert (media / seen).read_bytes() == content


def test_words_without_a_picture_are_better_than_none(
    photographed: User, guardian: Client, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    sent, seen = opened(guardian, photographed), photographed.avatar
    with django_capture_on_commit_callbacks(execute=True):
        is_a_minors(photographed)
    assert on_disk(media) == set()
    assert guardian.post(address(photographed), sent).status_code == 302
    found = Report.objects.get()
    assert (found.evidence, found.words, list(kept_photos(found))) == (seen, "This is a child.", [])


def test_a_form_that_was_not_right_still_says_what_it_showed(photographed: User, guardian: Client) -> None:
    sent, seen = opened(guardian, photographed), photographed.avatar
    is_replaced(photographed)
    answer = guardian.post(address(photographed), sent | {"category": ""})
    assert (answer.status_code, Report.objects.count()) == (200, 0)
    form = form_on(answer)
    assert form.values["words"] == ["This is a child."]
    guardian.post(address(photographed), sent | {"shown": form.values["shown"][0]})
    assert Report.objects.get().evidence == seen


def test_nobody_else_can_use_it_and_nobody_can_make_it(
    cast: Cast, photographed: User, guardian: Client, as_user: SignIn
) -> None:
    """Whoever sees nothing and was shown nothing gets the answer of an address that does not exist."""
    reader, seen = cast.user("guardian"), photographed.avatar
    others = [
        seal(seen, reader=cast.user("stranger"), person=photographed.pk),
        seal(seen, reader=reader, person=cast.user("other_teacher").pk),
        signing.dumps([str(reader.pk), str(photographed.pk), seen], salt="something else"),
        seal(seen, reader=reader, person=photographed.pk)[:-1],
        "\x00é",
        "",
    ]
    is_removed(photographed)
    for token in others:
        assert guardian.post(address(photographed), SENT | {"shown": token}).status_code == 404
    own, stranger = seal(seen, reader=reader, person=photographed.pk), as_user(cast.user("stranger"))
    assert stranger.post(address(photographed), SENT | {"shown": own}).status_code == 404
    assert not Report.objects.exists()
    assert guardian.post(address(photographed), SENT | {"shown": own}).status_code == 302


def test_it_opens_no_page(photographed: User, guardian: Client) -> None:
    sent = opened(guardian, photographed)
    is_removed(photographed)
    assert guardian.get(address(photographed), sent).status_code == 404


def test_without_it_the_photo_of_the_row_that_is_held_is_reported(
    photographed: User, guardian: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed after the door had read the row: the name that was read there may be of a file that is gone."""

    def meanwhile(*values: Any, **more: Any) -> Any:
        found = get_allowed_or_404(*values, **more)
        is_replaced(User.objects.get(pk=photographed.pk))
        return found

    monkeypatch.setattr("apps.safeguarding.views.get_allowed_or_404", meanwhile)
    before = photographed.avatar
    assert guardian.post(address(photographed), SENT).status_code == 302
    photographed.refresh_from_db()
    assert before != photographed.avatar
    assert Report.objects.get().evidence == photographed.avatar


# Legal holds


def test_a_hold_keeps_what_was_reported_after_the_report_is_closed(
    photographed: User,
    guardian: Client,
    as_user: SignIn,
    keeper: User,
    media: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    guardian.post(address(photographed), SENT)
    found, seen, desk = Report.objects.get(), photographed.avatar, as_user(keeper)
    with django_capture_on_commit_callbacks(execute=True):
        for action in ("hold", "take_photo_down", "close"):
            sent = {"action": action, "_selected_action": [str(found.pk)]}
            desk.post(reverse("admin:safeguarding_report_changelist"), sent)
    found.refresh_from_db()
    assert (found.state, after_a_day(media)) == ("closed", {seen})
    with django_capture_on_commit_callbacks(execute=True):
        services.lift_hold(hold=LegalHold.objects.get(), by=keeper, now=timezone.now() + DAY)
    assert on_disk(media) == set()
    assert not LeavingPhoto.objects.exists()


def test_whoever_is_held_replaces_no_reported_photo_away(
    photographed: User, guardian: Client, keeper: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    guardian.post(address(photographed), SENT)
    found, seen = Report.objects.get(), photographed.avatar
    services.close_report(report=found, by=keeper, now=timezone.now())
    first, second = (make_hold(None, keeper, person=photographed) for _number in range(2))
    with django_capture_on_commit_callbacks(execute=True):
        is_replaced(photographed)
    assert after_a_day(media) == shown_now() | {seen}
    with django_capture_on_commit_callbacks(execute=True):
        services.lift_hold(hold=first, by=keeper, now=timezone.now() + DAY)
    assert on_disk(media) == shown_now() | {seen}, "another hold"
    with django_capture_on_commit_callbacks(execute=True):
        services.lift_hold(hold=second, by=keeper, now=timezone.now() + DAY)
    assert on_disk(media) == shown_now()


def test_a_hold_on_somebody_else_keeps_nothing_of_this(
    cast: Cast,
    photographed: User,
    guardian: Client,
    keeper: User,
    media: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    make_hold(cast.student, keeper)
    make_hold(None, keeper, person=cast.user("other_teacher"))
    guardian.post(address(photographed), SENT)
    services.close_report(report=Report.objects.get(), by=keeper, now=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        is_removed(photographed)
    assert after_a_day(media) == set()


# Reports that grow, and people who leave


def test_what_was_added_after_the_list_was_read_goes_with_the_report_too(
    photographed: User, guardian: Client, keeper: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    guardian.post(address(photographed), SENT)
    on_the_list = Report.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        is_replaced(photographed)
        guardian.post(address(photographed), SENT)
        is_removed(photographed)
    both = set(Report.objects.get().photos)
    assert (len(both), on_disk(media)) == (2, both)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.close_report(report=on_the_list, by=keeper, now=timezone.now() + DAY)
    assert on_disk(media) == set()


def test_an_erasure_leaves_what_was_reported_meanwhile_to_the_report(
    photographed: User, guardian: Client, keeper: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """It had begun before anything was reported."""
    with django_capture_on_commit_callbacks(execute=True):
        is_replaced(photographed)
    seen = photographed.avatar
    guardian.post(address(photographed), SENT)
    list(eraser.steps(Subject.PERSON, photographed.pk))
    row = User.objects.get(pk=photographed.pk)
    assert (row.avatar, row.avatar_small, LeavingPhoto.objects.count()) == ("", "", 0)
    assert on_disk(media) == {seen}
    found = Report.objects.get()
    assert (found.author, [path for path, _photo in kept_photos(found)]) == (None, [seen])
    with django_capture_on_commit_callbacks(execute=True):
        services.close_report(report=found, by=keeper, now=timezone.now())
    assert on_disk(media) == set()
    assert AuditEvent.objects.filter(action="report.closed").count() == 1
