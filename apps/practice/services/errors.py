"""What cannot be written, for the page to say so."""

from uuid import UUID


class EntryIsNotPossible(Exception):
    """What was asked for cannot be saved; ``field`` says beside which input the answer belongs."""

    field = "__all__"


class SessionIsTooShort(EntryIsNotPossible):
    """Less than a minute."""

    field = "minutes"


class SessionIsTooLong(EntryIsNotPossible):
    """Longer than the student's limit."""

    field = "minutes"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class DayIsTooLong(EntryIsNotPossible):
    """All sessions of one day together would be longer than a day."""

    field = "minutes"


class DayIsInTheFuture(EntryIsNotPossible):
    """Later than today in the student's zone."""

    field = "practised_on"


class TooManyLines(EntryIsNotPossible):
    """More lines than one session can have."""

    field = "again"


class LinesAreLongerThanTheSession(EntryIsNotPossible):
    """The lines' minutes add up to more than the session's."""

    field = "minutes"


class LinesAreShorterThanTheSession(EntryIsNotPossible):
    """Every line says its minutes, and together they are fewer than the session's."""

    field = "minutes"


class LineHasNoTitle(EntryIsNotPossible):
    """A line that does not say what was practised."""


class LineIsTooLong(EntryIsNotPossible):
    """A line's title has more characters than its column takes."""


class LineKindIsUnknown(EntryIsNotPossible):
    """A line is neither a piece nor an exercise."""


class LineMinutesAreNotPossible(EntryIsNotPossible):
    """A line says less than a minute, or more than a day."""


class TempoIsNotPossible(EntryIsNotPossible):
    """A line says a tempo that no metronome has."""


class RepetitionsAreNotPossible(EntryIsNotPossible):
    """A line says that something was repeated less than once, or too often to be true."""


class NotTheirs(EntryIsNotPossible):
    """A line is attached to a piece or skill of another student, to a section of another piece, or to
    something that was deleted or merged at this moment; or a focus area is another student's own."""


class TooManyAreas(EntryIsNotPossible):
    """The student has as many own focus areas as there can be."""

    field = "own_area"


class NothingWasSaid(EntryIsNotPossible):
    """Neither a line nor a description that is long enough."""

    field = "description"


class TextIsTooLong(EntryIsNotPossible):
    """More characters than its column takes."""

    def __init__(self, field: str, limit: int) -> None:
        super().__init__(field, limit)
        self.field, self.limit = field, limit


class NotThisTeaching(EntryIsNotPossible):
    """Addressed to a teaching of another student, or one that has ended."""

    field = "addressed_to"


class NotThisThing(EntryIsNotPossible):
    """An instrument or an occasion of another student, or one that is gone; ``field`` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class KeyIsTaken(EntryIsNotPossible):
    """The client-made key belongs to something else."""


class SavedBeforeOtherwise(KeyIsTaken):
    """This entry was saved before with other words: somebody went back to the form and sent it anew."""


class AnswerIsOvertaken(EntryIsNotPossible):
    """What an app above asked about was changed or taken away since the form was drawn."""


class ChangedMeanwhile(EntryIsNotPossible):
    """Somebody saved the entry after the form was drawn; ``version`` is the one that stands now."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


class EntryAlreadyLogged(Exception):
    """This very entry was saved before: the form was sent twice."""

    def __init__(self, entry_id: UUID) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


class EntryIsLocked(Exception):
    """Deleted or closed to this person since the page was opened."""
