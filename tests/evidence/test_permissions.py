"""The whole matrix of evidence, by equality: it follows the entry or the skill on which it stands."""

from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.core import access
from apps.core.adding import GoneMeanwhile
from apps.evidence.models import Evidence
from apps.evidence.services import delete_evidence
from tests.conftest import Cast
from tests.factories.evidence import make_evidence, make_link, make_picture
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_skill

FAMILY = {"student", "guardian", "second_guardian"}
TEACHERS = {"teacher", "second_teacher"}
GUESTS = {"viewer", "commenter", "logger"}
READERS = FAMILY | TEACHERS | GUESTS


def who(cast: Cast, row: Model, action: str) -> set[str]:
    rows = type(row)._default_manager.filter(pk=row.pk)
    return {name for name, user in vars(cast.people).items() if access.allowed(rows, action, user).exists()}


def matrix(cast: Cast, row: Model) -> dict[str, set[str]]:
    actions = [action for model, action in access.registered_rules() if model is type(row)]
    return {action: who(cast, row, action) for action in actions}


@pytest.mark.parametrize("make", [make_link, make_evidence, make_picture])
@pytest.mark.parametrize(
    ("entry", "readers"),
    [
        ("entry", READERS),
        ("private_entry", FAMILY),
        ("addressed_entry", FAMILY | {"second_teacher"}),
    ],
)
def test_of_an_entry_it_is_read_by_who_reads_the_entry(
    cast: Cast, make: Any, entry: str, readers: set[str]
) -> None:
    row = make(getattr(cast, entry), cast.user("guardian"))
    assert matrix(cast, row) == {"view": readers, "delete": FAMILY}


@pytest.mark.parametrize("make", [make_link, make_evidence, make_picture])
def test_of_a_skill_it_is_read_by_who_reads_its_page(cast: Cast, make: Any) -> None:
    row = make(make_skill(cast.student, cast.user("guardian")), cast.user("student"))
    assert matrix(cast, row) == {"view": READERS, "delete": FAMILY}


def test_a_guest_takes_away_what_they_added(cast: Cast) -> None:
    logger = cast.user("logger")
    row = make_evidence(make_skill(cast.student, cast.user("guardian")), logger)
    assert who(cast, row, "delete") == FAMILY | {"logger"}
    delete_evidence(evidence=row, by=logger, now=timezone.now())
    assert matrix(cast, row) == {"view": set(), "delete": set()}


def test_who_adds_some(cast: Cast) -> None:
    """Teachers write comments and notes. A guest adds to what they logged themselves."""
    assert who(cast, cast.entry, "attach_evidence") == FAMILY
    assert who(cast, cast.private_entry, "attach_evidence") == FAMILY
    assert who(cast, cast.addressed_entry, "attach_evidence") == FAMILY
    own = make_entry(cast.student, cast.user("logger"))
    assert who(cast, own, "attach_evidence") == FAMILY | {"logger"}
    for hidden in ({"is_private": True}, {"is_private": False, "addressed_to": cast.teaching}):
        type(own).objects.filter(pk=own.pk).update(**hidden)
        assert who(cast, own, "attach_evidence") == FAMILY
    assert who(cast, make_entry(cast.student, cast.user("teacher")), "attach_evidence") == FAMILY
    skill = make_skill(cast.student, cast.user("guardian"))
    assert who(cast, skill, "attach_evidence") == FAMILY | {"logger"}


def test_an_entry_that_has_locked_takes_evidence_still(cast: Cast) -> None:
    type(cast.entry).objects.filter(pk=cast.entry.pk).update(created_at="2026-01-01T12:00Z")
    assert who(cast, cast.entry, "change") == set()
    assert who(cast, cast.entry, "attach_evidence") == FAMILY


@pytest.mark.parametrize("on", ["entry", "skill"])
@pytest.mark.parametrize("gone", ["itself", "place"])
def test_what_was_deleted_is_nobodys(cast: Cast, on: str, gone: str) -> None:
    place: Any = cast.entry if on == "entry" else make_skill(cast.student, cast.user("guardian"))
    row = make_evidence(place, cast.user("guardian"))
    assert who(cast, row, "view") == READERS
    target: Model = row if gone == "itself" else place
    type(target)._default_manager.filter(pk=target.pk).update(deleted_at=timezone.now())
    assert set().union(*matrix(cast, row).values()) == set()
    if gone == "place":
        assert who(cast, place, "attach_evidence") == set()


def test_who_may_not_adds_and_deletes_nothing(cast: Cast) -> None:
    with pytest.raises(GoneMeanwhile):
        make_evidence(cast.entry, cast.user("teacher"))
    row = make_evidence(cast.entry, cast.user("guardian"))
    with pytest.raises(GoneMeanwhile):
        delete_evidence(evidence=row, by=cast.user("teacher"), now=timezone.now())
    assert Evidence.objects.kept().get() == row


def test_every_rule_has_its_row() -> None:
    actions = {action for model, action in access.registered_rules() if model is Evidence}
    assert actions == {"view", "delete"}
