"""The staff read a page and decide on its form; what it says there is what happens."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.private_teaching import services
from apps.private_teaching.models import PublishedPage, TeacherProfile
from tests.factories.accounts import make_user
from tests.factories.private_teaching import make_page
from tests.factories.safeguarding import make_member

SignIn = Callable[[User], Client]


@pytest.fixture
def keeper(db: None) -> User:
    return make_member(make_user("Kim Keeper"), "safeguarding")


@pytest.fixture
def page(thea: User) -> TeacherProfile:
    row = make_page(thea, public=False, bio="I teach in the old mill.")
    services.submit_page(profile=row, by=thea, now=timezone.now())
    return TeacherProfile.objects.get()


def form_of(page: TeacherProfile) -> str:
    return reverse("admin:private_teaching_teacherprofile_change", args=[page.pk])


def decide(client: Client, page: TeacherProfile, verdict: str, reason: str = "", version: str = "") -> int:
    sent = {"verdict": verdict, "reason": reason, "version": version or page.version}
    return client.post(form_of(page), sent).status_code


def test_the_words_stand_there_and_nothing_of_them_can_be_changed(
    page: TeacherProfile, keeper: User, as_user: SignIn
) -> None:
    shown = as_user(keeper).get(form_of(page)).content.decode()
    assert "I teach in the old mill." in shown
    as_user(keeper).post(form_of(page), {"verdict": "approve", "version": page.version, "bio": "Mine now"})
    assert TeacherProfile.objects.get().bio == "I teach in the old mill."


def test_approving(page: TeacherProfile, keeper: User, as_user: SignIn) -> None:
    assert decide(as_user(keeper), page, "approve") == 302
    found = TeacherProfile.objects.get()
    assert (found.state, found.decided_by) == ("approved", keeper)
    assert PublishedPage.objects.get().bio == page.bio
    event = AuditEvent.objects.get(action="teacher-page.approved")
    assert (event.actor_id, event.target_id) == (keeper.pk, page.pk)


@pytest.mark.parametrize("verdict", ["decline", "suspend"])
def test_a_no_needs_a_reason(page: TeacherProfile, keeper: User, as_user: SignIn, verdict: str) -> None:
    client = as_user(keeper)
    assert decide(client, page, verdict) == 200
    assert TeacherProfile.objects.get().state == "submitted"
    assert decide(client, page, verdict, "We could not reach you.") == 302
    found = TeacherProfile.objects.get()
    assert found.state == {"decline": "declined", "suspend": "suspended"}[verdict]
    assert found.reason == "We could not reach you."


def test_lifting_is_all_that_a_suspended_page_offers(
    page: TeacherProfile, keeper: User, as_user: SignIn
) -> None:
    services.suspend_page(profile=page, reason="So", by=keeper, now=timezone.now())
    page.refresh_from_db()
    assert decide(as_user(keeper), page, "approve") == 200
    assert decide(as_user(keeper), page, "lift") == 302
    assert TeacherProfile.objects.get().state == "draft"


def test_words_that_changed_after_they_were_read(page: TeacherProfile, keeper: User, as_user: SignIn) -> None:
    read = page.version
    make_page(page.teacher, public=False, bio="Something else.")
    services.submit_page(profile=page, by=page.teacher, now=timezone.now())
    page.refresh_from_db()
    answer = as_user(keeper).post(form_of(page), {"verdict": "approve", "reason": "", "version": read})
    assert "has changed the page meanwhile" in answer.content.decode()
    assert not PublishedPage.objects.exists()


def test_new_words_are_in_no_suspensions_way(page: TeacherProfile, keeper: User, as_user: SignIn) -> None:
    read = page.version
    make_page(page.teacher, public=False, bio="Something else.")
    assert decide(as_user(keeper), page, "suspend", "A complaint", read) == 302
    assert TeacherProfile.objects.get().state == "suspended"


def test_a_colleague_was_quicker(
    page: TeacherProfile, keeper: User, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.approve_page

    def late(**facts: object) -> None:
        services.decline_page(profile=page, version=page.version, reason="No", by=keeper, now=timezone.now())
        real(**facts)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "approve_page", late)
    client = as_user(keeper)
    answer = client.post(
        form_of(page), {"verdict": "approve", "reason": "", "version": page.version}, follow=True
    )
    assert "Nothing was decided" in answer.content.decode()
    assert not PublishedPage.objects.exists()


def test_support_reads_and_decides_nothing(page: TeacherProfile, as_user: SignIn) -> None:
    client = as_user(make_member(make_user("Sam Support"), "support"))
    assert client.get(form_of(page)).status_code == 200
    assert decide(client, page, "approve") == 403
    assert TeacherProfile.objects.get().state == "submitted"


def test_nobody_makes_or_deletes_a_page_there(page: TeacherProfile, as_user: SignIn) -> None:
    owner = make_user("Owner", is_staff=True, is_superuser=True)
    client = as_user(make_member(owner))
    User.objects.filter(pk=owner.pk).update(is_superuser=True)
    assert client.get(reverse("admin:private_teaching_teacherprofile_add")).status_code == 403
    url = reverse("admin:private_teaching_teacherprofile_delete", args=[page.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
