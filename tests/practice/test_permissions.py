"""The whole matrix of the diary, by equality: who may do what, and nobody else."""

import pytest
from django.db.models import Model

from apps.core import access
from apps.practice.models import EntryComment, PracticeEntry
from tests.conftest import Cast

FAMILY = {"student", "guardian", "second_guardian"}
TEACHERS = {"teacher", "second_teacher"}
GUESTS = {"viewer", "commenter", "logger"}

ENTRY = {
    "view": FAMILY | TEACHERS | GUESTS,
    "comment": FAMILY | TEACHERS | {"commenter", "logger"},
    "change": FAMILY,
    "delete": FAMILY,
    "amend": set(),
    "view_revisions": FAMILY,
}
PRIVATE = {
    "view": FAMILY,
    "comment": FAMILY,
    "change": FAMILY,
    "delete": FAMILY,
    "amend": set(),
    "view_revisions": FAMILY,
}
ADDRESSED_TO_SECOND = PRIVATE | {
    "view": FAMILY | {"second_teacher"},
    "comment": FAMILY | {"second_teacher"},
}


def who(cast: Cast, row: Model, action: str) -> set[str]:
    queryset = type(row)._default_manager.filter(pk=row.pk)
    return {
        name for name, user in vars(cast.people).items() if access.allowed(queryset, action, user).exists()
    }


@pytest.mark.parametrize("action", ENTRY)
def test_shared_entry(cast: Cast, action: str) -> None:
    assert who(cast, cast.entry, action) == ENTRY[action]


@pytest.mark.parametrize("action", PRIVATE)
def test_private_entry(cast: Cast, action: str) -> None:
    assert who(cast, cast.private_entry, action) == PRIVATE[action]


@pytest.mark.parametrize("action", ADDRESSED_TO_SECOND)
def test_entry_for_one_teacher(cast: Cast, action: str) -> None:
    assert who(cast, cast.addressed_entry, action) == ADDRESSED_TO_SECOND[action]


def test_every_rule_of_the_diary_has_its_row(cast: Cast) -> None:
    found = {action for model, action in access.registered_rules() if model is PracticeEntry}
    assert found == set(ENTRY)
    assert {action for model, action in access.registered_rules() if model is EntryComment} == {
        "view",
        "delete",
    }
