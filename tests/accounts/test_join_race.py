"""Two answers at the same moment: exactly one wins. And without the lock, both would."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import queries, services
from apps.accounts.models import Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from tests.factories.accounts import birth_month, make_invitation, make_student, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Start all calls at the same moment, each on its own connection; their results or errors."""
    barrier, results = Barrier(len(calls)), list[object]()

    def run(call: Callable[[], object]) -> None:
        barrier.wait(timeout=10)
        try:
            results.append(call())
        except Exception as error:  # noqa: BLE001
            results.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


def accept(invitation: Invitation, by: User, **more: Any) -> Callable[[], object]:
    return lambda: services.accept_invitation(invitation=invitation, by=by, now=timezone.now(), **more)


def decline(invitation: Invitation) -> Callable[[], object]:
    return lambda: services.decline_invitation(invitation=invitation, now=timezone.now())


def refused(results: list[object]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_two_accepts_of_one_link() -> None:
    student, sender, joiner = make_student(), make_user("Sender"), make_user("New")
    for _ in range(5):
        Guardianship.objects.all().delete()
        row = make_invitation(student, sender, joiner.email)
        assert refused(at_once(accept(row, joiner), accept(row, joiner))) == [services.InvitationIsNotPending]
        assert Guardianship.objects.filter(student=student, guardian=joiner).count() == 1
        Invitation.objects.all().delete()


def test_a_double_press_leads_to_the_diary_and_to_kind_words(as_user: Callable[[User], Client]) -> None:
    """The same on the pages: one press is welcomed, the other reads that all is done already."""
    student, sender, joiner = make_student(), make_user("Sender"), make_user("New")
    row = make_invitation(student, sender, joiner.email)
    address = reverse("accounts:invitation-accept", args=[row.token])
    first, second = as_user(joiner), as_user(joiner)
    answers: Any = at_once(lambda: first.post(address), lambda: second.post(address))
    by_status = {answer.status_code: answer for answer in answers}
    assert by_status[302]["Location"] == reverse("practice:entry-list", args=[student.pk])
    assert "You have accepted this invitation" in by_status[410].content.decode()
    assert Guardianship.objects.filter(student=student, guardian=joiner).count() == 1


def test_accept_against_decline() -> None:
    student, sender, joiner = make_student(), make_user("Sender"), make_user("New")
    row = make_invitation(student, sender, joiner.email)
    assert refused(at_once(accept(row, joiner), decline(row))) == [services.InvitationIsNotPending]
    row.refresh_from_db()
    assert (row.accepted_at is None) is (row.declined_at is not None)
    assert Guardianship.objects.exists() is (row.accepted_at is not None)


def test_two_logins_for_one_student() -> None:
    student, sender = make_student(), make_user("Sender")
    one, two = make_user("One"), make_user("Two")
    calls = [
        accept(
            make_invitation(student, sender, user.email, InvitationRole.STUDENT),
            user,
            birth_month=birth_month(16),
        )
        for user in (one, two)
    ]
    assert refused(at_once(*calls)) == [services.StudentHasALogin]
    assert Student.objects.get().user in (one, two)
    assert Invitation.objects.filter(accepted_at__isnull=False).count() == 1


def test_without_the_lock_both_would_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the race is real, and it is the lock that decides it."""
    student, sender, joiner = make_student(), make_user("Sender"), make_user("New")
    row = make_invitation(student, sender, joiner.email)
    both_have_read = Barrier(2)
    has_confirmed = queries.has_confirmed

    def slow(user: User, email: str) -> bool:
        both_have_read.wait(timeout=10)
        return has_confirmed(user, email)

    monkeypatch.setattr(queries, "has_confirmed", slow)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    assert refused(at_once(accept(row, joiner), accept(row, joiner))) == []


def test_a_senders_limit_holds_in_parallel(settings: Any) -> None:
    settings.INVITATIONS_PER_SENDER_AND_DAY = 1
    student, sender = make_student(), make_user("Sender")
    results = at_once(
        lambda: make_invitation(student, sender, "a@people.example"),
        lambda: make_invitation(student, sender, "b@people.example"),
    )
    assert refused(results) == [services.TooManyInvitations]
    assert Invitation.objects.count() == 1


def test_an_adult_never_gets_a_guardian() -> None:
    """The student says "18 or older" while a guardian accepts: one of them comes too late."""
    sender, adult, joiner = make_user("Sender"), make_user("Adult"), make_user("New")
    for number in range(5):
        student = make_student(f"Student {number}")
        Student.objects.filter(user=adult).update(user=None)
        calls = [
            accept(make_invitation(student, sender, joiner.email), joiner),
            accept(
                make_invitation(student, sender, adult.email, InvitationRole.STUDENT),
                adult,
                birth_month=birth_month(18),
            ),
        ]
        assert refused(at_once(*calls)) in ([services.AgeIsAnAdults], [services.StudentIsAdult])


def test_two_families_with_one_code_for_a_pupil() -> None:
    """One of them gets the lessons; the other finds the code used, and no child was made."""
    teacher, one, two = make_user("Teacher"), make_user("One"), make_user("Two")
    row = services.invite_by_code(
        student=None, role=InvitationRole.PUPIL, by=teacher, now=timezone.now(), instrument="Cello"
    )
    calls = [accept(row, user, whose="new", name="Zoe", agreed=True) for user in (one, two)]
    assert refused(at_once(*calls)) == [services.InvitationIsNotPending]
    assert Student.objects.get().teachings.get().teacher == teacher
    assert Guardianship.objects.count() == 1


def test_one_parent_says_new_and_the_other_says_here_already() -> None:
    """Two parents answer for one written-down pupil at once: nothing is lost or made twice."""
    teacher, one, two = make_user("Teacher"), make_user("One"), make_user("Two")
    for number in range(3):
        child, pupil = make_student(f"Child {number}"), make_student(f"Written down {number}")
        Guardianship.objects.create(student=child, guardian=two, started_at=timezone.now())
        first, second = (make_invitation(pupil, teacher, user.email) for user in (one, two))
        results = at_once(accept(first, one), accept(second, two, child=str(child.pk)))
        assert len(refused(results)) == 1
        assert refused(results)[0] in (services.DiaryIsInUse, services.InvitationIsNotPending)
        assert Student.objects.filter(pk=child.pk).exists()
        gone = not Student.objects.filter(pk=pupil.pk).exists()
        assert gone is (refused(results)[0] is services.InvitationIsNotPending)
