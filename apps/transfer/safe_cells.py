"""Cells of text that a spreadsheet would take for a formula, and the way back.

A spreadsheet runs what begins with one of these signs; a file that somebody opens must run nothing that
somebody else wrote into a diary (CWE-1236). An apostrophe before it says "text" to all of them. A text that
has such apostrophes itself gets one more, so that each text has one spelling and comes back as it was.
"""

import re

# The full-width ones are read as the others by spreadsheets in East Asian languages.
BEGINS_A_FORMULA = r"[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]"
_RISKY = re.compile(rf"'*{BEGINS_A_FORMULA}")
_GUARDED = re.compile(rf"'+{BEGINS_A_FORMULA}")


def guarded(text: str) -> str:
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """As it was before ``guarded``."""
    return text[1:] if _GUARDED.match(text) else text


def is_risky(text: str) -> bool:
    return bool(_RISKY.match(text))
