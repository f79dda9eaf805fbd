"""What a form hands to the service."""

from dataclasses import dataclass
from typing import Any

from apps.core.pictures import Picture

from .models import Kind


@dataclass(frozen=True, kw_only=True)
class EvidenceContent:
    """A link, a note, or a picture with the name that its file had; ``body`` says what it shows."""

    kind: str
    body: str = ""
    link: str = ""
    picture: Picture | None = None
    file_name: str = ""

    def columns(self) -> dict[str, Any]:
        """What goes into the row, but for the name under which the file was stored.

        Two pictures of one name are told apart by their sizes: phones call all of theirs alike.
        """
        names = ("kind", "body", "link", "file_name")
        found = {name: getattr(self, name) for name in names}
        if self.picture is not None:
            sizes = {"width": self.picture.width, "height": self.picture.height}
            found |= sizes | {"file_size": len(self.picture.data)}
        return found


def a_note(body: str) -> EvidenceContent:
    return EvidenceContent(kind=Kind.NOTE, body=body)


def a_link(link: str, body: str = "") -> EvidenceContent:
    return EvidenceContent(kind=Kind.LINK, link=link, body=body)


def a_picture(picture: Picture, file_name: str, body: str = "") -> EvidenceContent:
    return EvidenceContent(kind=Kind.SCREENSHOT, picture=picture, file_name=file_name, body=body)
