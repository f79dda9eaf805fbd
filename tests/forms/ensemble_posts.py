"""What can be sent about ensembles; a part of the table in ``posts``."""

from typing import Any

from apps.ensembles.forms import AgreeForm, AnswerForm, EnsembleForm, PupilsForm, TogetherForm
from apps.ensembles.models import Ensemble, GroupPart, Membership
from apps.safeguarding.forms import ReportForm
from tests.conftest import Cast
from tests.factories.ensembles import agree, ask_players, make_ensemble, make_pupil, membership_of
from tests.factories.practice import make_entry

from .scenes import KEY, entry


def make_empty(cast: Cast) -> None:
    make_ensemble(cast.user("teacher"))


def ask_mia(cast: Cast) -> None:
    make_ensemble(cast.user("teacher"), cast.student)


def play_with_ben(cast: Cast) -> tuple[Membership, Membership]:
    """Mia's place and Ben's; both families have agreed."""
    ben, bens = make_pupil(cast.user("teacher"), "Ben")
    ensemble = make_ensemble(cast.user("teacher"), cast.student, ben)
    return agree(ensemble, cast.student, cast.user("guardian")), agree(ensemble, ben, bens)


def be_asked(cast: Cast) -> None:
    """Ben's family says that Mia was there."""
    mia, ben = play_with_ben(cast)
    assert ben.agreed_by is not None
    ask_players(make_entry(ben.teaching.student, ben.agreed_by), mia, by=ben.agreed_by)


def ensemble(cast: Cast) -> list[object]:
    return [Ensemble.objects.get().pk]


def mias(cast: Cast) -> list[object]:
    return [membership_of(Ensemble.objects.get(), cast.student).pk]


def bens(cast: Cast) -> list[object]:
    return [ben_plays(cast)]


def part(cast: Cast) -> list[object]:
    return [GroupPart.objects.get().pk]


def ben_plays(cast: Cast) -> str:
    return str(Membership.objects.get(shown_name="Ben").pk)


ENSEMBLES: list[dict[str, Any]] = [
    {
        "route": "ensembles:ensemble-create",
        "who": "teacher",
        "fields": lambda cast: {"key": KEY, "name": "Duet", "pupils": [str(cast.student.pk)]},
        "forms": (EnsembleForm,),
    },
    {
        "route": "ensembles:ensemble-detail",
        "who": "teacher",
        "prepare": make_empty,
        "arguments": ensemble,
        "fields": lambda cast: {"pupils": [str(cast.student.pk)]},
        "forms": (PupilsForm,),
    },
    {"route": "ensembles:ensemble-end", "who": "teacher", "prepare": ask_mia, "arguments": ensemble},
    {
        "route": "ensembles:membership-agree",
        "who": "guardian",
        "prepare": ask_mia,
        "arguments": mias,
        "fields": lambda cast: {"shown_name": "Mimi"},
        "forms": (AgreeForm,),
    },
    {"route": "ensembles:membership-end", "who": "student", "prepare": ask_mia, "arguments": mias},
    {
        "route": "ensembles:membership-report",
        "who": "student",
        "prepare": play_with_ben,
        "arguments": bens,
        "fields": lambda cast: {"category": "other", "words": "I am worried."},
        "forms": (ReportForm,),
    },
    {
        "route": "ensembles:entry-together",
        "who": "student",
        "prepare": play_with_ben,
        "arguments": entry,
        "fields": lambda cast: {"players": [ben_plays(cast)]},
        "forms": (TogetherForm,),
    },
    {
        "route": "ensembles:part-answer",
        "who": "student",
        "prepare": be_asked,
        "arguments": part,
        "fields": lambda cast: {"entry": "", "minutes": "25"},
        "forms": (AnswerForm,),
    },
]
