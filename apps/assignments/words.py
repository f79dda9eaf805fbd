"""How steps and what was done for them are said."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .queries import Said, StepNow
from .state import Kind, Target


def step_words(step: StepNow) -> str:
    """The step's own words and what it is finished by: "Left hand: 10 times"."""
    goal = _goal(step.target)
    if step.label and goal:
        return f"{step.label}: {goal}"
    return step.label or goal or _("Done")


def _goal(target: Target) -> str:
    if target.kind is Kind.REPETITIONS:
        return times(target.amount or 0)
    if target.kind is Kind.TEMPO:
        return tempo(target.amount or 0)
    if target.kind is Kind.BARS:
        return bars(target.from_bar or 0, target.to_bar or 0)
    return ""


def times(count: int) -> str:
    return ngettext("%(count)d time", "%(count)d times", count) % {"count": count}


def tempo(beats: int) -> str:
    return _("tempo %(tempo)d") % {"tempo": beats}


def bars(first: int, last: int) -> str:
    if first == last:
        return _("bar %(bar)d") % {"bar": first}
    return _("bars %(first)d to %(last)d") % {"first": first, "last": last}


def step_progress(step: StepNow) -> str:
    values = {"reached": step.progress.reached, "size": step.progress.size}
    if step.target.kind is Kind.BARS:
        return _("%(reached)d of %(size)d bars") % values
    if step.target.kind is Kind.TEMPO:
        return _("tempo %(reached)d of %(size)d") % values
    return _("%(reached)d of %(size)d times") % values


def said_words(said: Said) -> str:
    done = said.done
    if done.repetitions is not None:
        return times(done.repetitions)
    if done.tempo is not None:
        return tempo(done.tempo)
    if done.from_bar is not None and done.to_bar is not None:
        return bars(done.from_bar, done.to_bar)
    return _("done")
