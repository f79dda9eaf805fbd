"""Why a file cannot be read, for the page to say so."""


class FileIsNotPossible(Exception):
    """The whole file; no row of it was looked at for its own sake."""


class FileIsTooLarge(FileIsNotPossible):
    """More bytes than are taken."""


class FileHasTooManyRows(FileIsNotPossible):
    """More rows than are taken; the rest was not read."""


class FileIsNoTable(FileIsNotPossible):
    """Neither text with columns nor a workbook."""


class FileIsAnOldWorkbook(FileIsNoTable):
    """A workbook of the time before 2007, or one with a password: both look the same from outside."""


class FileIsBroken(FileIsNotPossible):
    """It ends in the middle, or is damaged."""


class FileUnpacksTooLarge(FileIsNotPossible):
    """A workbook that would become far more than it looks: a zip bomb, whether anybody meant it or not."""


class FileIsEmpty(FileIsNotPossible):
    """No row beside the names of the columns, or not even these."""
