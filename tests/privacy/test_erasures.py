"""Who may have what erased, who is told, and how it is stopped."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.core import ownership
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.practice.models import PracticeEntry
from apps.privacy import ledger, queries
from apps.privacy.models import Erasure, ErasureState
from apps.privacy.services import eraser, erasures, work
from apps.private_teaching.services import ApplicationIsOver, accept
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_application, make_teaching

MONTH = timedelta(days=30)


def ask(by: User, subject: Student | User, *, at_once: bool = False, **more: Any) -> Erasure:
    kind = Subject.STUDENT if isinstance(subject, Student) else Subject.PERSON
    more.setdefault("now", timezone.now())
    return erasures.ask_erasure(subject=kind, key=subject.pk, by=by, at_once=at_once, **more)


def readers(kind: str) -> set[str]:
    return set(Delivery.objects.filter(kind=kind).values_list("email", flat=True))


def test_it_waits_thirty_days_and_tells_whoever_has_a_say(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    assert (erasure.state, erasure.due_at) == (ErasureState.WAITING, now + MONTH)
    assert readers("privacy.erasure-asked") == {
        "guardian@people.example", "second.guardian@people.example", "student@people.example",
    }  # fmt: skip
    assert erasures.run_due(clock=lambda: now + MONTH - timedelta(seconds=1)) == 0
    assert Student.objects.filter(pk=cast.student.pk).exists()
    assert erasures.run_due(clock=lambda: now + MONTH) == 1
    erasure.refresh_from_db()
    assert (erasure.state, erasure.settled_at) == (ErasureState.DONE, now + MONTH)
    assert not Student.objects.filter(pk=cast.student.pk).exists()
    assert Student.objects.filter(pk=cast.other_student.pk).exists()


def test_the_mail_says_who_wants_it_and_where_to_stop_it(cast: Cast) -> None:
    ask(cast.user("guardian"), cast.student)
    deliver_due(clock=timezone.now)
    told = {message.to[0]: message for message in mail.outbox}
    other = told["second.guardian@people.example"]
    assert "Guardian Qzguardian asked for the diary of Mia Qzmia to be erased" in " ".join(other.body.split())
    assert f"/students/{cast.student.pk}/data/" in other.body
    assert "You asked for the diary" in told["guardian@people.example"].body


def test_asking_twice_is_asking_once(cast: Cast) -> None:
    first = ask(cast.user("guardian"), cast.student)
    assert ask(cast.user("second_guardian"), cast.student) == first
    assert Delivery.objects.filter(kind="privacy.erasure-asked").count() == 3


def test_one_guardian_alone_cannot_do_it_at_once(cast: Cast) -> None:
    with pytest.raises(erasures.OthersMustBeAsked):
        ask(cast.user("guardian"), cast.student, at_once=True)
    assert not Erasure.objects.exists()


def test_whoever_is_alone_can_do_it_at_once(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, at_once=True, now=now)
    assert erasure.due_at == now
    assert erasures.run_due(clock=lambda: now) == 1
    assert not Student.objects.filter(pk=cast.other_student.pk).exists()
    assert readers("privacy.erasure-asked") == set()


@pytest.mark.parametrize(
    ("who", "state"),
    [("guardian", "undone"), ("second_guardian", "objected"), ("student", "objected")],
)
def test_one_voice_keeps_the_diary(cast: Cast, who: str, state: str) -> None:
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    stopped = erasures.stop_erasure(erasure=erasure, by=cast.user(who), now=now)
    assert (stopped.state, stopped.settled_by_id) == (state, cast.user(who).pk)
    assert erasures.run_due(clock=lambda: now + MONTH) == 0
    assert Student.objects.filter(pk=cast.student.pk).exists()
    assert f"{who.replace('_', '.')}@people.example" not in readers("privacy.erasure-stopped")
    assert len(readers("privacy.erasure-stopped")) == 2
    deliver_due(clock=timezone.now)
    assert any("wants to keep the diary" in message.body for message in mail.outbox)
    with pytest.raises(erasures.ErasureHasBegun):
        erasures.stop_erasure(erasure=erasure, by=cast.user(who), now=now)


def test_an_asker_who_lost_their_say_erases_nothing(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=now)
    assert erasures.run_due(clock=lambda: now + MONTH) == 0
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.UNDONE
    assert Student.objects.filter(pk=cast.student.pk).exists()


def test_a_guardian_who_joined_meanwhile_gets_thirty_days_too(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, now=now)
    joined = now + timedelta(days=20)
    make_guardianship(cast.other_student, cast.user("stranger"), started_at=joined)
    assert erasures.run_due(clock=lambda: now + MONTH) == 0
    erasure.refresh_from_db()
    assert (erasure.state, erasure.due_at) == (ErasureState.WAITING, now + MONTH * 2)
    assert "stranger@people.example" in readers("privacy.erasure-asked")
    assert erasures.run_due(clock=lambda: now + MONTH * 2) == 1


def test_a_stopped_one_does_not_come_back_with_a_backup(cast: Cast) -> None:
    """The restored row waits as it did before it was stopped; the ledger outside knows better."""
    now = timezone.now()
    erasure = ask(cast.user("guardian"), cast.student, now=now)
    erasures.stop_erasure(erasure=erasure, by=cast.user("guardian"), now=now)
    Erasure.objects.update(state=ErasureState.WAITING, settled_at=None, settled_by_id=None)
    assert erasures.run_due(clock=lambda: now + MONTH) == 0
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.UNDONE


def test_every_step_of_it_is_audited_by_ids(cast: Cast) -> None:
    now, guardian = timezone.now(), cast.user("other_guardian")
    erasure = ask(guardian, cast.other_student, at_once=True, now=now)
    erasures.run_due(clock=lambda: now)
    events = AuditEvent.objects.filter(target_id=erasure.pk).order_by("pk")
    assert list(events.values_list("action", "actor_id", "student_id")) == [
        ("erasure.asked", guardian.pk, cast.other_student.pk),
        ("erasure.begun", None, cast.other_student.pk),
        ("erasure.done", None, cast.other_student.pk),
    ]


# An account


def test_which_diaries_go_with_an_account(cast: Cast) -> None:
    """Own ones that nobody else decides for, and those of children for whom nobody would be left."""

    def going(name: str) -> list[Student]:
        return list(queries.diaries_that_go(cast.user(name).pk))

    assert going("guardian") == []
    assert going("student") == []
    assert going("teacher") == []
    assert going("other_guardian") == [cast.other_student]
    assert list(queries.diaries_that_stay(cast.user("guardian").pk)) == [cast.student]
    assert list(queries.diaries_that_stay(cast.user("student").pk)) == [cast.student]
    teen = make_student("Teo", user=cast.user("stranger"), age_band=AgeBand.TEEN)
    assert going("stranger") == [teen]
    make_guardianship(teen, cast.user("teacher"))
    assert (going("stranger"), going("teacher")) == ([], [])
    Student.objects.filter(pk=teen.pk).update(age_band=AgeBand.ADULT)
    assert going("stranger") == [teen]


def test_a_sole_guardians_child_goes_along(cast: Cast) -> None:
    now, guardian = timezone.now(), cast.user("other_guardian")
    make_entry(cast.other_student, guardian)
    ask(guardian, guardian, at_once=True, now=now)
    assert erasures.run_due(clock=lambda: now) == 2
    assert not Student.objects.filter(pk=cast.other_student.pk).exists()
    assert not PracticeEntry.objects.filter(student=cast.other_student.pk).exists()
    assert set(Erasure.objects.values_list("subject", "state")) == {("person", "done"), ("student", "done")}


def test_an_account_waits_and_can_be_kept(cast: Cast) -> None:
    now, teacher = timezone.now(), cast.user("teacher")
    erasure = ask(teacher, teacher, now=now)
    assert readers("privacy.erasure-asked") == {"teacher@people.example"}
    erasures.stop_erasure(erasure=erasure, by=teacher, now=now)
    assert erasures.run_due(clock=lambda: now + MONTH) == 0
    teacher.refresh_from_db()
    assert teacher.is_active
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.UNDONE


# Who is asked for lessons, and who asks


def test_a_diary_that_goes_asks_nobody_any_more(cast: Cast) -> None:
    """From the moment it begins: the teacher neither reads nor answers, and is told."""
    guardian, teacher = cast.user("other_guardian"), cast.user("teacher")
    row = make_application(teacher, cast.other_student, guardian)
    Delivery.objects.all().delete()
    eraser.close_diary(cast.other_student.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert readers("teaching.application-news") == {teacher.email}
    with pytest.raises(ApplicationIsOver):
        accept(application=row, by=teacher, now=timezone.now())


def test_a_teacher_who_goes_leaves_no_family_waiting(cast: Cast) -> None:
    guardian, teacher = cast.user("other_guardian"), cast.user("teacher")
    row = make_application(teacher, cast.other_student, guardian)
    Delivery.objects.all().delete()
    eraser.close_account(teacher.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.state == "expired"
    assert guardian.email in readers("teaching.application-news")
    assert teacher.email not in readers("teaching.application-news")


# The job


def test_two_workers_do_not_share_one(cast: Cast) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, at_once=True, now=now)
    first = erasures.claim(now=now)
    assert first is not None
    assert erasures.claim(now=now) is None
    second = erasures.claim(now=now + work.LEASE * 2)
    assert second == first
    with pytest.raises(work.LeaseIsLost):
        work.keep(first, now=now, step="too late")
    assert erasures._erase(first, clock=lambda: now) is False
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.RUNNING


def test_a_step_that_fails_is_told_and_done_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    erasure = ask(cast.user("other_guardian"), cast.other_student, at_once=True, now=now)
    with monkeypatch.context() as patch:
        patch.setattr(eraser, "close_diary", lambda *args, **more: 1 / 0)
        assert erasures.run_due(clock=lambda: now) == 0
    erasure.refresh_from_db()
    assert (erasure.state, erasure.last_error) == (ErasureState.RUNNING, "ZeroDivisionError")
    assert erasures.run_due(clock=lambda: now + work.LEASE * 2) == 1
    erasure.refresh_from_db()
    assert (erasure.state, erasure.last_error) == (ErasureState.DONE, "")


def test_what_nobody_declared_stops_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that still points to the diary is never taken along in silence."""
    tables = ownership.in_order()
    forgotten = [table for table in tables if table.name != "private_teaching.teaching"]
    monkeypatch.setattr(ownership, "in_order", lambda: forgotten)
    make_teaching(cast.user("teacher"), cast.other_student)
    list(eraser.steps(Subject.STUDENT, cast.other_student.pk))
    # In a test there is no commit at which they would speak.
    with pytest.raises(IntegrityError, match="teaching"):
        connection.check_constraints()


def test_the_ledger_knows_hashes_only(cast: Cast, media: Any) -> None:
    now = timezone.now()
    ask(cast.user("other_guardian"), cast.other_student, at_once=True, now=now)
    assert ledger.read(Subject.STUDENT) == frozenset()
    erasures.run_due(clock=lambda: now)
    assert ledger.read(Subject.STUDENT) == {ledger.hash_of(Subject.STUDENT, cast.other_student.pk)}
    files = [path for path in media.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [b"erased\n"]
    assert not any(str(cast.other_student.pk) in str(path) for path in files)


def test_nobody_but_an_adult_or_a_guardian_decides(cast: Cast) -> None:
    decides = [name for name in vars(cast.people) if queries.may_erase(cast.user(name), cast.student.pk)]
    assert decides == ["guardian", "second_guardian"]


def test_a_person_is_asked_for_once_more_by_the_row(cast: Cast) -> None:
    """A person's own erasure needs nobody's say but theirs."""
    now, who = timezone.now(), make_user("Nobody")
    erasure = ask(who, who, now=now)
    assert erasures.run_due(clock=lambda: now + MONTH) == 1
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.DONE
