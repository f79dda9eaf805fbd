"""Which photo a page showed, signed: exactly this one is reported, whatever becomes of it meanwhile."""

from uuid import UUID

from django.core import signing

from apps.accounts.models import User

# Of these words alone: a signature for something else is none here.
SALT = "safeguarding.shown-photo"


def seal(path: str, *, reader: User, person: UUID) -> str:
    """That this reader was shown this file as the photo of this person."""
    return signing.dumps([str(reader.pk), str(person), path], salt=SALT)


def sealed(token: str, *, reader: User, person: UUID) -> str:
    """The file, or nothing if we did not say so to this reader. It holds without end: a report that comes
    late is better than one that is lost."""
    try:
        who, whose, path = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return ""
    return str(path) if (who, whose) == (str(reader.pk), str(person)) else ""
