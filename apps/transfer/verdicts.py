"""What is found of a row of a file."""

from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    REFUSED = "refused"
    # Says what another row of the file, or the diary, says already.
    KNOWN = "known"
