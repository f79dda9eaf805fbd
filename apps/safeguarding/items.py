"""What can be reported, as an upper app hands it over."""

from dataclasses import dataclass
from uuid import UUID

# The kind of item that the team can take down itself: the photo of an account.
PHOTO = "photo"
# Another kind that is a file of the storage: a picture in a diary, which goes with its row.
PICTURE = "picture"
PICTURE_FOLDER = "evidence"
# The pages of sheet music, likewise.
SCORE = "score"
SCORE_FOLDER = "scores"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing that somebody may see and report. ``text`` is what stands there now: the evidence.

    ``title`` names it on the page; ``back_url`` is where it stands. What is about no student has no
    ``student_id``. A photo may be gone, or another one, when the report is sent: ``shown`` is what the page's
    form carries to say which one it was. Without a ``text`` the photo of that moment is reported.
    """

    kind: str
    pk: UUID
    student_id: UUID | None
    author_id: UUID | None
    text: str
    title: str
    back_url: str
    shown: str = ""
