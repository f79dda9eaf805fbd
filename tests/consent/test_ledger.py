"""What was said stays said; the last word counts; the column says the same as the ledger."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone, translation

from apps.accounts import services as accounts
from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.family import Verdict
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import collection
from apps.consent import queries, services, texts
from apps.consent.models import ConsentEvent, Method, Purpose
from apps.consent.texts import CURRENT, PICTURES_SINCE, Text, text_of
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from tests.conftest import Cast
from tests.factories.accounts import (
    birth_month,
    born,
    make_guardianship,
    make_invitation,
    make_student,
    make_user,
)
from tests.factories.consent import AGREED, WORDS, make_consent

from .conftest import Deliver

SignIn = Callable[[User], Client]


def give(cast: Cast, purpose: Purpose = Purpose.RECORDINGS, who: str = "guardian", **more: Any) -> Any:
    given = {"version": text_of(purpose).version, "now": timezone.now(), "student": cast.student}
    sent: dict[str, Any] = given | more
    return services.give_consent(purpose=purpose, by=cast.user(who), **sent)


def withdraw(cast: Cast, purpose: Purpose = Purpose.CORE, who: str = "guardian") -> Any:
    return services.withdraw_consent(
        student=cast.student, purpose=purpose, by=cast.user(who), now=timezone.now()
    )


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_said(cast: Cast, change: str) -> None:
    rows = ConsentEvent.objects.filter(student_id=cast.student.pk)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        rows.update(given=False) if change == "update" else rows.delete()
    assert rows.get().given


def test_it_is_written_down_who_agreed_to_which_words_when_and_how(cast: Cast) -> None:
    now = timezone.now()
    with translation.override("de"):
        event = give(cast, now=now)
    event.refresh_from_db()
    assert (event.student_id, event.by, event.at) == (cast.student.pk, cast.user("guardian"), now)
    assert (event.purpose, event.given, event.text_version) == ("recordings", True, 1)
    assert (event.language, event.method) == ("de", Method.GUARDIAN)
    audited = AuditEvent.objects.get(action="consent.given")
    assert (audited.student_id, audited.details) == (
        cast.student.pk,
        {"purpose": "recordings", "method": "guardian-account"},
    )


def test_the_last_word_on_each_purpose_counts(cast: Cast) -> None:
    give(cast)
    withdraw(cast, Purpose.RECORDINGS, who="second_guardian")
    give(cast, Purpose.EMAIL)
    found = queries.consents_of(cast.student.pk)
    assert {purpose: event.given for purpose, event in found.items()} == {
        Purpose.CORE: True,
        Purpose.RECORDINGS: False,
        Purpose.EMAIL: True,
    }
    assert queries.has_agreed(cast.student.pk, Purpose.EMAIL)
    assert not queries.has_agreed(cast.student.pk, Purpose.RECORDINGS)
    withdraw(cast)
    assert not queries.has_agreed(cast.student.pk, Purpose.EMAIL)


def test_nothing_is_on_by_itself(cast: Cast) -> None:
    assert [purpose for purpose in Purpose if queries.has_agreed(cast.student.pk, purpose)] == [Purpose.CORE]
    assert not queries.has_agreed(make_student().pk, Purpose.CORE)


def test_saying_it_twice_is_saying_it_once(cast: Cast) -> None:
    assert give(cast) is not None
    assert give(cast, who="second_guardian") is None
    assert withdraw(cast, Purpose.SMS) is None
    assert withdraw(cast, Purpose.RECORDINGS) is not None
    assert withdraw(cast, Purpose.RECORDINGS) is None
    assert ConsentEvent.objects.filter(student_id=cast.student.pk).count() == 3


def test_new_words_can_be_agreed_to_and_old_ones_still_hold(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(cast)
    old = text_of("recordings")
    new = Text(old.purpose, 2, old.title, old.what, old.means, old.plain)
    monkeypatch.setitem(CURRENT, Purpose.RECORDINGS, new)
    assert queries.has_agreed(cast.student.pk, Purpose.RECORDINGS)
    (row,) = [row for row in queries.rows_of(cast.student.pk) if row.text is new]
    assert row.is_older
    with pytest.raises(services.TextHasChanged):
        give(cast, version=1)
    assert give(cast, version=2).text_version == 2
    assert withdraw(cast, Purpose.RECORDINGS).text_version == 2


@pytest.mark.parametrize(
    ("said", "pictures"),
    [
        ([], False),
        ([(True, 1)], False),
        ([(True, PICTURES_SINCE)], True),
        ([(True, 1), (True, PICTURES_SINCE)], True),
        ([(True, PICTURES_SINCE), (False, PICTURES_SINCE)], False),
    ],
)
def test_pictures_need_words_that_name_them(
    leo: Student, cast: Cast, said: list[tuple[bool, int]], pictures: bool
) -> None:
    for given, version in said:
        make_consent(leo, cast.user("guardian"), given=given, text_version=version)
    assert queries.pictures_are_agreed_to(leo.pk) is pictures
    assert queries.has_agreed(leo.pk, Purpose.CORE) is (bool(said) and said[-1][0])


def test_whoever_lost_their_say_meanwhile_says_nothing(cast: Cast) -> None:
    Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
    for say in (give, withdraw):
        with pytest.raises(collection.MayNotDecide):
            say(cast)
    with pytest.raises(collection.MayNotDecide):
        services.change_country(
            student=cast.student, country="DE", by=cast.user("guardian"), now=timezone.now()
        )
    assert ConsentEvent.objects.filter(student_id=cast.student.pk).count() == 1


def test_the_switch_follows_the_ledger_and_a_drift_is_found(cast: Cast) -> None:
    """The column of every student that the product or the factories made says what the ledger says."""
    assert list(queries.drifted()) == []
    withdraw(cast)
    cast.student.refresh_from_db()
    assert not cast.student.collecting
    assert list(queries.drifted()) == []
    Student.objects.filter(pk=cast.student.pk).update(collecting=True)
    never = make_student("Never asked")
    assert set(queries.drifted()) == {cast.student, never}
    for student in (cast.student, never):
        services.mend(student=student)
    assert list(queries.drifted()) == []
    give(cast, Purpose.CORE)
    assert Student.objects.get(pk=cast.student.pk).collecting


def test_where_the_student_lives(cast: Cast) -> None:
    by, now = cast.user("guardian"), timezone.now()
    for _ in range(2):
        services.change_country(student=cast.student, country="AT", by=by, now=now)
    cast.student.refresh_from_db()
    assert cast.student.country == "AT"
    assert AuditEvent.objects.get(action="student.moved").details == {"country": "AT"}
    with pytest.raises(services.NoSuchCountry):
        services.change_country(student=cast.student, country="XX", by=by, now=now)


# On joining


@pytest.fixture
def leo(cast: Cast) -> Student:
    """A pupil with a name and an instrument only."""
    return make_student("Leo", collecting=False, country="DE")


def accept_url(leo: Student, cast: Cast, role: InvitationRole = InvitationRole.GUARDIAN) -> str:
    row = make_invitation(leo, cast.user("teacher"), cast.user("stranger").email, role)
    return f"/join/{row.token}/accept/"


@pytest.mark.parametrize("agrees", [True, False])
def test_a_guardian_joins_and_agrees_or_not(cast: Cast, leo: Student, as_user: SignIn, agrees: bool) -> None:
    url, client = accept_url(leo, cast), as_user(cast.user("stranger"))
    page = client.get(url.removesuffix("accept/")).content.decode()
    assert str(text_of("core").what).replace("'", "&#x27;") in page
    assert 'name="agreed"' in page
    assert "checked" not in page
    client.post(url, {"agreed": AGREED} if agrees else {})
    leo.refresh_from_db()
    assert Guardianship.objects.get(student=leo).guardian == cast.user("stranger")
    assert leo.collecting is agrees
    events = ConsentEvent.objects.filter(student_id=leo.pk)
    assert list(events.values_list("purpose", "method", "by")) == (
        [("core", "guardian-invitation", cast.user("stranger").pk)] if agrees else []
    )


def test_nobody_agrees_to_words_that_were_not_on_the_page(
    cast: Cast, leo: Student, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was opened, then the words changed: whoever sends it reads the new ones first."""
    url, client = accept_url(leo, cast), as_user(cast.user("stranger"))
    opened = client.get(url.removesuffix("accept/")).content.decode()
    assert f'value="{AGREED}"' in opened
    words = translation.gettext_lazy("We also keep how loud it was.")
    newer = replace(text_of("core"), version=WORDS + 1, what=words)
    monkeypatch.setitem(texts.CURRENT, Purpose.CORE, newer)
    monkeypatch.setitem(texts._BY_VERSION, (Purpose.CORE, WORDS + 1), newer)
    page = client.post(url, {"agreed": AGREED}).content.decode()
    assert "These words have changed since you opened the page." in page
    assert "We also keep how loud it was." in page
    assert "checked" not in page
    assert not Guardianship.objects.filter(student=leo).exists()
    client.post(url, {"agreed": str(WORDS + 1)})
    assert ConsentEvent.objects.get(student_id=leo.pk).text_version == WORDS + 1


def test_joining_and_agreeing_are_one_transaction(
    cast: Cast, leo: Student, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "_tell", breaks)
    with pytest.raises(RuntimeError):
        as_user(cast.user("stranger")).post(accept_url(leo, cast), {"agreed": AGREED})
    assert not Guardianship.objects.filter(student=leo).exists()
    assert not ConsentEvent.objects.filter(student_id=leo.pk).exists()


def test_a_second_guardian_is_not_asked_again(cast: Cast, as_user: SignIn) -> None:
    url = accept_url(cast.student, cast)
    client = as_user(cast.user("stranger"))
    assert 'name="agreed"' not in client.get(url.removesuffix("accept/")).content.decode()
    client.post(url, {"agreed": AGREED})
    assert ConsentEvent.objects.filter(student_id=cast.student.pk).count() == 1


def test_what_was_taken_back_is_not_given_by_joining(cast: Cast, as_user: SignIn) -> None:
    """Only on the page of consents, with a password: a newcomer does not overrule who stopped the diary."""
    withdraw(cast)
    url, client = accept_url(cast.student, cast), as_user(cast.user("stranger"))
    assert 'name="agreed"' not in client.get(url.removesuffix("accept/")).content.decode()
    client.post(url, {"agreed": AGREED})
    assert Guardianship.objects.filter(student=cast.student, guardian=cast.user("stranger")).exists()
    collection.agree(student=cast.student, by=cast.user("stranger"), now=timezone.now())
    cast.student.refresh_from_db()
    assert not cast.student.collecting
    give(cast, Purpose.CORE, who="stranger")
    cast.student.refresh_from_db()
    assert cast.student.collecting


def test_the_others_hear_of_a_consent_on_joining(cast: Cast, leo: Student) -> None:
    make_guardianship(leo, cast.user("guardian"))
    joiner = cast.user("stranger")
    row = make_invitation(leo, cast.user("guardian"), joiner.email)
    accounts.accept_invitation(invitation=row, by=joiner, now=timezone.now(), agreed=True)
    told = Delivery.objects.filter(kind="consent.changed").values_list("email", flat=True)
    assert list(told) == [cast.user("guardian").email]


def test_what_a_false_guardian_gave_is_taken_back(cast: Cast, leo: Student, deliver: Deliver) -> None:
    """The staff agree that they were none: what stands by their word alone stands no more."""
    mother, stranger, now = make_user("Mia Mum"), make_user("Nina New"), timezone.now()
    make_guardianship(leo, mother)
    row = make_invitation(leo, mother, stranger.email)
    accounts.accept_invitation(invitation=row, by=stranger, now=now, agreed=True)
    for purpose, by in [(Purpose.INSIGHTS, stranger), (Purpose.RECORDINGS, mother)]:
        services.give_consent(student=leo, purpose=purpose, version=1, by=by, now=now)
    guardianship = Guardianship.objects.get(student=leo, guardian=stranger)
    objection = accounts.object_to_guardian(guardianship=guardianship, by=mother, reason="", now=now)
    deliver()
    accounts.decide_objection(
        objection=objection, verdict=Verdict.UPHELD, by=cast.user("staff"), now=timezone.now()
    )
    leo.refresh_from_db()
    assert not leo.collecting
    found = queries.consents_of(leo.pk)
    assert {purpose: (event.given, event.method) for purpose, event in found.items()} == {
        Purpose.CORE: (False, Method.OBJECTION),
        Purpose.INSIGHTS: (False, Method.OBJECTION),
        Purpose.RECORDINGS: (True, Method.GUARDIAN),
    }
    assert found[Purpose.CORE].by == stranger
    rows = AuditEvent.objects.filter(action="consent.withdrawn", student_id=leo.pk)
    assert set(rows.values_list("actor_id", flat=True)) == {cast.user("staff").pk}
    bodies = [sent.body for sent in deliver() if sent.to == [mother.email]]
    assert sum("have taken back what" in body for body in bodies) == 2
    assert sum("until a guardian agrees again" in body for body in bodies) == 1


def test_a_dismissed_objection_takes_nothing_back(cast: Cast, leo: Student) -> None:
    mother, newcomer, now = cast.user("guardian"), cast.user("stranger"), timezone.now()
    make_guardianship(leo, mother)
    row = make_guardianship(leo, newcomer, started_at=now)
    services.give_consent(student=leo, purpose=Purpose.CORE, version=WORDS, by=newcomer, now=now)
    objection = accounts.object_to_guardian(guardianship=row, by=mother, reason="", now=now)
    accounts.decide_objection(objection=objection, verdict=Verdict.DISMISSED, by=cast.user("staff"), now=now)
    leo.refresh_from_db()
    assert leo.collecting


def test_a_student_who_is_old_enough_agrees_alone(cast: Cast, leo: Student, as_user: SignIn) -> None:
    url = accept_url(leo, cast, InvitationRole.STUDENT)
    as_user(cast.user("stranger")).post(url, {"agreed": AGREED, **born(16)})
    leo.refresh_from_db()
    assert (leo.user, leo.collecting) == (cast.user("stranger"), True)
    assert ConsentEvent.objects.get(student_id=leo.pk).method == Method.SELF


@pytest.mark.parametrize(
    ("age", "agreed", "is_welcome"),
    [(12, True, False), (13, True, True), (13, False, False), (16, False, True)],
)
def test_a_guarded_student_signs_in_once_the_guardian_agreed(
    cast: Cast, leo: Student, as_user: SignIn, age: int, agreed: bool, is_welcome: bool
) -> None:
    """And has no say in it: the box is the guardian's, whatever is sent."""
    make_guardianship(leo, cast.user("guardian"))
    if agreed:
        make_consent(leo, cast.user("guardian"))
    url, client = accept_url(leo, cast, InvitationRole.STUDENT), as_user(cast.user("stranger"))
    assert 'name="agreed"' not in client.get(url.removesuffix("accept/")).content.decode()
    client.post(url, {"agreed": AGREED, **born(age)})
    leo.refresh_from_db()
    assert (leo.user is not None) is is_welcome
    assert leo.collecting is agreed


def test_a_month_that_a_guardian_said_is_not_asked_for_and_stands(
    cast: Cast, leo: Student, as_user: SignIn
) -> None:
    Student.objects.filter(pk=leo.pk).update(birth_month=birth_month(14))
    url, client = accept_url(leo, cast, InvitationRole.STUDENT), as_user(cast.user("stranger"))
    assert 'name="birth_year"' not in client.get(url.removesuffix("accept/")).content.decode()
    assert "A grown-up can do this" in client.post(url, born(30)).content.decode()
    leo.refresh_from_db()
    assert (leo.user, leo.birth_month) == (None, birth_month(14))
    assert User.objects.get(pk=cast.user("stranger").pk).age_refused_at is None


def test_another_answer_to_an_invitation_is_heard_after_a_day(
    cast: Cast, leo: Student, as_user: SignIn
) -> None:
    url, client = accept_url(leo, cast, InvitationRole.STUDENT), as_user(cast.user("stranger"))
    for age in (12, 30):
        assert "A grown-up can do this" in client.post(url, {"agreed": AGREED, **born(age)}).content.decode()
    leo.refresh_from_db()
    assert leo.user is None


def test_a_consent_that_comes_too_late_does_not_spoil_the_joining(cast: Cast, leo: Student) -> None:
    """A guardian has joined since the page was opened: they decide now."""
    stranger = cast.user("stranger")
    row = make_invitation(leo, cast.user("teacher"), stranger.email, InvitationRole.STUDENT)
    make_guardianship(leo, cast.user("guardian"))
    accounts.accept_invitation(
        invitation=row, by=stranger, now=timezone.now(), birth_month=birth_month(16), agreed=True
    )
    leo.refresh_from_db()
    assert (leo.user, leo.collecting) == (stranger, False)


def test_without_the_ledgers_app_no_consent_is_lost(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "_ledgers", [])
    with pytest.raises(collection.NoLedger):
        collection.agree(student=cast.student, by=cast.user("guardian"), now=timezone.now())


def test_the_rows_are_named_for_the_staff(cast: Cast) -> None:
    event = give(cast, now=timezone.now() - timedelta(days=1))
    assert str(event) == str(event.confirmation) == f"recordings: {event.at:%Y-%m-%d}"
