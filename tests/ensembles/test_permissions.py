"""The matrix of ensembles, by equality: who may do what, and nobody else."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.core import access
from apps.ensembles import services
from apps.ensembles.models import Ensemble, GroupPart, Membership
from apps.private_teaching.services import end_teaching
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.children import child_client, make_child_login
from tests.factories.ensembles import agree, ask_players, make_ensemble, make_pupil, membership_of
from tests.factories.practice import make_entry

FAMILY = {"student", "guardian", "second_guardian"}
GUARDIANS = {"guardian", "second_guardian"}
MEMBERSHIP = {
    "view": FAMILY | {"teacher"},
    "end": FAMILY | {"teacher"},
    "decide": GUARDIANS,
    "report": set(),
}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    rows = type(row)._default_manager.filter(pk=row.pk)
    return {name for name, user in vars(cast.people).items() if access.allowed(rows, action, user).exists()}


def matrix(cast: Cast, row: Model) -> dict[str, set[str]]:
    actions = [action for model, action in access.registered_rules() if model is type(row)]
    return {action: who(cast, row, action) for action in actions}


def question_to_mia(cast: Cast) -> GroupPart:
    """From Ben, another pupil of the teacher."""
    ben, bens = make_pupil(cast.user("teacher"), "Ben")
    ensemble = make_ensemble(cast.user("teacher"), cast.student, ben)
    mia_plays = agree(ensemble, cast.student, cast.user("guardian"))
    agree(ensemble, ben, bens)
    (part,) = ask_players(make_entry(ben, bens), mia_plays, by=bens)
    return part


def test_ensembles_are_the_teachers(cast: Cast) -> None:
    ensemble = make_ensemble(cast.user("teacher"), cast.student)
    assert matrix(cast, ensemble) == {"view": {"teacher"}, "change": {"teacher"}}
    services.end_ensemble(ensemble=ensemble, by=cast.user("teacher"), now=timezone.now())
    assert matrix(cast, ensemble) == {"view": set(), "change": set()}


def test_who_says_that_they_are_under_18_leads_none(cast: Cast) -> None:
    ensemble = make_ensemble(cast.user("teacher"), cast.student)
    make_student("Theo", user=cast.user("teacher"), age_band=AgeBand.TEEN)
    assert matrix(cast, ensemble) == {"view": set(), "change": set()}


@pytest.mark.parametrize("is_agreed", [False, True])
def test_memberships(cast: Cast, is_agreed: bool) -> None:
    ensemble = make_ensemble(cast.user("teacher"), cast.student)
    row = membership_of(ensemble, cast.student)
    if is_agreed:
        row = agree(ensemble, cast.student, cast.user("guardian"))
    assert matrix(cast, row) == MEMBERSHIP
    end_teaching(teaching=cast.teaching, by=cast.user("guardian"), now=timezone.now())
    assert matrix(cast, row) == {action: set() for action in MEMBERSHIP}


def test_names_that_one_reads_can_be_reported(cast: Cast) -> None:
    """By who reads them, and only now: no address tells that somebody plays, or played, along."""
    part = question_to_mia(cast)
    ben = part.session.membership
    assert ben is not None
    assert who(cast, ben, "report") == FAMILY
    assert who(cast, part.membership, "report") == set()
    services.end_membership(membership=part.membership, by=cast.user("guardian"), now=timezone.now())
    assert who(cast, ben, "report") == set()


def test_a_student_who_decides_alone(cast: Cast) -> None:
    ensemble = make_ensemble(cast.user("teacher"), cast.student)
    Student.objects.filter(pk=cast.student.pk).update(age_band=AgeBand.ADULT)
    assert who(cast, membership_of(ensemble, cast.student), "decide") == {"student"}


def test_questions_are_the_asked_familys(cast: Cast) -> None:
    part = question_to_mia(cast)
    assert matrix(cast, part) == {"view": FAMILY, "answer": FAMILY, "come_late": set()}
    services.decline_part(part=part, by=cast.user("student"), now=timezone.now())
    assert matrix(cast, part) == {"view": set(), "answer": set(), "come_late": FAMILY}


def test_of_which_entries_the_family_may_say_more(cast: Cast) -> None:
    assert who(cast, cast.entry, "play_together") == FAMILY
    assert who(cast, cast.private_entry, "play_together") == set()
    assert who(cast, cast.addressed_entry, "play_together") == set()
    assert who(cast, cast.student, "play_together") == FAMILY


def test_every_rule_has_its_row() -> None:
    rules = {
        (model, action) for model, action in access.registered_rules() if model in (Ensemble, Membership)
    }
    assert rules == {
        (Ensemble, "view"),
        (Ensemble, "change"),
        *((Membership, action) for action in MEMBERSHIP),
    }


def test_a_childs_own_session(db: None) -> None:
    """It answers for itself and takes its name away; who may read the name is a grown-up's to say."""
    teacher = make_user("Theo")
    (zoe, zoes), (ben, bens) = make_pupil(teacher, "Zoe", age_band=AgeBand.CHILD), make_pupil(teacher, "Ben")
    login = make_child_login(zoe, zoes)
    ensemble = make_ensemble(teacher, zoe, ben)
    zoe_plays, ben_plays = agree(ensemble, zoe, zoes), agree(ensemble, ben, bens)
    (part,) = ask_players(make_entry(ben, bens), zoe_plays, by=bens)
    user: User = login.user
    assert not access.is_allowed("decide", user, zoe_plays)
    assert access.is_allowed("report", user, ben_plays)
    assert access.is_allowed("end", user, zoe_plays)
    client: Client = child_client(zoe, zoes)
    pages = {
        "ensembles:student-ensembles": zoe.pk,
        "ensembles:part-answer": part.pk,
        "ensembles:membership-end": zoe_plays.pk,
        "ensembles:membership-report": ben_plays.pk,
        "ensembles:entry-together": make_entry(zoe, zoes).pk,
    }
    assert {client.get(reverse(name, args=[key])).status_code for name, key in pages.items()} == {200}
    shut = [
        reverse("ensembles:membership-agree", args=[zoe_plays.pk]),
        reverse("ensembles:ensemble-list"),
        reverse("ensembles:ensemble-create"),
    ]
    assert {client.get(page).status_code for page in shut} == {403}
    answer = client.post(reverse("ensembles:part-answer", args=[part.pk]), {"answer": "yes", "minutes": "15"})
    assert answer.status_code == 302
    part.refresh_from_db()
    assert part.entry is not None
    assert (part.entry.student, part.entry.minutes) == (zoe, 15)


def test_a_child_finds_no_door_to_what_no_grown_up_agreed_to(db: None) -> None:
    teacher = make_user("Theo")
    zoe, zoes = make_pupil(teacher, "Zoe", age_band=AgeBand.CHILD)
    user: User = make_child_login(zoe, zoes).user
    row = membership_of(make_ensemble(teacher, zoe, name="Qzduet"), zoe)
    shut = [access.is_allowed(action, user, row) for action in MEMBERSHIP]
    assert not any(shut)
    client = child_client(zoe, zoes)
    for page in ("membership-end", "membership-agree"):
        answer = client.get(reverse(f"ensembles:{page}", args=[row.pk]))
        assert (answer.status_code in (403, 404), "Qzduet" in answer.content.decode()) == (True, False)
    agree(row.ensemble, zoe, zoes)
    assert {action for action in MEMBERSHIP if access.is_allowed(action, user, row)} == {"view", "end"}


def test_a_stranger_asks_nobody(cast: Cast) -> None:
    with pytest.raises(services.NotYourPupils):
        make_ensemble(make_user("Thea"), cast.student)
