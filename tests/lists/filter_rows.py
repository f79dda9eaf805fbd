"""Rows of what a history is filtered by, and of what somebody goes on with."""

from apps.practice.content import Line
from apps.practice.services.areas import MOST_AREAS
from apps.practice.services.filters import MOST_FILTERS
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.practice import make_entry, make_filter


def saved(cast: Cast, numbers: range) -> None:
    for number in numbers:
        if number < MOST_FILTERS:
            make_filter(cast.user("guardian"), cast.student, f"Row {number}")


def kept_by_many(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_filter(make_user(f"Reader {number}"), cast.student, f"Row {number}")


def areas(cast: Cast, numbers: range) -> None:
    for number in numbers:
        if number < MOST_AREAS:
            make_entry(cast.student, cast.user("guardian"), minutes=1, own_area=f"Row {number}")


def children(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_guardianship(make_student(f"Row {number}"), cast.user("guardian"))


def hard_sessions(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_entry(
            cast.student,
            cast.user("guardian"),
            minutes=3,
            struggles=f"Row {number}",
            lines=[Line(f"Row {number}"), Line("Scale", kind="exercise")],
        )
