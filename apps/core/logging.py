"""What must not stand in a log."""

import logging
import re

# The path of an invitation, of a link to read along, of a consent's mail, of a child's card or of an
# account mail's link, plain or inside a query string, and the secret.
SECRET_PATH = re.compile(
    r"((?:join|consents|family(?:/|%2F)read|child(?:/|%2F)card|confirm-email|reset(?:/|%2F)key)(?:/|%2F))"
    r"(?:%3A|[\w:-])+",
    re.IGNORECASE,
)


class RedactSecretLinks(logging.Filter):
    """Blots out the secrets of links that error lines quote, e.g. "Forbidden: /join/…/accept/"."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = SECRET_PATH.sub(r"\1…", message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True
