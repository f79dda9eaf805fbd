"""Ensembles of the sweep's world: who plays, who is asked, and what was said."""

from datetime import datetime

from django.db.models import Model

from apps.accounts.models import Student, User
from apps.ensembles import services
from apps.ensembles.models import Ensemble, Membership
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.ensembles import agree, ask_players, make_ensemble, make_pupil, membership_of
from tests.factories.practice import make_entry
from tests.factories.safeguarding import make_case

ABSENT = "00000000-0000-4000-8000-000000000000"
Values = dict[str, str]


def ensembles_of(cast: Cast, now: datetime) -> dict[tuple[str, ...], dict[str, Values]]:
    """Of Mia's teacher: one with Pia, who is in nobody else's sight, one that only asks, one that ended. Of
    Noah's: one with Olga. Mia's diary is to be erased, so nobody of hers plays with anybody."""
    teacher, other_teacher = cast.user("teacher"), cast.user("other_teacher")
    (pia, pias), (olga, olgas) = make_pupil(teacher, "Pia"), make_pupil(other_teacher, "Olga")
    # As for Mia and Noah: whichever row the staff's site shows, a case is open for it.
    for student in (pia, olga):
        make_case(cast.user("superuser"), student)

    def make(name: str, leader: str, *students: Student) -> Ensemble:
        row = make_ensemble(cast.user(leader), *students, name=f"Duet Qz{name}")
        cast.canaries.plant(f"name of the ensemble {name}", f"Qz{name}", tap.ensemble_readers(row))
        return row

    def play(row: Membership, by: User, word: str) -> Membership:
        found = agree(row.ensemble, row.teaching.student, by, word)
        cast.canaries.plant(f"name for other players {word}", word, tap.player_readers(found))
        return found

    first = make("firstensemble", "teacher", cast.student, pia)
    asking = make("askingensemble", "teacher", cast.student)
    foreign = make("foreignensemble", "other_teacher", cast.other_student, olga)
    ended = make("endedensemble", "teacher", cast.student)
    services.end_ensemble(ensemble=ended, by=teacher, now=now)
    mia = play(membership_of(first, cast.student), cast.user("guardian"), "Qzmiaplays")
    other = play(membership_of(first, pia), pias, "Qzpiaplays")
    noah = play(membership_of(foreign, cast.other_student), cast.user("other_guardian"), "Qznoahplays")
    olga_plays = play(membership_of(foreign, olga), olgas, "Qzolgaplays")
    (to_mia,) = ask_players(make_entry(pia, pias, minutes=7), mia, by=pias)
    said = make_entry(olga, olgas, minutes=7)
    (to_noah,) = ask_players(said, noah, by=olgas)
    (answered,) = ask_players(make_entry(olga, olgas, minutes=8), noah, by=olgas)
    by, own = cast.user("other_guardian"), make_entry(cast.other_student, cast.user("other_guardian"))
    services.confirm_part(part=answered, by=by, entry=own, now=now)
    keys: dict[str, dict[str, Model]] = {
        "ensemble": {"first": first, "foreign": foreign, "ended": ended},
        "membership": {
            "mia": mia,
            "asked": membership_of(asking, cast.student),
            "other": other,
            "noah": noah,
            "olga": olga_plays,
        },
        "part": {"mia": to_mia, "noah": to_noah, "answered": answered},
    }
    return {
        (kind,): {"absent": {kind: ABSENT}} | {name: {kind: str(row.pk)} for name, row in rows.items()}
        for kind, rows in keys.items()
    }
