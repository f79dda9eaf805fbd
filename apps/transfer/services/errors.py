"""What is not possible, for the page to say so."""


class TooManyImports(Exception):
    """This diary has had its share of files for a day."""


class NotNow(Exception):
    """The import is further, or elsewhere, than the page that was open says."""


class FileIsGone(Exception):
    """The file was deleted meanwhile: a day is over, or a worker cannot find it."""


class NotAllowedAnyMore(Exception):
    """Whoever brought the file may not write into this diary any more."""
