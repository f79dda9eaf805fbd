"""What must not stand in a log."""

import logging
import re

# The path of an invitation, plain or inside a query string, and the secret after it.
SECRET_PATH = re.compile(r"(join(?:/|%2F))[\w-]+", re.IGNORECASE)


class RedactSecretLinks(logging.Filter):
    """Blots out the secrets of links that error lines quote, e.g. "Forbidden: /join/…/accept/"."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = SECRET_PATH.sub(r"\1…", message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True
