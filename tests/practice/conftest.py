"""What tests of the diary begin with."""

import pytest

from apps.private_teaching.models import Teaching
from apps.repertoire.models import Piece
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece
from tests.practice.weeks import DAY, monday


@pytest.fixture
def asked(cast: Cast) -> Teaching:
    """The first teacher has asked since the last finished week; Mia practised 40 minutes on a day of it."""
    Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_since=monday(cast))
    make_entry(cast.student, cast.user("student"), minutes=40, practised_on=monday(cast) + DAY)
    return Teaching.objects.get(pk=cast.teaching.pk)


@pytest.fixture
def minuet(cast: Cast) -> Piece:
    return make_piece(cast.student, cast.user("guardian"), "Menuet in D", composer="Leopold Mozart")
