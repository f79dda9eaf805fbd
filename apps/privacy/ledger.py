"""Who was erased, as hashes outside the database, so that a restored backup can be cleaned again.

Keys are random (122 bits), so a plain hash tells nobody whose it is, and needs no secret that could be
lost or changed. One small file per erasure: nothing is ever rewritten.
"""

import hashlib
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "erasures"
# The folder of erasures that were stopped, so that a backup does not bring them back.
STOPPED = "stopped"


def hash_of(subject: str, key: UUID) -> str:
    return hashlib.sha256(f"woodshed:{subject}:{key}".encode()).hexdigest()


def write(subject: str, key: UUID) -> None:
    """Note the erasure before anything of it is done. Twice changes nothing."""
    if not knows(subject, key):
        default_storage.save(_path(subject, key), ContentFile(b"erased\n"))


def _path(subject: str, key: UUID) -> str:
    return f"{FOLDER}/{subject}/{hash_of(subject, key)}"


def knows(subject: str, key: UUID) -> bool:
    return default_storage.exists(_path(subject, key))


def read(subject: str) -> frozenset[str]:
    """The hashes of all erased diaries, of all erased people, or of all stopped erasures."""
    try:
        _folders, names = default_storage.listdir(f"{FOLDER}/{subject}")
    except FileNotFoundError:  # a disk knows folders, and nothing was erased yet; an object store knows none
        return frozenset()
    return frozenset(names)
