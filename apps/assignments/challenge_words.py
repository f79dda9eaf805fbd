"""How a challenge and how far it is are said."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .challenge_queries import FamilysChallenge, Standing
from .models import Aim, Challenge, Measure


def aim_words(row: Challenge) -> str:
    """The whole aim: "Together 100 sessions"."""
    values = {"count": row.target}
    if row.aim == Aim.TOGETHER:
        if row.measure == Measure.SESSIONS:
            return ngettext("Together %(count)d session", "Together %(count)d sessions", row.target) % values
        if row.measure == Measure.MINUTES:
            return ngettext("Together %(count)d minute", "Together %(count)d minutes", row.target) % values
        words = ngettext(
            "Together %(count)d day with practice", "Together %(count)d days with practice", row.target
        )
        return words % values
    if row.measure == Measure.SESSIONS:
        return ngettext("Each %(count)d session", "Each %(count)d sessions", row.target) % values
    if row.measure == Measure.MINUTES:
        return ngettext("Each %(count)d minute", "Each %(count)d minutes", row.target) % values
    return (
        ngettext("Each %(count)d day with practice", "Each %(count)d days with practice", row.target) % values
    )


def amount_words(row: Challenge, done: int) -> str:
    """What one pupil did for it, in its measure."""
    values = {"count": done}
    if row.measure == Measure.SESSIONS:
        return ngettext("%(count)d session", "%(count)d sessions", done) % values
    if row.measure == Measure.MINUTES:
        return ngettext("%(count)d minute", "%(count)d minutes", done) % values
    return ngettext("%(count)d day with practice", "%(count)d days with practice", done) % values


def standing_words(row: Challenge, standing: Standing) -> str:
    """For the teacher, who may read each diary: how far it is, and of how many."""
    if not standing.people:
        return _("Nobody takes part yet.")
    if row.aim == Aim.TOGETHER:
        return _("%(reached)d of %(size)d") % {"reached": standing.reached, "size": standing.size}
    return _got_there(standing)


def _got_there(standing: Standing) -> str:
    words = ngettext(
        "%(reached)d of %(count)d has got there", "%(reached)d of %(count)d have got there", standing.people
    )
    return words % {"reached": standing.reached, "count": standing.people}


def family_words(found: FamilysChallenge) -> str:
    """For a family, which never learns from it what one other child did."""
    row, standing = found.row, found.standing
    if row.aim == Aim.EACH:
        return "" if standing.is_few else _got_there(standing)
    if standing.is_reached:
        return _("Reached!")
    if standing.is_few:
        return [
            _("Not a quarter of the way yet"),
            _("A quarter of the way"),
            _("Half of the way"),
            _("Three quarters of the way"),
        ][standing.quarters]
    return _("%(reached)d of %(size)d") % {"reached": standing.reached, "size": standing.size}
