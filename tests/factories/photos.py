"""Photos as people send them, and people who have one."""

from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from apps.accounts.models import User
from apps.accounts.photos import read_photo
from apps.accounts.services import change_avatar


class Sent(BytesIO):
    """A file that can be sent several times."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name

    def read(self, size: int | None = -1, /) -> bytes:
        return self.getvalue()


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (300, 200),
    mode: str = "RGB",
    colour: Any = "teal",
    **save: Any,
) -> bytes:
    written = BytesIO()
    Image.new(mode, size, colour).save(written, kind, **save)
    return written.getvalue()


def photo_file(data: bytes | None = None, name: str = "me.jpg") -> Sent:
    return Sent(picture() if data is None else data, name)


def make_avatar(user: User, data: bytes | None = None) -> User:
    sent = picture() if data is None else data
    change_avatar(user=user, photo=read_photo(BytesIO(sent), len(sent)), now=timezone.now())
    return user
