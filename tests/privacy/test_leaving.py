"""Leaving with an account: who may, what goes along, and for whom somebody must stay."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import (
    FamilyLock,
    Guardianship,
    Invitation,
    Objection,
    Student,
    StudentGrant,
    User,
)
from apps.accounts.models.invitations import unanswered_since
from apps.accounts.models.students import AgeBand
from apps.core import access
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.privacy import farewells, queries
from apps.privacy.models import Erasure, ErasureState, Export
from apps.privacy.services import eraser, erasures
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_invitation, make_student
from tests.factories.private_teaching import make_teaching

from .conftest import SignIn, confirmed
from .test_erasures import MONTH, ask

LEAVE = "/settings/data/erase/"


# Who may


def test_a_child_is_told_who_looks_after_it(cast: Cast, as_user: SignIn) -> None:
    client = confirmed(as_user(cast.user("student")))
    for answer in (
        client.get(LEAVE),
        client.post(LEAVE, {"understood": "on", "at_once": "on"}),
        client.post("/settings/data/export/"),
    ):
        assert answer.status_code == 403
        assert "your guardians look after this with you" in answer.content.decode()
    page = client.get("/settings/data/").content.decode()
    assert "your guardians look after this with you" in page
    assert LEAVE not in page
    assert not Erasure.objects.exists()
    assert not Export.objects.exists()


def test_an_account_without_a_password_is_not_let_through(cast: Cast, as_user: SignIn) -> None:
    """Nothing could be asked for, so nothing was proved."""
    person = cast.user("teacher")
    person.set_unusable_password()
    person.save()
    client = as_user(person)
    for answer in (client.get(LEAVE), client.post(LEAVE, {"understood": "on", "at_once": "on"})):
        assert answer.status_code == 403
        assert "your account has none yet" in answer.content.decode()
    assert not Erasure.objects.exists()


# A child stays in somebody's care


def alone(cast: Cast) -> Student:
    """A teenager with a login, whose only guardian is Noah's."""
    teen = make_student("Teo Qzteo", user=cast.user("stranger"), age_band=AgeBand.TEEN)
    make_guardianship(teen, cast.user("other_guardian"))
    return teen


def test_the_only_guardian_of_a_child_with_a_login_cannot_leave(cast: Cast, as_user: SignIn) -> None:
    teen, guardian = alone(cast), cast.user("other_guardian")
    for at_once in (True, False):
        with pytest.raises(erasures.ChildWouldBeAlone):
            ask(guardian, guardian, at_once=at_once)
    client = confirmed(as_user(guardian))
    page = client.get(LEAVE).content.decode()
    assert "<bdi>Teo Qzteo</bdi> has a login and no other guardian." in page
    assert f"/students/{teen.pk}/invitations/new/?role=guardian" in page
    assert f"/students/{teen.pk}/data/" in page
    assert "others of the family go on with it" not in page
    assert 'name="understood"' not in page
    refused = client.post(LEAVE, {"understood": "on"})
    assert refused.status_code == 200
    assert not Erasure.objects.exists()
    make_guardianship(teen, cast.user("teacher"))
    assert 'name="understood"' in client.get(LEAVE).content.decode()


def test_a_child_who_got_a_login_meanwhile_keeps_its_guardian(cast: Cast) -> None:
    now, guardian = timezone.now(), cast.user("other_guardian")
    erasure = ask(guardian, guardian, now=now)
    Student.objects.filter(pk=cast.other_student.pk).update(user=cast.user("stranger"), age_band=AgeBand.TEEN)
    assert erasures.run_due(clock=lambda: now + MONTH) == 0
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.UNDONE
    assert Guardianship.objects.current().filter(guardian=guardian).exists()
    deliver_due(clock=lambda: now + MONTH)
    told = [message for message in mail.outbox if message.to == [guardian.email]][-1]
    assert "Noah Qznoah would have no guardian any more" in " ".join(told.body.split())


# A family that is not settled


def unsettle(cast: Cast, how: str) -> None:
    now = timezone.now()
    if how == "locked":
        services.lock_family(student=cast.student, reason="x", by=cast.user("staff"), now=now)
        return
    row = make_guardianship(cast.student, cast.user("other_teacher"), started_at=now)
    services.object_to_guardian(guardianship=row, by=cast.user("guardian"), reason="", now=now)


@pytest.mark.parametrize("how", ["locked", "disputed"])
def test_nobody_leaves_an_unsettled_family_with_their_account(cast: Cast, as_user: SignIn, how: str) -> None:
    """Else one would go round the lock: the last guardian with the diary, another by themselves."""
    unsettle(cast, how)
    guardian = cast.user("guardian")
    with pytest.raises(erasures.FamilyIsNotSettled):
        ask(guardian, guardian, at_once=True)
    client = confirmed(as_user(guardian))
    page = client.get(LEAVE).content.decode()
    assert "are looking after the family of <bdi>Mia</bdi> right now" in page
    assert 'name="understood"' not in page
    refused = client.post(LEAVE, {"understood": "on"})
    assert refused.context["form"].non_field_errors() == ["Your account cannot be erased yet. See above why."]
    assert "are looking after the family" in refused.content.decode()
    assert not Erasure.objects.exists()
    concerned = {name for name, user in vars(cast.people).items() if queries.unsettled(user.pk).exists()}
    others = {"other_teacher"} if how == "disputed" else set()
    assert concerned == {"guardian", "second_guardian", "student"} | others


@pytest.mark.parametrize("how", ["locked", "disputed"])
def test_an_account_waits_until_its_family_is_settled(cast: Cast, how: str) -> None:
    now, guardian = timezone.now(), cast.user("guardian")
    erasure = ask(guardian, guardian, now=now - MONTH)
    unsettle(cast, how)
    assert erasures.run_due(clock=lambda: now) == 0
    erasure.refresh_from_db()
    assert (erasure.state, erasure.is_held) == (ErasureState.WAITING, True)
    assert Guardianship.objects.current().filter(guardian=guardian).exists()
    FamilyLock.objects.update(lifted_at=now)
    Objection.objects.update(decided_at=now)
    assert erasures.run_due(clock=lambda: now + erasures.HELD) == 1


def test_an_only_teacher_does_not_take_a_locked_diary_along(cast: Cast) -> None:
    pupil, teacher = make_student("Pia"), cast.user("stranger")
    make_teaching(teacher, pupil)
    services.lock_family(student=pupil, reason="x", by=cast.user("staff"), now=timezone.now())
    with pytest.raises(erasures.FamilyIsNotSettled):
        ask(teacher, teacher)


def test_an_adult_student_needs_no_guardian(cast: Cast) -> None:
    Student.objects.filter(pk=alone(cast).pk).update(age_band=AgeBand.ADULT)
    assert not queries.left_alone(cast.user("other_guardian").pk).exists()


def test_the_students_are_held_before_their_invitations(cast: Cast) -> None:
    """As whoever accepts one does: in another order the two would wait for each other."""
    row = make_invitation(cast.student, cast.user("guardian"))
    with transaction.atomic(), CaptureQueriesContext(connection) as found:
        eraser.lock_diaries([cast.student.pk], now=timezone.now())
    locking = [query["sql"] for query in found if "FOR UPDATE" in query["sql"] or "UPDATE " in query["sql"]]
    assert ['FROM "accounts_student"' in sql for sql in locking] == [True, False]
    row.refresh_from_db()
    assert row.cancelled_at is not None


# What goes along


def test_a_diary_that_waited_already_goes_with_the_account(cast: Cast) -> None:
    now, guardian = timezone.now(), cast.user("other_guardian")
    diary = ask(guardian, cast.other_student, now=now)
    ask(guardian, guardian, at_once=True, now=now)
    assert erasures.run_due(clock=lambda: now) == 2
    diary.refresh_from_db()
    assert diary.state == ErasureState.DONE
    assert not Student.objects.filter(pk=cast.other_student.pk).exists()


def test_a_pupil_without_a_family_goes_with_the_only_teacher(cast: Cast) -> None:
    now, teacher = timezone.now(), cast.user("teacher")
    pupil, shared = make_student("Pia", created_by=teacher), make_student("Pit", created_by=teacher)
    for who, student in [("teacher", pupil), ("teacher", shared), ("second_teacher", shared)]:
        make_teaching(cast.user(who), student)
    assert list(queries.diaries_that_go(teacher.pk)) == [pupil]
    ask(teacher, teacher, at_once=True, now=now)
    assert erasures.run_due(clock=lambda: now) == 2
    assert not Student.objects.filter(pk=pupil.pk).exists()
    assert Student.objects.filter(pk__in=[shared.pk, cast.student.pk]).count() == 2


# Somebody joins while it happens


def test_invitations_of_a_diary_that_goes_are_dead(cast: Cast) -> None:
    now, guardian = timezone.now(), cast.user("other_guardian")
    invitation = make_invitation(cast.other_student, guardian, "aunt@people.example")
    erasure = ask(guardian, guardian, at_once=True, now=now)
    claimed = erasures.claim(now=now)
    assert claimed == erasure
    erasures.begin(claimed, now=now)
    assert Invitation.objects.get(pk=invitation.pk).cancelled_at == now


def test_whoever_joined_before_the_diarys_turn_keeps_it(cast: Cast) -> None:
    now, guardian = timezone.now(), cast.user("other_guardian")
    ask(guardian, guardian, at_once=True, now=now)
    claimed = erasures.claim(now=now)
    assert claimed is not None
    erasures.begin(claimed, now=now)
    make_guardianship(cast.other_student, cast.user("stranger"), started_at=now)
    later = now + timedelta(hours=1)
    while erasures.run_due(clock=lambda: later):
        pass
    states = dict(Erasure.objects.values_list("subject", "state"))
    assert states == {"person": "done", "student": "undone"}
    assert Student.objects.filter(pk=cast.other_student.pk).exists()


def test_a_closed_diary_has_nobody_left_in_it(cast: Cast) -> None:
    now = timezone.now()
    eraser.close_diary(cast.student.pk, now=now)
    assert not Guardianship.objects.current().filter(student=cast.student).exists()
    assert not Teaching.objects.current().filter(student=cast.student).exists()
    assert not StudentGrant.objects.filter(content_object=cast.student).exists()
    opens = [who for who, user in vars(cast.people).items() if access.is_allowed("view", user, cast.student)]
    assert opens == []


# The last mail


def farewell() -> set[tuple[str, str]]:
    rows = Delivery.objects.filter(kind=farewells.KIND)
    return {(row.email.partition("@")[0], str(row.payload["what"])) for row in rows}


def test_everybody_is_told_that_a_diary_is_erased_and_nobody_is_named(cast: Cast) -> None:
    now = timezone.now()
    ask(cast.user("guardian"), cast.student, now=now - MONTH)
    assert erasures.run_due(clock=lambda: now) == 1
    assert farewell() == {
        ("guardian", "diary"),
        ("second.guardian", "diary"),
        ("student", "diary"),
        ("teacher", "pupil"),
        ("second.teacher", "pupil"),
    }
    deliver_due(clock=lambda: now)
    told = {message.to[0].partition("@")[0]: message for message in mail.outbox}
    assert "The diary of your family is erased now" in " ".join(told["second.guardian"].body.split())
    assert "whom you have taught since" in " ".join(told["teacher"].body.split())
    for name in ("second.guardian", "teacher"):
        assert "Qz" not in f"{told[name].subject} {told[name].body}"
    farewells.forget_sent()
    assert farewell() == set()


def test_the_last_mail_to_an_account_outlives_it_and_leaves_no_address(cast: Cast) -> None:
    now, guardian = timezone.now(), cast.user("guardian")
    User.objects.filter(pk=guardian.pk).update(language="de")
    ask(guardian, guardian, now=now - MONTH)
    assert erasures.run_due(clock=lambda: now) == 1
    assert farewell() == {
        ("guardian", "mine"),
        ("second.guardian", "family"),
        ("student", "family"),
    }
    deliver_due(clock=lambda: now)
    farewells.forget_sent()
    last = next(message for message in mail.outbox if message.to == ["guardian@people.example"])
    assert last.subject == "Dein Konto ist gelöscht"
    assert not Delivery.objects.filter(email="guardian@people.example").exists()


def test_families_are_told_that_their_teacher_left(cast: Cast) -> None:
    now, teacher = timezone.now(), cast.user("teacher")
    ask(teacher, teacher, now=now - MONTH)
    erasures.run_due(clock=lambda: now)
    assert farewell() == {
        ("teacher", "mine"),
        ("guardian", "teacher"),
        ("second.guardian", "teacher"),
        ("student", "teacher"),
    }


def test_nobody_is_told_twice_by_a_second_worker(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, at_once=True, now=now)
    claimed = erasures.claim(now=now)
    assert claimed == erasure
    erasures.begin(claimed, now=now)
    deliver_due(clock=lambda: now)
    farewells.forget_sent()
    assert erasures.run_due(clock=lambda: now + timedelta(hours=1)) == 1
    assert farewell() == set()


def test_an_invitation_to_an_erased_address_is_not_sent_again(cast: Cast) -> None:
    now, person = timezone.now(), cast.user("stranger")
    invitation = make_invitation(cast.student, cast.user("guardian"), person.email)
    ask(person, person, at_once=True, now=now)
    erasures.run_due(clock=lambda: now)
    invitation.refresh_from_db()
    assert invitation.cancelled_at is not None
    assert invitation.email.endswith("erased.invalid")
    assert not Invitation.objects.filter(student=cast.student).unanswered(unanswered_since(now)).exists()
