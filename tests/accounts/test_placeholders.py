"""A pupil whom a teacher wrote down turns out to be a child who is here already."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Guardianship, Invitation, Student, StudentProfile, User
from apps.accounts.models.grants import GrantLevel
from apps.accounts.services.placeholders import is_in_use
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.practice.models import PracticeEntry
from apps.private_teaching.models import Teaching
from tests.factories.accounts import (
    make_guardianship,
    make_invitation,
    make_profile,
    make_student,
    make_user,
)
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


class Family:
    """Nora has Zoe here, with an entry; Thea wrote down "Zoë Z." and invites Nora."""

    def __init__(self) -> None:
        self.thea, self.nora = make_user("Thea Teacher"), make_user("Nora")
        self.zoe = make_student("Zoe")
        make_guardianship(self.zoe, self.nora)
        self.entry = make_entry(self.zoe, self.nora)
        self.placeholder = make_student("Zoë Z.", created_by=self.thea)
        self.teaching = make_teaching(self.thea, self.placeholder)
        self.row = make_invitation(self.placeholder, self.thea, self.nora.email)

    def accept(self, client: Client, **sent: Any) -> Any:
        return client.post(reverse("accounts:invitation-accept", args=[self.row.token]), sent)


@pytest.fixture
def family() -> Family:
    return Family()


def test_the_lessons_move_to_the_diary_that_is_here(as_user: SignIn, family: Family) -> None:
    client = as_user(family.nora)
    html = client.get(reverse("accounts:invitation-show", args=[family.row.token])).content.decode()
    assert "Zoe, who is here already" in html
    answer = family.accept(client, child=str(family.zoe.pk))
    assert answer["Location"] == reverse("practice:entry-list", args=[family.zoe.pk])
    assert list(Student.objects.all()) == [family.zoe]
    family.teaching.refresh_from_db()
    assert family.teaching.student == family.zoe
    assert PracticeEntry.objects.get() == family.entry
    row = Invitation.objects.get()
    assert (row.student, row.accepted_by) == (family.zoe, family.nora)
    assert Guardianship.objects.get().student == family.zoe
    moved = AuditEvent.objects.get(action="student.moved")
    assert (moved.actor_id, moved.student_id) == (family.nora.pk, family.zoe.pk)
    assert as_user(family.thea).get(answer["Location"]).status_code == 200


def test_the_teacher_is_told(family: Family, mailoutbox: list[Any]) -> None:
    services.accept_invitation(
        invitation=family.row, by=family.nora, now=timezone.now(), child=str(family.zoe.pk)
    )
    told = Delivery.objects.get(kind="accounts.somebody-joined")
    assert told.recipient == family.thea
    deliver_due(clock=timezone.now)
    assert "who had a diary here already" in mailoutbox[-1].body


@pytest.mark.parametrize("days", [-1, 1])
def test_who_stood_in_before_teaches_for_good_now(family: Family, days: int) -> None:
    """Over by its date, and nobody wrote so: the lessons must not go with the placeholder."""
    now = timezone.now()
    make_teaching(family.thea, family.zoe, "PIANO", cover_until=now + timedelta(days=days))
    services.accept_invitation(invitation=family.row, by=family.nora, now=now, child=str(family.zoe.pk))
    teaching = Teaching.objects.current().get()
    assert (teaching.teacher, teaching.student, teaching.cover_until) == (family.thea, family.zoe, None)
    assert Teaching.objects.count() == (2 if days < 0 else 1)


def test_a_child_who_is_new_stays_a_diary_of_its_own(as_user: SignIn, family: Family) -> None:
    assert family.accept(as_user(family.nora), child="").status_code == 302
    assert Student.objects.count() == 2
    assert Guardianship.objects.filter(student=family.placeholder, guardian=family.nora).exists()


def test_somebody_elses_child_is_no_choice(as_user: SignIn, family: Family) -> None:
    other = make_student("Other")
    answer = family.accept(as_user(family.nora), child=str(other.pk))
    assert list(answer.context["form"].errors) == ["child"]
    with pytest.raises(services.NotYourChild):
        services.accept_invitation(
            invitation=family.row, by=family.nora, now=timezone.now(), child=str(other.pk)
        )
    Guardianship.objects.all().update(ended_at=timezone.now())
    with pytest.raises(services.NotYourChild):
        services.accept_invitation(
            invitation=family.row, by=family.nora, now=timezone.now(), child=str(family.zoe.pk)
        )
    assert Student.objects.count() == 3
    assert Invitation.objects.get().accepted_at is None


def use(what: str, family: Family) -> None:
    student, other, now = family.placeholder, make_user("Somebody"), timezone.now()
    if what == "entry":
        make_entry(student, family.thea)
    elif what == "deleted entry":
        entry = make_entry(student, family.thea)
        PracticeEntry.objects.filter(pk=entry.pk).update(deleted_at=now)
    elif what == "guardian":
        make_guardianship(student, other)
    elif what == "former guardian":
        make_guardianship(student, other, ended_at=now)
    elif what == "login":
        Student.objects.filter(pk=student.pk).update(user=other)
    else:
        services.grant_student(
            student=student, to=other, level=GrantLevel.VIEW, until=now + timedelta(days=1), by=None, now=now
        )


@pytest.mark.parametrize("what", ["entry", "deleted entry", "guardian", "former guardian", "login", "guest"])
def test_what_is_in_use_is_never_dropped(as_user: SignIn, family: Family, what: str) -> None:
    """And the page says what to do instead."""
    client, url = as_user(family.nora), reverse("accounts:invitation-show", args=[family.row.token])
    assert "who is here already" in client.get(url).content.decode()
    use(what, family)
    with pytest.raises(services.DiaryIsInUse):
        services.accept_invitation(
            invitation=family.row, by=family.nora, now=timezone.now(), child=str(family.zoe.pk)
        )
    assert Student.objects.filter(pk=family.placeholder.pk).exists()
    family.teaching.refresh_from_db()
    assert family.teaching.student == family.placeholder
    assert Invitation.objects.get().accepted_at is None


def test_the_refusal_says_the_next_step(as_user: SignIn, family: Family) -> None:
    make_entry(family.placeholder, family.thea)
    answer = family.accept(as_user(family.nora), child=str(family.zoe.pk))
    assert "Accept it as a diary of its own" in str(answer.context["form"].errors["child"])


def test_a_diary_does_not_move_into_itself(family: Family) -> None:
    make_guardianship(family.placeholder, family.nora)
    with pytest.raises(services.DiaryIsInUse):
        services.accept_invitation(
            invitation=family.row, by=family.nora, now=timezone.now(), child=str(family.placeholder.pk)
        )


def test_what_else_waits_for_the_placeholder_ends_with_a_page(family: Family) -> None:
    """A second parent's link leads to kind words, not to nothing; and makes nobody a guardian of Zoe."""
    father = make_user("Father")
    second = make_invitation(family.placeholder, family.thea, father.email)
    services.accept_invitation(
        invitation=family.row, by=family.nora, now=timezone.now(), child=str(family.zoe.pk)
    )
    answer = Client().get(reverse("accounts:invitation-show", args=[second.token]))
    assert answer.status_code == 410
    assert "This invitation was cancelled" in answer.content.decode()
    with pytest.raises(services.InvitationIsNotPending):
        services.accept_invitation(invitation=second, by=father, now=timezone.now())


def test_who_teaches_the_child_already_goes_on(family: Family) -> None:
    before = make_teaching(family.thea, family.zoe, "piano")
    make_teaching(family.thea, family.placeholder, "Voice")
    services.accept_invitation(
        invitation=family.row, by=family.nora, now=timezone.now(), child=str(family.zoe.pk)
    )
    assert set(Teaching.objects.values_list("student", "instrument")) == {
        (family.zoe.pk, "piano"),
        (family.zoe.pk, "Voice"),
    }
    assert Teaching.objects.filter(pk=before.pk).exists()


@pytest.mark.parametrize("has_own", [True, False])
def test_the_family_s_words_count_more_than_the_teachers(family: Family, has_own: bool) -> None:
    make_profile(family.placeholder, goal="The teacher's words")
    if has_own:
        make_profile(family.zoe, goal="The family's words")
    services.accept_invitation(
        invitation=family.row, by=family.nora, now=timezone.now(), child=str(family.zoe.pk)
    )
    profile = StudentProfile.objects.get()
    assert profile.student == family.zoe
    assert profile.goal == ("The family's words" if has_own else "The teacher's words")


def test_who_has_no_child_here_is_not_asked(as_user: SignIn, family: Family) -> None:
    Guardianship.objects.all().delete()
    url = reverse("accounts:invitation-show", args=[family.row.token])
    assert "child" not in as_user(family.nora).get(url).context["form"].fields
    assert not is_in_use(family.placeholder)
    assert is_in_use(family.zoe)


def test_a_childs_account_is_nobodys_guardian(family: Family) -> None:
    make_student("Nora", user=family.nora, age_band="teen")
    with pytest.raises(services.NotGrownUp):
        services.accept_invitation(invitation=family.row, by=family.nora, now=timezone.now())
    assert not Guardianship.objects.filter(student=family.placeholder).exists()
