"""What cannot be written, for the page to say so."""

from collections.abc import Sequence

from apps.repertoire.models import Piece


class NotPossible(Exception):
    """What was asked for cannot be saved; ``field`` says beside which input the answer belongs."""

    field = "__all__"


class DayIsInTheFuture(NotPossible):
    """Later than today in the student's zone; ``field`` is the day."""

    def __init__(self, field: str = "started_on") -> None:
        super().__init__(field)
        self.field = field


class LooksTheSame(NotPossible):
    """There are pieces with the same name, and nobody said that this is another one."""

    field = "title"

    def __init__(self, pieces: Sequence[Piece]) -> None:
        super().__init__(pieces)
        self.pieces = pieces


class NameIsTaken(NotPossible):
    """The student has a skill of this name."""

    field = "name"


class TooMany(NotPossible):
    """As many as there can be."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NotThisTeaching(NotPossible):
    """Addressed to a teaching of another student, to another teacher's, or to one that has ended."""

    field = "audience"


class NotThisSection(NotPossible):
    """About a section of another piece, or one that is gone."""

    field = "section"


class NotThisPiece(NotPossible):
    """Named with a piece of another student, or one that is gone."""

    field = "pieces"


class KeyIsTaken(NotPossible):
    """The key that the form made belongs to something that says something else."""


class ChangedMeanwhile(NotPossible):
    """Somebody saved it after the form was drawn; ``version`` is the one that stands now."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


class GoneMeanwhile(NotPossible):
    """Deleted, gone into another piece, or closed to this person since the page was opened."""
