"""The whole matrix of sheet music, by equality: it follows its piece."""

import pytest
from django.db.models import Model
from django.utils import timezone

from apps.core import access
from apps.core.adding import GoneMeanwhile
from apps.scores.models import Score, ScorePage
from apps.scores.services import delete_score
from tests.conftest import Cast
from tests.factories.repertoire import make_piece
from tests.factories.scores import make_score

FAMILY = {"student", "guardian", "second_guardian"}
READERS = FAMILY | {"teacher", "second_teacher", "viewer", "commenter", "logger"}


def matrix(cast: Cast, row: Model) -> dict[str, set[str]]:
    rows = type(row)._default_manager.filter(pk=row.pk)
    actions = [action for model, action in access.registered_rules() if model is type(row)]
    people = vars(cast.people).items()
    return {
        action: {name for name, user in people if access.allowed(rows, action, user).exists()}
        for action in actions
    }


@pytest.mark.parametrize("by", ["student", "teacher", "logger"])
def test_everybody_who_sees_the_piece_and_who_takes_it_away(cast: Cast, by: str) -> None:
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user(by))
    assert matrix(cast, row) == {"view": READERS, "delete": FAMILY | {by}}
    assert matrix(cast, row.pages.get(number=1)) == {"view": READERS}


@pytest.mark.parametrize("by", ["viewer", "commenter", "former_teacher", "stranger", "other_guardian"])
def test_who_does_not_keep_the_piece_adds_nothing(cast: Cast, by: str) -> None:
    with pytest.raises(GoneMeanwhile):
        make_score(make_piece(cast.student, cast.user("guardian")), cast.user(by))
    assert not Score.objects.exists()


@pytest.mark.parametrize("gone", ["itself", "piece"])
def test_what_was_deleted_is_nobodys(cast: Cast, gone: str) -> None:
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("teacher"))
    target: Model = row if gone == "itself" else row.piece
    type(target)._default_manager.filter(pk=target.pk).update(deleted_at=timezone.now())
    assert set().union(*matrix(cast, row).values()) == set()
    assert matrix(cast, row.pages.get(number=1)) == {"view": set()}


def test_a_guest_deletes_nothing_of_others(cast: Cast) -> None:
    row = make_score(make_piece(cast.student, cast.user("guardian")), cast.user("guardian"))
    with pytest.raises(GoneMeanwhile):
        delete_score(score=row, by=cast.user("logger"), now=timezone.now())
    assert Score.objects.kept().exists()


def test_every_rule_has_its_row() -> None:
    rules = [(model.__name__, action) for model, action in access.registered_rules()]
    found = {rule for rule in rules if rule[0] in (Score.__name__, ScorePage.__name__)}
    assert found == {("Score", "view"), ("Score", "delete"), ("ScorePage", "view")}
