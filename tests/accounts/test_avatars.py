"""A person's photo: sent on the settings, kept as two files, shown to who stands on the same page."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, LeavingPhoto, Student, User
from apps.accounts.models.students import AgeBand
from apps.accounts.services import (
    ProfileIsNotPossible,
    avatars,
    change_student,
    remove_avatar,
)
from apps.accounts.templatetags.accounts import face, photo_of, student_face
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.practice import services as practice
from apps.privacy.services import eraser
from apps.private_teaching.models import Teaching
from tests.accounts.sending import SENT, URL, files, send, shown
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import child_client, make_child_login
from tests.factories.photos import make_avatar, picture
from tests.factories.private_teaching import make_teaching
from tests.privacy.conftest import make_export

SignIn = Callable[[User], Client]
REMOVE = reverse("accounts:avatar-remove")
pytestmark = pytest.mark.usefixtures("media")


# Sending


def test_a_photo_is_kept_as_two_files_under_names_that_say_nothing(
    anna: User, as_user: SignIn, media: Path
) -> None:
    assert send(as_user(anna), name="../../Anna Berg <b>.jpg").status_code == 302
    anna.refresh_from_db()
    assert files(media) == sorted([anna.avatar, anna.avatar_small])
    assert anna.display_name == "Anna Berg"
    event = AuditEvent.objects.get(action="avatar.changed")
    assert (event.actor_id, event.details) == (anna.pk, {})


def test_without_a_file_the_photo_stays(anna: User, as_user: SignIn, media: Path) -> None:
    make_avatar(anna)
    before = files(media)
    assert as_user(anna).post(URL, SENT).status_code == 302
    assert files(media) == before
    assert User.objects.get(pk=anna.pk).avatar == anna.avatar


def test_the_field_says_what_it_takes(anna: User, as_user: SignIn) -> None:
    html = as_user(anna).get(URL).content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert 'accept="image/jpeg,image/png,image/webp"' in html
    assert "Remove the photo" not in html


# Replacing and removing


def test_a_new_photo_takes_the_place_of_the_old_one(
    anna: User, media: Path, after_commit: Callable[..., Any]
) -> None:
    make_avatar(anna)
    before = anna.avatar
    with after_commit(execute=True):
        make_avatar(anna, picture(colour="red"))
    assert files(media) == sorted([anna.avatar, anna.avatar_small, before])
    assert goes(anna) == files(media)
    assert files(media) == sorted([anna.avatar, anna.avatar_small])


def test_a_photo_is_removed(
    anna: User, as_user: SignIn, media: Path, after_commit: Callable[..., Any]
) -> None:
    make_avatar(anna)
    client, large = as_user(anna), anna.avatar
    assert f'src="{photo_of(anna, True)}"' in client.get(URL).content.decode()
    with after_commit(execute=True):
        answer = client.post(REMOVE, follow=True)
    assert "Your photo is removed." in answer.content.decode()
    assert AuditEvent.objects.filter(action="avatar.removed", actor_id=anna.pk).count() == 1
    assert files(media) == [large], "for whoever is just reporting it"
    assert shown(anna, client).status_code == 404
    assert shown(anna, client, large=True).status_code == 404, "and seen by nobody, not by its owner either"
    assert goes(anna) == []


def goes(user: User) -> list[str]:
    """What is there still when the day of what this person removed is over, and not before."""
    (left,) = LeavingPhoto.objects.filter(user=user)
    assert avatars.forget_orphans(now=left.goes_at - timedelta(seconds=1)) == 0
    assert default_storage.exists(left.path)
    assert avatars.forget_orphans(now=left.goes_at) == 1
    assert not LeavingPhoto.objects.exists()
    return sorted(f"avatars/{name}" for name in default_storage.listdir("avatars")[1])


def test_a_photo_stays_for_a_day_however_old_it_is(anna: User, media: Path) -> None:
    make_avatar(anna)
    large, now = anna.avatar, timezone.now()
    for name in files(media):
        os.utime(media / name, (0, 0))
    remove_avatar(user=anna, by=anna, now=now)
    assert avatars.forget_orphans(now=now + timedelta(hours=23)) == 1
    assert files(media) == [large]
    assert LeavingPhoto.objects.get().goes_at == now + timedelta(days=1)


def test_where_there_is_none_removing_writes_nothing(anna: User) -> None:
    remove_avatar(user=anna, by=anna, now=timezone.now())
    assert not AuditEvent.objects.filter(action="avatar.removed").exists()


def test_a_row_names_both_files_or_none(anna: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=anna.pk).update(avatar="avatars/x.webp")


# Seeing


def test_a_photo_is_served_to_stay_in_this_browser_alone(cast: Cast, as_user: SignIn, media: Path) -> None:
    teacher = make_avatar(cast.user("teacher"))
    answer = shown(teacher, as_user(cast.user("guardian")))
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content == (media / teacher.avatar_small).read_bytes()
    large = shown(teacher, as_user(cast.user("guardian")), large=True)
    assert large.content == (media / teacher.avatar).read_bytes()


def test_whose_access_ends_sees_it_no_more(cast: Cast, as_user: SignIn) -> None:
    teacher, client = make_avatar(cast.user("teacher")), as_user(cast.user("guardian"))
    assert shown(teacher, client).status_code == 200
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    assert shown(teacher, client).status_code == 404


def test_signed_out_there_is_nothing(cast: Cast) -> None:
    teacher = make_avatar(cast.user("teacher"))
    assert shown(teacher, Client()).status_code == 302


def test_an_old_address_is_nothing(cast: Cast, as_user: SignIn) -> None:
    teacher, client = make_avatar(cast.user("teacher")), as_user(cast.user("guardian"))
    old = photo_of(teacher)
    make_avatar(teacher)
    assert client.get(old).status_code == 404


def test_a_file_that_is_gone_is_nothing(cast: Cast, as_user: SignIn, media: Path) -> None:
    teacher = make_avatar(cast.user("teacher"))
    (media / teacher.avatar_small).unlink()
    assert shown(teacher, as_user(cast.user("guardian"))).status_code == 404


def test_a_child_sees_the_teacher_and_no_stranger(cast: Cast) -> None:
    mother, zoe = make_user("Mother"), make_student("Zoe", age_band=AgeBand.CHILD)
    make_guardianship(zoe, mother)
    make_child_login(zoe, mother)
    make_teaching(cast.user("teacher"), zoe)
    client = child_client(zoe, mother)
    assert shown(make_avatar(cast.user("teacher")), client).status_code == 200
    assert shown(make_avatar(cast.user("other_teacher")), client).status_code == 404


# Where people are named


def test_lists_show_photos_and_ask_once_at_most(cast: Cast, as_user: SignIn) -> None:
    pages = [
        reverse("private_teaching:student-people", args=[cast.student.pk]),
        reverse("practice:entry-detail", args=[cast.entry.pk]),
    ]
    practice.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role="teacher",  # type: ignore[arg-type]
        body="Well done",
        now=timezone.now(),
    )
    client = as_user(cast.user("guardian"))

    def ask() -> list[tuple[int, str]]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                html = client.get(page).content.decode()
            found.append((len(asked), html))
        return found

    ask()
    before = ask()
    for who in ("teacher", "second_guardian", "viewer"):
        make_avatar(cast.user(who))
    after = ask()
    # Under comments may stand somebody whom the reader sees no more: one question for all of them.
    assert [count for count, _html in after] == [before[0][0], before[1][0] + 1]
    people, talk = (html for _count, html in after)
    for who in ("teacher", "second_guardian", "viewer"):
        assert f'src="{photo_of(User.objects.get(pk=cast.user(who).pk))}"' in people
    assert f'src="{photo_of(cast.user("teacher"))}"' in talk


def test_the_menu_shows_ones_own(anna: User, as_user: SignIn) -> None:
    make_avatar(anna)
    html = as_user(anna).get(reverse("home:start")).content.decode()
    assert f'<img src="{photo_of(anna)}" alt=""' in html


def test_a_photo_covers_the_initials_which_stay(anna: User) -> None:
    assert face(Context(), anna) == face(Context(), anna, name="Anna")
    assert "<img" not in face(Context(), anna)
    make_avatar(anna)
    assert ">A<img src=" in face(Context(), anna)
    assert face(Context(), None, "s", "Somebody who left").endswith(">SL</span>")


# Drawings of students


def edit(cast: Cast) -> str:
    return reverse("accounts:student-edit", args=[cast.student.pk])


def test_a_student_has_a_drawing(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("guardian"))
    sent = {"name": "Mia", "time_zone": "UTC", "picture": "fox"}
    assert client.post(edit(cast), sent).status_code == 302
    cast.student.refresh_from_db()
    assert cast.student.picture == "fox"
    assert ">🦊</span>" in student_face(cast.student)
    for page in ("parent_portal:overview", "private_teaching:student-people"):
        args = [cast.student.pk] if "people" in page else []
        assert "🦊" in client.get(reverse(page, args=args)).content.decode()
    roster = as_user(cast.user("teacher")).get(reverse("home:roster")).content.decode()
    assert "🦊" in roster


def test_there_is_no_other_drawing(cast: Cast, as_user: SignIn) -> None:
    sent = {"name": "Mia", "time_zone": "UTC", "picture": "https://x.example/me.png"}
    answer = as_user(cast.user("guardian")).post(edit(cast), sent)
    assert list(answer.context["form"].errors) == ["picture"]


def test_the_database_holds_it_without_a_service(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Student.objects.filter(pk=cast.student.pk).update(picture="me")


def test_the_service_holds_it_without_a_form(cast: Cast) -> None:
    with pytest.raises(ProfileIsNotPossible) as refused:
        change_student(
            student=cast.student,
            name="Mia",
            time_zone="UTC",
            by=cast.user("guardian"),
            now=timezone.now(),
            picture="me",
        )
    assert refused.value.field == "picture"


# Leaving, and a copy


def test_the_copy_holds_the_photo(cast: Cast, media: Path) -> None:
    guardian = make_avatar(cast.user("guardian"))
    export = make_export(guardian)
    with default_storage.open(export.path) as file, ZipFile(file) as found:
        for column, stored in (("avatar", guardian.avatar), ("avatar_small", guardian.avatar_small)):
            place = f"media/accounts.user/{column}/{stored}"
            assert found.read(place) == (media / stored).read_bytes()


def test_an_erasure_takes_the_photo_along(cast: Cast, media: Path, after_commit: Callable[..., Any]) -> None:
    with after_commit(execute=True):
        make_avatar(make_avatar(cast.user("stranger")))
    assert len(files(media)) == 3, "with the one before"
    stays = make_avatar(cast.user("guardian"))
    list(eraser.steps(Subject.PERSON, cast.user("stranger").pk))
    assert files(media) == sorted([stays.avatar, stays.avatar_small])
    gone = User.objects.get(pk=cast.user("stranger").pk)
    assert (gone.avatar, gone.avatar_small) == ("", "")
    assert not LeavingPhoto.objects.exists()


# Where no address may stand


def said_by_the_teacher(cast: Cast) -> None:
    practice.add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user("teacher"),
        role="teacher",  # type: ignore[arg-type]
        body="Well done",
        now=timezone.now(),
    )
    make_avatar(cast.user("teacher"))


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("practice:entry-detail", "guardian"),
        ("parent_portal:overview", "guardian"),
        ("home:student", "student"),
    ],
)
def test_the_photo_of_a_former_teacher_has_no_address_under_their_words(
    cast: Cast, as_user: SignIn, page: str, who: str
) -> None:
    said_by_the_teacher(cast)
    client, teacher = as_user(cast.user(who)), cast.user("teacher")
    url = reverse(page, args=[cast.entry.pk] if page.startswith("practice") else [])
    address = f'src="{photo_of(teacher)}"'
    html = client.get(url).content.decode()
    assert ("Well done" in html, address in html) == (True, True)
    Teaching.objects.filter(teacher=teacher).update(ended_at=timezone.now())
    html = client.get(url).content.decode()
    assert ("Well done" in html, address in html) == (True, False)


def test_during_a_look_there_are_initials(anna: User, rf: RequestFactory) -> None:
    make_avatar(anna)
    request = rf.get("/")
    drawn = Template("{% load accounts %}{% face person %}{% include part with person=nobody only %}")
    part = Template("{% load accounts %}{% face person %}")
    context = {"person": anna, "part": part}
    assert drawn.render(RequestContext(request, context)).count("<img") == 1
    vars(request)["look"] = object()
    assert "<img" not in drawn.render(RequestContext(request, context))


def test_the_own_photo_is_no_page_of_a_look(anna: User, rf: RequestFactory) -> None:
    make_avatar(anna)
    request = rf.get("/")
    vars(request).update(user=anna, look=object())
    html = render_to_string("accounts/_photo.html", {"user": anna}, request)
    assert ("<img" in html, "Remove the photo" in html) == (False, True)


def test_the_browser_asks_each_time_and_is_told_in_short(cast: Cast, as_user: SignIn) -> None:
    teacher, client = make_avatar(cast.user("teacher")), as_user(cast.user("guardian"))
    tag = shown(teacher, client).headers["ETag"]
    kept = client.get(photo_of(teacher), headers={"if-none-match": tag})
    assert (kept.status_code, kept.content, kept.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    stranger = as_user(cast.user("stranger"))
    assert stranger.get(photo_of(teacher), headers={"if-none-match": tag}).status_code == 404
