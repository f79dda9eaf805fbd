"""Invitations without an address: making a code, handing it over, typing it, and nobody guessing it."""

import random
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import queries, services
from apps.accounts.codes import ALPHABET, clean_code, code_from
from apps.accounts.models import CodeAttempt, Guardianship, Invitation, Student, User
from apps.accounts.models.invitations import InvitationRole
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from tests.accounts.test_join_race import at_once, refused
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_invitation, make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
HERE = "203.0.113.7"


@pytest.fixture
def leo(cast: Cast) -> Student:
    student = make_student("Leo", time_zone="Asia/Tokyo")
    make_teaching(cast.user("teacher"), student)
    return student


def make_code(student: Student, by: User, role: InvitationRole = InvitationRole.GUARDIAN) -> Invitation:
    return services.invite_by_code(student=student, role=role, by=by, now=timezone.now())


def find(code: str, by: User | None = None, source: str = HERE) -> Invitation:
    return services.find_by_code(code=code, source=source, by=by, now=timezone.now())


def enter(client: Client, typed: str) -> str | None:
    """Where typing this leads; None when the form comes back."""
    answer = client.post(reverse("accounts:code-enter"), {"code": typed})
    return answer["Location"] if answer.status_code == 302 else None


# -- the characters ----------------------------------------------------------------------------------


def test_codes_are_spread_over_all_that_are_possible() -> None:
    codes = {code_from(random.Random(seed).randbytes(32)) for seed in range(5000)}
    assert len(codes) == 5000
    assert {len(code) for code in codes} == {6}
    for position in range(6):
        assert {code[position] for code in codes} == set(ALPHABET)


def test_the_alphabet_has_no_twins_and_no_vowels() -> None:
    assert not set("01OILAEU") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 28


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bcd234", "BCD234"),
        (" BCD 234 ", "BCD234"),
        ("bcd-234", "BCD234"),
        ("b c d\u00a02 3 4", "BCD234"),
        ("BCD23", None),
        ("BCD2345", None),
        ("BCD23O", None),
        ("\uff22\uff23\uff24234", None),
        ("😀😀😀😀😀😀", None),
        ("\0BCD234", None),
        ("", None),
    ],
)
def test_reading_what_was_typed(typed: str, meant: str | None) -> None:
    assert clean_code(typed) == meant


# -- making ------------------------------------------------------------------------------------------


def test_a_code_is_stored_as_a_hash_only(cast: Cast, leo: Student) -> None:
    row = make_code(leo, cast.user("teacher"))
    stored = Invitation.objects.filter(pk=row.pk).values().get()
    assert row.code not in map(str, stored.values())
    assert row.token not in map(str, stored.values())
    assert stored["email"] == ""
    assert row.expires_at - row.sent_at == timedelta(days=7)
    assert Delivery.objects.count() == 0
    event = AuditEvent.objects.get(action="invitation.code-made")
    assert (event.actor_id, event.target_id, event.student_id) == (cast.user("teacher").pk, row.pk, leo.pk)
    assert event.details == {"role": "guardian"}


def test_an_invitation_goes_by_mail_or_by_code(cast: Cast, leo: Student) -> None:
    row = make_code(leo, cast.user("teacher"))
    for wrong in ({"email": "a@people.example"}, {"code_hash": None}, {"role": "grantee"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=row.pk).update(**wrong)


def test_five_codes_wait_for_one_student_at_most(cast: Cast, leo: Student) -> None:
    rows = [make_code(leo, cast.user("teacher")) for _ in range(5)]
    with pytest.raises(services.TooManyCodes):
        make_code(leo, cast.user("teacher"))
    services.cancel_invitation(invitation=rows[0], by=cast.user("teacher"), now=timezone.now())
    make_code(leo, cast.user("teacher"))


@pytest.mark.django_db(transaction=True)
def test_the_last_code_is_made_once() -> None:
    teacher, student = make_user("Teacher"), make_student("Leo")
    make_teaching(teacher, student)
    for _ in range(4):
        make_code(student, teacher)
    results = at_once(*[lambda: make_code(student, teacher)] * 4)
    assert refused(results) == [services.TooManyCodes] * 3


def test_alike_codes_are_told_apart(cast: Cast, leo: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forced to be alike twice: the third draw is taken."""
    first = make_code(leo, cast.user("teacher"))
    code, draws = first.code, iter([first.code, first.code, "ZZZ999"])
    monkeypatch.setattr(Invitation, "code", property(lambda self: next(draws)))
    second = make_code(leo, cast.user("teacher"))
    monkeypatch.undo()
    assert find("ZZZ999") == second
    assert find(code) == first


def test_a_students_own_code_needs_a_student_without_a_login(cast: Cast) -> None:
    with pytest.raises(services.StudentHasALogin):
        make_code(cast.student, cast.user("guardian"), InvitationRole.STUDENT)


def test_making_a_code_on_the_page(cast: Cast, leo: Student, as_user: SignIn) -> None:
    client = as_user(cast.user("teacher"))
    page = client.get(reverse("accounts:invitation-create", args=[leo.pk]) + "?role=student").content.decode()
    address = reverse("accounts:code-create", args=[leo.pk]) + "?role=student"
    assert f'action="{address}"' in page
    answer = client.post(address)
    row = Invitation.objects.get(student=leo)
    assert (row.role, row.invited_by) == ("student", cast.user("teacher"))
    assert answer["Location"] == reverse("accounts:code-show", args=[row.pk])
    shown = client.get(answer["Location"])
    html = shown.content.decode()
    assert f"{row.code[:3]} {row.code[3:]}" in html
    assert '<svg viewBox="0 0 ' in html
    assert "no-store" in shown["Cache-Control"]
    people = client.get(reverse("private_teaching:student-people", args=[leo.pk])).content.decode()
    assert answer["Location"] in people
    assert row.code not in people


def test_the_sixth_code_is_refused_with_words(cast: Cast, leo: Student, as_user: SignIn) -> None:
    for _ in range(5):
        make_code(leo, cast.user("teacher"))
    answer = as_user(cast.user("teacher")).post(reverse("accounts:code-create", args=[leo.pk]), follow=True)
    assert "5 codes wait for Leo already" in answer.content.decode()
    assert Invitation.objects.count() == 5


def test_a_code_is_shown_to_whoever_may_manage_it(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_code(leo, cast.user("teacher"))
    mailed = make_invitation(leo, cast.user("teacher"))
    for person, status in [("teacher", 200), ("second_teacher", 404), ("guardian", 404), ("staff", 404)]:
        answer = as_user(cast.user(person)).get(reverse("accounts:code-show", args=[row.pk]))
        assert answer.status_code == status
    address = reverse("accounts:code-show", args=[mailed.pk])
    assert as_user(cast.user("teacher")).get(address).status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("accepted", "Somebody has joined with this code"),
        ("declined", "This code does not work any more"),
        ("cancelled", "This code does not work any more"),
        ("expired", "Make a new code"),
    ],
)
def test_every_state_of_a_code_says_what_is_next(
    cast: Cast, leo: Student, as_user: SignIn, state: str, words: str
) -> None:
    row, now = make_code(leo, cast.user("teacher")), timezone.now()
    if state == "accepted":
        services.accept_invitation(invitation=row, by=make_user("New"), now=now)
    elif state == "expired":
        Invitation.objects.update(expires_at=now)
    else:
        Invitation.objects.update(**{f"{state}_at": now})
    page = as_user(cast.user("teacher")).get(reverse("accounts:code-show", args=[row.pk])).content.decode()
    assert words in page
    assert row.code not in page
    assert reverse("private_teaching:student-people", args=[leo.pk]) in page
    assert ("To the invitations" in page) is (state in ("declined", "cancelled"))


def test_a_new_code_kills_the_one_before(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row = make_code(leo, cast.user("teacher"))
    code, token = row.code, row.token
    answer = as_user(cast.user("teacher")).post(reverse("accounts:invitation-resend", args=[row.pk]))
    assert answer["Location"] == reverse("accounts:code-show", args=[row.pk])
    row.refresh_from_db()
    assert code != row.code
    assert find(row.code) == row
    with pytest.raises(services.NoSuchCode):
        find(code)
    assert Client().get(reverse("accounts:invitation-show", args=[token])).status_code == 404
    assert Delivery.objects.count() == 0


def test_the_familys_own_code(cast: Cast, as_user: SignIn) -> None:
    """Another guardian, invited by the first: the teachers are no part of it."""
    answer = as_user(cast.user("guardian")).post(reverse("accounts:code-create", args=[cast.student.pk]))
    row = Invitation.objects.get(student=cast.student, email="")
    assert answer["Location"] == reverse("accounts:code-show", args=[row.pk])
    assert as_user(cast.user("teacher")).get(answer["Location"]).status_code == 404
    third = make_user("Third")
    services.accept_invitation(invitation=row, by=third, now=timezone.now())
    told = Delivery.objects.filter(kind="accounts.somebody-joined").values_list("recipient", flat=True)
    assert set(told) == {cast.user(name).pk for name in ("student", "guardian", "second_guardian")}
    make_guardianship(make_student("Unrelated"), third)


# -- typing ------------------------------------------------------------------------------------------


def test_typing_leads_to_the_invitation_and_the_diary(cast: Cast, leo: Student, as_user: SignIn) -> None:
    row, joiner = make_code(leo, cast.user("teacher")), make_user("New")
    client = as_user(joiner)
    page = enter(client, row.code.lower())
    assert page == reverse("accounts:invitation-show", args=[row.token])
    assert "Become a guardian" in client.get(page).content.decode()
    assert not Guardianship.objects.filter(student=leo).exists()
    answer = client.post(reverse("accounts:invitation-accept", args=[row.token]))
    assert answer["Location"] == reverse("practice:entry-list", args=[leo.pk])
    assert Guardianship.objects.get(student=leo).guardian == joiner
    assert not CodeAttempt.objects.exists()
    told = Delivery.objects.get(kind="accounts.somebody-joined")
    assert told.recipient == cast.user("teacher")


def test_a_code_works_once(cast: Cast, leo: Student) -> None:
    row = make_code(leo, cast.user("teacher"))
    services.accept_invitation(invitation=row, by=make_user("New"), now=timezone.now())
    with pytest.raises(services.NoSuchCode):
        find(row.code)
    with pytest.raises(services.InvitationIsNotPending):
        services.accept_invitation(invitation=row, by=make_user("Other"), now=timezone.now())


def test_whoever_made_a_code_cannot_take_it_up(cast: Cast, leo: Student, as_user: SignIn) -> None:
    teacher = cast.user("teacher")
    row = make_code(leo, teacher)
    with pytest.raises(services.InvitationIsYourOwn):
        services.accept_invitation(invitation=row, by=teacher, now=timezone.now())
    client = as_user(teacher)
    page = client.post(reverse("accounts:invitation-accept", args=[row.token])).content.decode()
    assert "You made this invitation yourself" in page
    assert not Guardianship.objects.filter(student=leo).exists()


def test_an_account_by_mail_cannot_be_had_by_code(cast: Cast, leo: Student) -> None:
    """The secret of a mailed invitation has no short form."""
    mailed = make_invitation(leo, cast.user("teacher"))
    with pytest.raises(services.NoSuchCode):
        find(mailed.code)


@pytest.mark.parametrize("how", ["never", "expired", "cancelled", "accepted"])
def test_what_is_no_live_code_gets_one_answer(cast: Cast, leo: Student, how: str) -> None:
    row, now = make_code(leo, cast.user("teacher")), timezone.now()
    code = row.code
    if how == "never":
        code = "ZZZ999"
    elif how == "accepted":
        services.accept_invitation(invitation=row, by=make_user("New"), now=now)
    elif how == "expired":
        Invitation.objects.update(expires_at=now)
    else:
        Invitation.objects.update(cancelled_at=now)
    answer = Client().post(reverse("accounts:code-enter"), {"code": code})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "This code is not one that waits." in html
    assert f'value="{code}"' in html
    assert "Leo" not in html
    assert CodeAttempt.objects.count() == 1


def test_nothing_typed_is_said_beside_the_field() -> None:
    answer = Client().post(reverse("accounts:code-enter"), {"code": " "})
    assert "Type the code first." in answer.content.decode()


# -- the way back ------------------------------------------------------------------------------------


def test_signing_up_on_one_device_and_confirming_on_another(cast: Cast, leo: Student) -> None:
    row, phone = make_code(leo, cast.user("teacher")), Client()
    page = enter(phone, row.code)
    assert page is not None
    assert "I am new here" in phone.get(page).content.decode()
    phone.post(
        reverse("account_signup"),
        {"email": "nora@people.example", "password1": "a-long-enough-secret", "display_name": "Nora"},
    )
    nora = User.objects.get(email="nora@people.example")
    assert list(queries.pending_invitations_for(nora, timezone.now())) == [row]
    assert not Guardianship.objects.filter(student=leo).exists()
    assert not nora.emailaddress_set.get().verified  # type: ignore[attr-defined]
    nora.emailaddress_set.update(verified=True)  # type: ignore[attr-defined]
    tablet = Client()
    tablet.force_login(nora)
    start = tablet.get(reverse("home:start")).content.decode()
    assert urlsplit(page).path in start
    assert not mail.outbox


def test_signing_in_comes_back_to_the_invitation(cast: Cast, leo: Student) -> None:
    row, client = make_code(leo, cast.user("teacher")), Client()
    joiner = make_user("New")
    page = enter(client, row.code)
    assert page is not None
    client.get(page)
    answer = client.post(reverse("account_login"), {"login": joiner.email, "password": "woodshed-demo"})
    assert answer["Location"] == page


def test_what_somebody_opened_and_left_is_on_their_first_page(
    cast: Cast, leo: Student, as_user: SignIn
) -> None:
    row, joiner = make_code(leo, cast.user("teacher")), make_user("New")
    enter(as_user(joiner), row.code)
    assert row.token in as_user(joiner).get(reverse("home:start")).content.decode()
    assert row.token not in as_user(make_user("Else")).get(reverse("home:start")).content.decode()
