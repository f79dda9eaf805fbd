"""What is added by a form that carries its row's key, and never changed: why it cannot be, and that it is
added once. Shared by the apps that keep what people bring along, files above all."""

from django.db import IntegrityError, transaction
from django.db.models import Model


class NotPossible(Exception):
    """What was asked for cannot be saved."""


class TooMany(NotPossible):
    """There are as many as there can be at this place."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class PicturesAreNotAgreedTo(NotPossible):
    """Whoever agreed that the diary is kept was not told of pictures (``consent.texts``)."""


class KeyIsTaken(NotPossible):
    """The key that the form made belongs to something that says something else."""


class GoneMeanwhile(NotPossible):
    """Deleted or closed to this person since the page was opened."""


def insert(row: Model) -> None:
    """In the transaction around it, which goes on. Raises KeyIsTaken."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if not type(row)._default_manager.filter(pk=row.pk).exists():
            raise
        raise KeyIsTaken from error
