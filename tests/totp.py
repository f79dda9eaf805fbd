"""What an authenticator app shows."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

STEP = 30


def code_of(secret: str, *, steps_ago: int = 0) -> str:
    """Six digits; those of now, or of some steps of thirty seconds before (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP - steps_ago)))
