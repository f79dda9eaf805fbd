"""A family asks a teacher: what may be asked, of whom, and for whom."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.services import FamilyIsLocked, lock_family
from apps.core.models import AuditEvent
from apps.private_teaching import services
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile, Teaching
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.private_teaching import make_application, make_page, make_teaching, say

from .walks import SignIn, accept, actions, address, html, state_of

# The whole way on the pages


def test_a_mother_finds_asks_and_gets_a_yes(thea: User, nora: User, zoe: Student, as_user: SignIn) -> None:
    page = make_page(thea, display_name="Thea T.")
    mother, teacher = as_user(nora), as_user(thea)
    assert "Thea T." in html(mother, address("teacher-list"))
    sent = {"student": str(zoe.pk), "instrument": "Cello", "body": "Do you have a place on Thursdays?"}
    ask = mother.post(address("application-create", page.pk), sent)
    row = Application.objects.get()
    show = address("application-show", row.pk)
    assert ask["Location"] == show
    assert (row.student, row.teacher, row.instrument, row.applied_by, row.agreed_by) == (
        zoe,
        thea,
        "Cello",
        nora,
        nora,
    )
    assert "has got your request" in html(mother, show)
    assert "1 request for lessons" in html(teacher, reverse("home:roster"))
    listed = html(teacher, address("application-list"))
    assert show in listed
    assert "Zoe Q." not in listed
    shown = html(teacher, show)
    assert "Do you have a place on Thursdays?" in shown
    assert "Zoe Q." not in shown, "a first name is enough before the yes"
    assert teacher.get(reverse("practice:entry-list", args=[zoe.pk])).status_code == 404
    answer = {"key": str(uuid4()), "body": "Yes! At four?"}
    assert teacher.post(address("message-add", row.pk), answer)["Location"] == show
    assert "Yes! At four?" in html(mother, show)
    assert teacher.post(address("application-accept", row.pk))["Location"] == show
    lessons = Teaching.objects.get()
    assert (lessons.teacher, lessons.student, lessons.instrument) == (thea, zoe, "Cello")
    assert teacher.get(reverse("practice:entry-list", args=[zoe.pk])).status_code == 200
    assert "While the lessons last, you talk in the diary" in html(mother, show)
    assert "Thea T." in html(mother, reverse("private_teaching:student-people", args=[zoe.pk]))
    assert actions() == ["made", "accepted"]
    assert AuditEvent.objects.filter(action="teaching.started", student_id=zoe.pk).count() == 1


def test_a_double_click_asks_once(thea: User, nora: User, zoe: Student, as_user: SignIn) -> None:
    page = make_page(thea)
    sent = {"student": str(zoe.pk), "instrument": "Cello", "body": "Do you have a place?"}
    client = as_user(nora)
    answers = {client.post(address("application-create", page.pk), sent)["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert Application.objects.count() == ApplicationMessage.objects.count() == 1


def test_a_no_with_words(asked: Application, thea: User, nora: User, as_user: SignIn) -> None:
    teacher = as_user(thea)
    assert "Thank you for asking me" in html(teacher, address("application-decline", asked.pk))
    answer = teacher.post(address("application-decline", asked.pk), {"words": "I move to Spain."})
    assert answer["Location"] == address("application-list")
    assert "Nobody waits for an answer" in html(teacher, address("application-list"))
    shown = html(as_user(nora), address("application-show", asked.pk))
    assert "I move to Spain." in shown
    assert "Find another teacher" in shown
    assert "nobody can write here any more" in shown
    assert not Teaching.objects.exists()
    assert teacher.get(address("application-show", asked.pk)).status_code == 404


def test_a_no_without_words(asked: Application, thea: User, as_user: SignIn) -> None:
    as_user(thea).post(address("application-decline", asked.pk), {"words": ""})
    assert state_of(asked) == "declined"
    assert ApplicationMessage.objects.count() == 1


def test_the_waiting_list(asked: Application, thea: User, nora: User, as_user: SignIn) -> None:
    teacher = as_user(thea)
    child = make_student("Ben")
    make_guardianship(child, nora)
    second = make_application(thea, child, nora)
    for row in (asked, second):
        assert teacher.post(address("application-wait", row.pk)).status_code == 302
    assert "You are number 1" in html(as_user(nora), address("application-show", asked.pk))
    assert "You are number 2" in html(as_user(nora), address("application-show", second.pk))
    teacher.post(address("application-wait", asked.pk))
    assert "You are number 1" in html(as_user(nora), address("application-show", asked.pk))
    assert actions().count("waitlisted") == 2
    row = Application.objects.get(pk=asked.pk)
    assert row.expires_at > timezone.now() + timedelta(days=360)
    shown = html(teacher, address("application-list"))
    assert "Waiting list" in shown
    services.withdraw(application=asked, by=nora, now=timezone.now())
    assert "You are number 1" in html(as_user(nora), address("application-show", second.pk))


def test_taking_it_back(asked: Application, nora: User, thea: User, as_user: SignIn) -> None:
    mother = as_user(nora)
    assert "Take the request back?" in html(mother, address("application-withdraw", asked.pk))
    assert mother.post(address("application-withdraw", asked.pk)).status_code == 302
    assert state_of(asked) == "withdrawn"
    assert as_user(thea).get(address("application-show", asked.pk)).status_code == 404
    assert "Your family has taken the request back" in html(mother, address("application-show", asked.pk))
    assert make_application(thea, asked.student, nora).pk != asked.pk


# Who may be asked, and for whom


def test_who_has_nobody_to_ask_for_reads_how_to_begin(thea: User, as_user: SignIn) -> None:
    page = make_page(thea)
    client = as_user(make_user("Somebody"))
    shown = html(client, address("application-create", page.pk))
    assert reverse("home:child-create") in shown
    assert client.post(address("application-create", page.pk), {"body": "x"}).status_code == 200
    assert not Application.objects.exists()


def test_nobody_asks_themselves(thea: User, as_user: SignIn) -> None:
    page, child = make_page(thea), make_student()
    make_guardianship(child, thea)
    assert "This is your own page." in html(as_user(thea), address("application-create", page.pk))
    with pytest.raises(services.OwnPage):
        make_application(thea, child, thea)


def test_a_foreign_child_is_no_choice(thea: User, nora: User, zoe: Student, as_user: SignIn) -> None:
    page, other = make_page(thea), make_student("Foreign")
    make_guardianship(other, make_user("Other"))
    sent = {"student": str(other.pk), "instrument": "Cello", "body": "Hello there"}
    assert as_user(nora).post(address("application-create", page.pk), sent).status_code == 200
    with pytest.raises(services.MayNotAsk):
        make_application(thea, other, nora)
    assert not Application.objects.exists()


def test_who_takes_nobody_is_not_asked(thea: User, nora: User, zoe: Student, as_user: SignIn) -> None:
    page = make_page(thea, is_taking=False)
    sent = {"student": str(zoe.pk), "instrument": "Cello", "body": "Hello there"}
    answer = as_user(nora).post(address("application-create", page.pk), sent)
    assert "takes no new pupils" in answer.content.decode()
    with pytest.raises(services.PageTakesNobody):
        make_application(thea, zoe, nora)


@pytest.mark.parametrize("away", ["draft", "locked out", "absent"])
def test_who_is_not_public_is_not_asked(thea: User, nora: User, zoe: Student, away: str) -> None:
    page = make_page(thea, public=away != "draft")
    if away == "locked out":
        User.objects.filter(pk=thea.pk).update(is_active=False)
    key = uuid4() if away == "absent" else page.pk
    with pytest.raises(services.PageTakesNobody):
        services.apply_to(
            profile=key, student=zoe, by=nora, instrument="Cello", body="Hello", now=timezone.now()
        )


def test_while_nothing_may_be_kept_nobody_is_asked(
    thea: User, nora: User, zoe: Student, as_user: SignIn
) -> None:
    page = make_page(thea)
    Student.objects.filter(pk=zoe.pk).update(collecting=False)
    sent = {"student": str(zoe.pk), "instrument": "Cello", "body": "Words that stay"}
    shown = as_user(nora).post(address("application-create", page.pk), sent).content.decode()
    assert "Nothing new may be written about Zoe Q." in shown
    assert "Words that stay" in shown
    assert not Application.objects.exists()


def test_while_the_family_is_held_still(thea: User, nora: User, zoe: Student, asked: Application) -> None:
    lock_family(student=zoe, reason="Order", by=make_user("Staff"), now=timezone.now())
    other = make_user("Tom")
    make_page(other)
    with pytest.raises(FamilyIsLocked):
        make_application(other, zoe, nora)
    with pytest.raises(FamilyIsLocked):
        accept(asked)
    with pytest.raises(FamilyIsLocked):
        services.agree_to(application=asked, by=nora, now=timezone.now())
    say(asked, nora, "We wait.")
    services.decline(application=asked, by=thea, words="", now=timezone.now())
    assert not Teaching.objects.exists()


def test_one_open_at_a_time(asked: Application, thea: User, nora: User, zoe: Student) -> None:
    with pytest.raises(services.AskedAlready) as refused:
        make_application(thea, zoe, nora, instrument="Piano")
    assert refused.value.application == asked
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.bulk_create(
            [
                Application(
                    student=zoe,
                    teacher=thea,
                    instrument="Piano",
                    applied_at=timezone.now(),
                    expires_at=timezone.now(),
                )
            ]
        )


def test_a_no_holds_for_some_weeks(asked: Application, thea: User, nora: User, zoe: Student) -> None:
    services.decline(application=asked, by=thea, words="", now=timezone.now())
    with pytest.raises(services.AskedLately):
        make_application(thea, zoe, nora)
    Application.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert make_application(thea, zoe, nora).state == "pending"


def test_who_teaches_it_already_is_not_asked(thea: User, nora: User, zoe: Student) -> None:
    make_page(thea)
    make_teaching(thea, zoe, "cello", paused_at=timezone.now(), paused_by=nora)
    with pytest.raises(services.InstrumentAlreadyTaught):
        make_application(thea, zoe, nora)
    assert make_application(thea, zoe, nora, instrument="Piano").state == "pending"


@pytest.mark.parametrize(
    ("limit", "value"), [("APPLICATIONS_PER_STUDENT", 2), ("APPLICATIONS_PER_PERSON_AND_DAY", 2)]
)
def test_limits(nora: User, zoe: Student, settings: Any, as_user: SignIn, limit: str, value: int) -> None:
    setattr(settings, limit, value)
    teachers = [make_user(f"Teacher {number}") for number in range(3)]
    pages = [make_page(teacher) for teacher in teachers]
    for teacher in teachers[:2]:
        make_application(teacher, zoe, nora)
    sent = {"student": str(zoe.pk), "instrument": "Cello", "body": "Hello there"}
    answer = as_user(nora).post(address("application-create", pages[2].pk), sent)
    assert "2 requests are open already" in answer.content.decode()
    assert Application.objects.count() == 2


def test_what_is_over_does_not_count(nora: User, zoe: Student, settings: Any, as_user: SignIn) -> None:
    settings.APPLICATIONS_PER_STUDENT = 1
    first, second = make_user("First"), make_user("Second")
    row = make_application(first, zoe, nora)
    services.withdraw(application=row, by=nora, now=timezone.now())
    assert "request for lessons<" not in html(as_user(first), reverse("home:roster"))
    assert make_application(second, zoe, nora).state == "pending"


def test_who_stands_in_may_be_asked_for_good(thea: User, nora: User, zoe: Student) -> None:
    make_page(thea)
    lessons = make_teaching(thea, zoe, "Cello", cover_until=timezone.now() + timedelta(days=3))
    row = make_application(thea, zoe, nora)
    assert accept(row) == lessons
    lessons.refresh_from_db()
    row.refresh_from_db()
    assert lessons.cover_until is None
    assert row.teaching == lessons


# What stands in the form stays there


def test_what_another_guardian_asked_is_another_request(
    asked: Application, thea: User, zoe: Student, as_user: SignIn
) -> None:
    """Only who sends their own words twice is taken to the first."""
    other = make_user("Other Guardian")
    make_guardianship(zoe, other)
    url = address("application-create", thea.teacher_profile.pk)
    body = asked.messages.get().body
    for who, instrument, words in (
        (other, "Piano", "My long message"),
        (asked.applied_by, "Piano", body),
        (asked.applied_by, "Cello", "My long message"),
        (other, "Cello", body),
    ):
        assert who is not None
        sent = {"student": str(zoe.pk), "instrument": instrument, "body": words}
        shown = as_user(who).post(url, sent).content.decode()
        assert "This teacher is asked already" in shown
        assert words in shown
        assert f'<a href="{address("application-show", asked.pk)}">' in shown
    assert ApplicationMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("guardian", "Something has changed meanwhile"),
        ("full", "takes no new pupils"),
        ("lock", "hold this family as it is"),
    ],
)
def test_who_may_not_ask_any_more_keeps_the_words(
    thea: User, nora: User, zoe: Student, as_user: SignIn, change: str, words: str
) -> None:
    page, client = make_page(thea), as_user(nora)
    url = address("application-create", page.pk)
    assert "<form" in html(client, url)
    if change == "guardian":
        Guardianship.objects.update(ended_at=timezone.now())
    elif change == "full":
        TeacherProfile.objects.update(is_taking=False)
    else:
        lock_family(student=zoe, reason="Order", by=make_user("Staff"), now=timezone.now())
    sent = {"student": str(zoe.pk), "instrument": "Cello", "body": "My long message"}
    shown = client.post(url, sent).content.decode()
    assert words in shown
    assert "My long message" in shown
    assert not Application.objects.exists()


def test_a_family_that_is_held_still_reads_so(thea: User, nora: User, zoe: Student, as_user: SignIn) -> None:
    page = make_page(thea)
    lock_family(student=zoe, reason="Order", by=make_user("Staff"), now=timezone.now())
    shown = html(as_user(nora), address("application-create", page.pk))
    assert "hold this family as it is" in shown
    assert reverse("home:child-create") not in shown


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (services.InstrumentAlreadyTaught, "teaches this instrument already"),
        (services.AskedLately, "has said no a short time ago"),
        (services.MayNotAsk, "Something has changed meanwhile"),
    ],
)
def test_what_changes_while_somebody_types_is_said(
    thea: User,
    nora: User,
    zoe: Student,
    as_user: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    words: str,
) -> None:
    page = make_page(thea)

    def refuse(**facts: object) -> None:
        raise error

    monkeypatch.setattr(services, "apply_to", refuse)
    sent = {"student": str(zoe.pk), "instrument": "Cello", "body": "My long message"}
    shown = as_user(nora).post(address("application-create", page.pk), sent).content.decode()
    assert words in shown
    assert "My long message" in shown
