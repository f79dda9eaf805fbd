"""A teacher and two families who do not know each other."""

from dataclasses import dataclass
from typing import Any

import pytest

from apps.accounts.models import Student, User
from apps.ensembles.models import Ensemble, GroupPart, Membership
from apps.practice.models import PracticeEntry
from tests.factories.accounts import make_user
from tests.factories.ensembles import agree, ask_players, make_ensemble, make_pupil
from tests.factories.practice import make_entry


@dataclass
class Duo:
    """Mia Rose and Ben Oak, each with a guardian; both have agreed."""

    teacher: User
    mia: Student
    mias: User
    ben: Student
    bens: User
    ensemble: Ensemble
    mia_plays: Membership
    ben_plays: Membership

    def entry(self, **content: Any) -> PracticeEntry:
        """One of Mia's."""
        return make_entry(self.mia, self.mias, **content)

    def question(self, entry: PracticeEntry | None = None) -> GroupPart:
        """Mia's family has said that Ben was there."""
        (part,) = ask_players(entry or self.entry(), self.ben_plays, by=self.mias)
        return part


def make_duo() -> Duo:
    teacher = make_user("Theo")
    mia, mias = make_pupil(teacher, "Mia Rose")
    ben, bens = make_pupil(teacher, "Ben Oak")
    ensemble = make_ensemble(teacher, mia, ben)
    mia_plays, ben_plays = agree(ensemble, mia, mias), agree(ensemble, ben, bens)
    return Duo(teacher, mia, mias, ben, bens, ensemble, mia_plays, ben_plays)


@pytest.fixture
def duo(db: None) -> Duo:
    return make_duo()
