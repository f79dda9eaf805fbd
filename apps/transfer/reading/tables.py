"""What a file holds, whatever kind it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is what a spreadsheet shows beside it; the cells are text."""

    number: int
    cells: list[str]
