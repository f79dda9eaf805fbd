"""News in numbers."""

from tests.conftest import Cast
from tests.factories.assignments import make_assignment


def told(cast: Cast, numbers: range) -> None:
    for number in numbers:
        make_assignment(cast.teaching, f"Row {number}")
