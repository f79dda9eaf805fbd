"""The pages as people use them: asked, agreed, said, answered; what cannot be is said beside its field."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import leave_family
from apps.ensembles import services
from apps.ensembles.models import QUESTION_LIFE, Ensemble, GroupPart, GroupSession, Membership, PartState
from apps.practice.models import PracticeEntry
from apps.practice.services import delete_entry
from apps.safeguarding.models import Report
from tests.factories.accounts import LONG_AGO, make_guardianship, make_user
from tests.factories.ensembles import agree, make_ensemble, make_pupil, membership_of
from tests.factories.practice import make_entry
from tests.forms.page import Page

from .conftest import Duo

SignIn = Callable[[User], Client]
KEY = "7f3b2c1e-0d4a-4b5c-8d6e-9f0a1b2c3d4e"


def test_a_teacher_makes_one_asks_more_and_ends_it(db: None, as_user: SignIn) -> None:
    teacher = make_user("Theo")
    (mia, _), (ben, _) = make_pupil(teacher, "Mia"), make_pupil(teacher, "Ben")
    client = as_user(teacher)
    empty = client.get(reverse("ensembles:ensemble-list")).content.decode()
    assert "No ensemble yet" in empty
    sent = {"key": KEY, "name": "Duet", "pupils": [str(mia.pk)]}
    for _ in range(2):
        answer = client.post(reverse("ensembles:ensemble-create"), sent)
    ensemble = Ensemble.objects.get()
    page = reverse("ensembles:ensemble-detail", args=[ensemble.pk])
    assert answer.headers["Location"] == page
    assert Membership.objects.get().teaching.student == mia
    client.post(page, {"pupils": [str(ben.pk)]})
    assert Membership.objects.count() == 2
    shown = client.get(page).content.decode()
    assert shown.count("the family has not agreed") == 2
    agree(ensemble, mia, mia.guardianships.get().guardian, "Mimi")
    assert "the others read: <bdi>Mimi</bdi>" in client.get(page).content.decode()
    client.post(reverse("ensembles:membership-end", args=[membership_of(ensemble, ben).pk]))
    assert Membership.objects.filter(ended_at=None).count() == 1
    client.post(reverse("ensembles:ensemble-end", args=[ensemble.pk]))
    assert client.get(page).status_code == 404


def test_a_name_is_needed_and_the_choice_stays(db: None, as_user: SignIn) -> None:
    teacher = make_user("Theo")
    mia, _ = make_pupil(teacher, "Mia")
    client, address = as_user(teacher), reverse("ensembles:ensemble-create")
    sent = {"key": KEY, "name": " ", "pupils": [str(mia.pk)]}
    page = Page(client.post(address, sent).content.decode())
    assert "Give it a name" in page.said_beside("name")
    assert page.form_with(sent).values["pupils"] == [str(mia.pk)]
    foreign, _ = make_pupil(make_user("Thea"), "Foreign")
    answer = client.post(address, sent | {"name": "Duet", "pupils": [str(foreign.pk)]})
    assert "The lessons of somebody here have ended or pause." in answer.content.decode()
    assert not Ensemble.objects.exists()


@pytest.mark.parametrize("name", ["Rose Quartet", "MIA & Ben", "Trio oakes"])
def test_an_ensemble_is_called_after_no_pupil(db: None, as_user: SignIn, name: str) -> None:
    """Each family that is asked reads it, before anybody has agreed to anything."""
    teacher = make_user("Theo")
    for pupil in ("Mia von der Rose", "Ben B. Oakes"):
        make_pupil(teacher, pupil)
    client, address = as_user(teacher), reverse("ensembles:ensemble-create")
    page = Page(client.post(address, {"key": KEY, "name": name}).content.decode())
    assert "leave names of pupils out" in page.said_beside("name")
    assert not Ensemble.objects.exists()
    assert client.post(address, {"key": KEY, "name": "Band von der B-Street"}).status_code == 302


def test_a_family_agrees_to_a_name_and_takes_it_back(db: None, as_user: SignIn) -> None:
    teacher = make_user("Theo")
    mia, mias = make_pupil(teacher, "Mia Rose")
    row = membership_of(make_ensemble(teacher, mia), mia)
    client = as_user(mias)
    overview = client.get(reverse("parent_portal:overview")).content.decode()
    assert "is asked to play in an ensemble" in overview
    address = reverse("ensembles:membership-agree", args=[row.pk])
    assert Page(client.get(address).content.decode()).form_with(["shown_name"]).values["shown_name"] == [
        "Mia"
    ]
    client.post(address, {"shown_name": "Mimi", "answer": "yes"})
    row.refresh_from_db()
    assert (row.shown_name, row.agreed_by) == ("Mimi", mias)
    client.post(reverse("ensembles:membership-end", args=[row.pk]))
    row.refresh_from_db()
    assert (row.shown_name, row.ended_at is None) == ("", False)


def test_a_no_is_one_press_and_needs_no_name(db: None, as_user: SignIn) -> None:
    teacher = make_user("Theo")
    mia, mias = make_pupil(teacher, "Mia Rose")
    row = membership_of(make_ensemble(teacher, mia), mia)
    client = as_user(mias)
    client.post(reverse("ensembles:membership-agree", args=[row.pk]), {"shown_name": "", "answer": "no"})
    row.refresh_from_db()
    assert row.ended_at is not None
    assert client.get(reverse("ensembles:membership-agree", args=[row.pk])).status_code == 404


def test_a_family_that_is_asked_anew_can_say_no(duo: Duo, as_user: SignIn) -> None:
    """Whoever agreed has left; the name that they wrote is not put into anybody's mouth."""
    agree(duo.ensemble, duo.mia, duo.mias, "Mimi")
    address = reverse("ensembles:membership-agree", args=[duo.mia_plays.pk])
    second = make_user("Second")
    make_guardianship(duo.mia, second, started_at=LONG_AGO - timedelta(days=9))
    agreed = as_user(second).get(address).content.decode()
    assert ('value="Mimi"' in agreed, 'value="no"' in agreed) == (True, False)
    leave_family(guardianship=duo.mia.guardianships.get(guardian=duo.mias), now=timezone.now())
    client = as_user(second)
    anew = client.get(address).content.decode()
    assert ('value="Mimi"' in anew, 'value="Mia"' in anew, 'value="no"' in anew) == (False, True, True)
    client.post(address, {"answer": "no"})
    duo.mia_plays.refresh_from_db()
    assert duo.mia_plays.ended_at is not None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Mia Rose", "family name"),
        ("mia-ROSE", "family name"),
        ("mia@people.example", "letters only"),
        ("0151 234", "letters only"),
        ("mia.example", "letters only"),
        ("Mia <3", "letters only"),
        ("-'", "letters only"),
        ("", "Write the name"),
        ("M" * 31, "30"),
    ],
)
def test_names_that_are_not_shown(duo: Duo, as_user: SignIn, name: str, words: str) -> None:
    address = reverse("ensembles:membership-agree", args=[duo.mia_plays.pk])
    answer = as_user(duo.mias).post(address, {"shown_name": name, "answer": "yes"})
    page = Page(answer.content.decode())
    assert words in page.said_beside("shown_name")
    assert page.form_with(["shown_name"]).values.get("shown_name", [""]) == [name]
    duo.mia_plays.refresh_from_db()
    assert duo.mia_plays.shown_name == "Mia"


@pytest.mark.parametrize("name", ["Mia", "Anna-Lena", "מיה", "O\u2019Nea", "Zoë", "मीरा", "Mia R"])
def test_names_in_any_script(duo: Duo, as_user: SignIn, name: str) -> None:
    address = reverse("ensembles:membership-agree", args=[duo.mia_plays.pk])
    as_user(duo.mias).post(address, {"shown_name": name, "answer": "yes"})
    duo.mia_plays.refresh_from_db()
    assert duo.mia_plays.shown_name == name


def test_said_asked_and_confirmed(duo: Duo, as_user: SignIn) -> None:
    entry, mias, bens = duo.entry(minutes=30), as_user(duo.mias), as_user(duo.bens)
    detail = reverse("practice:entry-detail", args=[entry.pk])
    together = reverse("ensembles:entry-together", args=[entry.pk])
    assert together in mias.get(detail).content.decode()
    assert together in mias.get(reverse("ensembles:student-ensembles", args=[duo.mia.pk])).content.decode()
    for _ in range(2):
        answer = mias.post(together, {"players": [str(duo.ben_plays.pk)]})
        assert answer.headers["Location"] == detail
    part = GroupPart.objects.get()
    asked = mias.get(detail).content.decode()
    assert ("Asked:" in asked, together in asked) == (True, False)
    page = bens.get(reverse("parent_portal:overview")).content.decode()
    assert "<bdi>Mia</bdi> says" in page
    address = reverse("ensembles:part-answer", args=[part.pk])
    assert address in page
    form = Page(bens.get(address).content.decode()).form_with(["minutes"])
    assert form.values["minutes"] == ["30"]
    answer = bens.post(address, {"answer": "yes", "minutes": "25"}, follow=True)
    assert "Saved as your own entry." in answer.content.decode()
    mine = PracticeEntry.objects.get(student=duo.ben)
    assert mine.minutes == 25
    assert "Mia" in bens.get(reverse("practice:entry-detail", args=[mine.pk])).content.decode()
    seen = mias.get(detail).content.decode()
    assert "<bdi>Duet</bdi>: <bdi>Ben</bdi>" in seen
    assert "25 min" not in seen
    again = bens.post(address, {"answer": "yes", "minutes": "40"}, follow=True)
    assert "This question does not wait any more" in again.content.decode()
    assert PracticeEntry.objects.get(student=duo.ben).minutes == 25
    assert mias.get(address).status_code == 404


@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize("over", ["deleted", "private", "left", "late"])
def test_who_answers_late_is_told_so(duo: Duo, as_user: SignIn, over: str, answer: str) -> None:
    """The form stood open when it ended. Why it did, nobody says."""
    entry = duo.entry()
    part = duo.question(entry)
    ends: dict[str, Callable[[], object]] = {
        "deleted": lambda: delete_entry(entry=entry, by=duo.mias, now=timezone.now()),
        "private": lambda: PracticeEntry.objects.filter(pk=entry.pk).update(is_private=True),
        "left": lambda: services.end_membership(membership=duo.mia_plays, by=duo.mias, now=timezone.now()),
        "late": lambda: GroupPart.objects.update(asked_at=timezone.now() - QUESTION_LIFE),
    }
    ends[over]()
    address = reverse("ensembles:part-answer", args=[part.pk])
    sent = {"answer": answer, "minutes": "25"}
    page = as_user(duo.bens).post(address, sent, follow=True)
    assert page.redirect_chain == [(reverse("ensembles:student-ensembles", args=[duo.ben.pk]), 302)]
    assert "This question does not wait any more" in page.content.decode()
    assert not PracticeEntry.objects.filter(student=duo.ben).exists()
    assert as_user(duo.mias).post(address, sent).status_code == 404


def test_an_entry_that_is_there_is_no_second_one(duo: Duo, as_user: SignIn) -> None:
    part, mine = duo.question(), make_entry(duo.ben, duo.bens, minutes=12)
    client, address = as_user(duo.bens), reverse("ensembles:part-answer", args=[part.pk])
    page = client.get(address).content.decode()
    assert "12 min: Minuet in G" in page
    assert Page(page).form_with(["minutes"]).values["entry"] != [str(mine.pk)]
    client.post(address, {"answer": "yes", "entry": str(mine.pk), "minutes": "30"})
    assert PracticeEntry.objects.get(student=duo.ben).minutes == 12
    part.refresh_from_db()
    assert part.entry == mine


def test_with_an_entry_of_ones_own_minutes_are_not_read(duo: Duo, as_user: SignIn) -> None:
    part, mine = duo.question(), make_entry(duo.ben, duo.bens, minutes=12)
    address = reverse("ensembles:part-answer", args=[part.pk])
    as_user(duo.bens).post(address, {"answer": "yes", "entry": str(mine.pk), "minutes": "abc"})
    part.refresh_from_db()
    assert part.entry == mine


def test_pages_say_who_reads_what(duo: Duo, as_user: SignIn) -> None:
    """Before a yes: the new session is the teachers' to read, and a name is read by grown-up pupils, too."""
    part, login = duo.question(), make_user("Ben Login")
    client = as_user(duo.bens)
    answer = client.get(reverse("ensembles:part-answer", args=[part.pk])).content.decode()
    assert "your teachers read it as usual" in answer
    assert "nobody else reads more of it" not in answer
    agree = client.get(reverse("ensembles:membership-agree", args=[duo.ben_plays.pk])).content.decode()
    for word in ("The players themselves", "Theo</bdi> reads it, too", "Grown-up pupils may play there"):
        assert word in agree
    type(duo.ben).objects.filter(pk=duo.ben.pk).update(user=login)
    client, readers = as_user(login), reverse("home:readers")
    page = client.get(readers).content.decode()
    assert "no other children" not in page
    assert page.index("reads this name of you") < page.index("Nobody else")
    services.end_membership(membership=duo.ben_plays, by=duo.bens, now=timezone.now())
    assert "no other children" in client.get(readers).content.decode()


def test_an_entry_of_the_same_minutes_is_chosen(duo: Duo, as_user: SignIn) -> None:
    """Most likely it is this session, which would count twice."""
    make_entry(duo.ben, duo.bens, minutes=12)
    same = make_entry(duo.ben, duo.bens, minutes=30)
    address = reverse("ensembles:part-answer", args=[duo.question().pk])
    page = Page(as_user(duo.bens).get(address).content.decode())
    assert page.form_with(["minutes"]).values["entry"] == [str(same.pk)]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ("", "How long did you practise"),
        ("0", "One minute is the least"),
        ("abc", "whole number"),
        ("301", "300 minutes at most"),
    ],
)
def test_minutes_that_cannot_be(duo: Duo, as_user: SignIn, minutes: str, words: str) -> None:
    address = reverse("ensembles:part-answer", args=[duo.question().pk])
    page = Page(as_user(duo.bens).post(address, {"answer": "yes", "minutes": minutes}).content.decode())
    assert words in page.said_beside("minutes")
    assert not PracticeEntry.objects.filter(student=duo.ben).exists()


def test_no_is_told_to_nobody(duo: Duo, as_user: SignIn) -> None:
    part = duo.question()
    client = as_user(duo.bens)
    answer = client.post(reverse("ensembles:part-answer", args=[part.pk]), {"answer": "no"}, follow=True)
    assert "Nobody is told." in answer.content.decode()
    part.refresh_from_db()
    assert part.state == PartState.DECLINED


def test_a_name_that_is_no_name_is_reported(duo: Duo, as_user: SignIn) -> None:
    """What was read stays as evidence, whatever becomes of the name."""
    agree(duo.ensemble, duo.ben, duo.bens, "Dumme Kuh")
    client = as_user(duo.mias)
    back = reverse("ensembles:student-ensembles", args=[duo.mia.pk])
    address = reverse("ensembles:membership-report", args=[duo.ben_plays.pk])
    assert address in client.get(back).content.decode()
    assert "Dumme Kuh" in client.get(address).content.decode()
    answer = client.post(address, {"category": "unkind", "words": "Look"})
    assert answer.headers["Location"] == back
    services.end_membership(membership=duo.ben_plays, by=duo.bens, now=timezone.now())
    report = Report.objects.get()
    assert (report.kind, report.student, report.author) == ("player", duo.mia, duo.bens)
    assert report.evidence == "Dumme Kuh\nDuet"
    assert client.get(address).status_code == 404
    # The own family and the teacher have other ways.
    own = reverse("ensembles:membership-report", args=[duo.mia_plays.pk])
    assert {client.get(own).status_code, as_user(duo.teacher).get(own).status_code} == {403}


def test_two_of_the_same_name_are_two_boxes(duo: Duo, as_user: SignIn) -> None:
    zoe, zoes = make_pupil(duo.teacher, "Zoe")
    services.ask_pupils(ensemble=duo.ensemble, pupils=[zoe.pk], by=duo.teacher, now=timezone.now())
    address = reverse("ensembles:entry-together", args=[duo.entry().pk])
    client = as_user(duo.mias)
    agree(duo.ensemble, zoe, zoes, "Zoe")
    assert "Zoe (" not in client.get(address).content.decode()
    agree(duo.ensemble, zoe, zoes, "Ben")
    page = client.get(address).content.decode()
    assert ("Ben (1)" in page, "Ben (2)" in page, "Ben (3)" in page) == (True, True, False)


@pytest.mark.parametrize("is_full", [False, True])
def test_each_limit_has_its_own_words(
    duo: Duo, as_user: SignIn, monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    """Also when both are the same number."""
    for name in ("MOST_ENSEMBLES", "MOST_MEMBERS"):
        monkeypatch.setattr(services, name, 2)
    if is_full:
        make_ensemble(duo.teacher)
    zoe, _ = make_pupil(duo.teacher, "Zoe")
    sent = {"key": KEY, "name": "Trio", "pupils": [str(each.pk) for each in (duo.mia, duo.ben, zoe)]}
    answer = as_user(duo.teacher).post(reverse("ensembles:ensemble-create"), sent).content.decode()
    words = "You have 2 ensembles.", "An ensemble has 2 players at most."
    assert [each in answer for each in words] == [is_full, not is_full]


def test_who_left_meanwhile_cannot_be_named(duo: Duo, as_user: SignIn) -> None:
    entry = duo.entry()
    services.end_membership(membership=duo.ben_plays, by=duo.bens, now=timezone.now())
    address = reverse("ensembles:entry-together", args=[entry.pk])
    answer = as_user(duo.mias).post(address, {"players": [str(duo.ben_plays.pk)]})
    assert answer.status_code == 200
    assert "Somebody here does not play along any more." in answer.content.decode()
    assert not GroupSession.objects.exists()


def test_the_own_practice_page_asks_a_student(duo: Duo, as_user: SignIn) -> None:
    login = make_user("Ben Login")
    type(duo.ben).objects.filter(pk=duo.ben.pk).update(user=login)
    client, part = as_user(login), duo.question()
    page = client.get(reverse("home:student")).content.decode()
    assert reverse("ensembles:part-answer", args=[part.pk]) in page
    assert "you practised together in" in page
    # Who may see the diary: what other players read of it is said there, too.
    assert "reads this name of you" in client.get(reverse("home:readers")).content.decode()


def test_a_teacher_who_may_see_the_student_gets_403(duo: Duo, as_user: SignIn) -> None:
    client = as_user(duo.teacher)
    assert client.get(reverse("ensembles:student-ensembles", args=[duo.mia.pk])).status_code == 403
    assert client.get(reverse("ensembles:entry-together", args=[duo.entry().pk])).status_code == 403
    address = reverse("ensembles:membership-agree", args=[duo.mia_plays.pk])
    assert client.post(address, {"shown_name": "Mimi"}).status_code == 403


def test_a_roster_leads_to_ensembles(duo: Duo, as_user: SignIn) -> None:
    page = as_user(duo.teacher).get(reverse("home:roster")).content.decode()
    assert reverse("ensembles:ensemble-list") in page
