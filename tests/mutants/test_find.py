"""That the finder finds: one mutant for each check of a piece of code, each still a program."""

import argparse
import ast

import pytest

from .__main__ import chosen, explained
from .find import OPEN_DOOR, ROOT, Mutant, all_mutants, door_mutants, guard_mutants, rule_mutants

FEWEST = 60


def afters(mutants: list[Mutant], source: str) -> set[str]:
    """What the changed line of each says."""
    before = source.splitlines()
    found = set()
    for mutant in mutants:
        after = mutant.applied(source).splitlines()
        found |= {line.strip() for line in after if line not in before}
    return found


def test_a_rule_loses_each_condition_alone() -> None:
    source = "def may(user):\n    return Q(a=1, b=2) & ~Q(c__in=user) | own(user)\n"
    assert afters(list(rule_mutants("permissions.py", source)), source) == {
        "return (Q(a=1, b=2) & ~Q(c__in=user))",
        "return (own(user))",
        "return (Q(a=1, b=2)) | own(user)",
        "return (~Q(c__in=user)) | own(user)",
        "return Q(b=2) & ~Q(c__in=user) | own(user)",
        "return Q(a=1) & ~Q(c__in=user) | own(user)",
        "return Q(a=1, b=2) & (Q(c__in=user)) | own(user)",
        "return Q(a=1, b=2) & ~Q() | own(user)",
    }


def test_a_query_loses_each_filter_and_each_arm() -> None:
    source = "found = Row.objects.current().filter(user=user).union(guests, teachers)\n"
    assert afters(list(rule_mutants("permissions.py", source)), source) == {
        "found = Row.objects.current().filter(user=user).union(teachers)",
        "found = Row.objects.current().filter(user=user).union(guests)",
        "found = Row.objects.current().union(guests, teachers)",
        "found = Row.objects.all().filter(user=user).union(guests, teachers)",
    }


def test_of_models_only_the_query_sets_count() -> None:
    source = (
        "class RowQuerySet:\n    def current(self):\n        return self.filter(ended=None)\n"
        "class Row:\n    check = Q(a=1, b=2)\n    ended: date | None\n"
    )
    assert afters(list(rule_mutants("models.py", source)), source) == {"return self.all()"}


def test_a_view_loses_its_door_its_decorator_and_its_refusal() -> None:
    source = (
        "@login_required\ndef page(request, pk):\n"
        '    row = get_allowed_or_404(Row.objects.all(), "view", request.user, pk=pk)\n'
        '    other = entry_or_404(request.user, pk, "change")\n'
        "    if row.is_over:\n        raise Http404\n"
    )
    mutants = list(door_mutants("views.py", source))
    assert afters(mutants, source) - {""} == {
        f"row = {OPEN_DOOR}(Row.objects.all(), pk=pk)",
        f"other = {OPEN_DOOR}(entry_or_404.rows(request.user), pk=pk)",
        "if False:",
    }
    assert [mutant.applied(source).startswith("\ndef page") for mutant in mutants].count(True) == 1


def test_a_service_loses_its_refusal() -> None:
    source = (
        "def give(row):\n    if row.is_over:\n        raise TooLate\n    if row.name:\n        row.save()\n"
    )
    assert afters(list(guard_mutants("services.py", source)), source) == {"if False:"}


def test_letters_of_several_bytes_do_not_shift_the_cut() -> None:
    source = 'found = Q(a="ü→é", b=2)\n'
    assert afters(list(rule_mutants("permissions.py", source)), source) == {
        "found = Q(b=2)",
        'found = Q(a="ü→é")',
    }


@pytest.mark.parametrize("number", [0, -1])
def test_a_mutant_knows_its_line(number: int) -> None:
    mutant = all_mutants()[number]
    lines = (ROOT / mutant.path).read_text().splitlines()
    assert mutant.before.splitlines()[0] in lines[mutant.line - 1]


def test_there_are_enough_and_each_is_a_program() -> None:
    mutants = all_mutants()
    assert len(mutants) >= FEWEST
    for mutant in mutants:
        changed = mutant.applied((ROOT / mutant.path).read_text())
        ast.parse(changed)
        assert changed != (ROOT / mutant.path).read_text()


def test_other_code_does_not_change_what_is_chosen() -> None:
    """The tenth of one folder is the same alone as among all."""

    def names(only: str) -> list[str]:
        return [mutant.name for mutant in chosen(argparse.Namespace(only=only, every=10))]

    every, part = names(""), names("apps/practice/")
    assert part == [name for name in every if name.startswith("apps/practice/")]
    assert len(every) >= FEWEST
    assert len(part) < len(every)


def test_what_is_explained_is_still_there() -> None:
    assert {*explained()} - {mutant.name for mutant in all_mutants()} == set()
    assert all(explained().values())
