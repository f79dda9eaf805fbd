"""What was said, and what it comes to."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import Guardianship, Student, User

from .models import ConsentEvent, Method, Purpose
from .texts import PICTURES_SINCE, Text, text_of

# How much of a long history one page shows.
HISTORY = 50


def consents_of(student_id: UUID) -> dict[Purpose, ConsentEvent]:
    """The last word on each purpose that anything was said about."""
    events = ConsentEvent.objects.of([student_id]).latest_words().select_related("by")
    return {Purpose(event.purpose): event for event in events}


def has_agreed(student_id: UUID, purpose: Purpose) -> bool:
    """Whether this may be done with the student's data. Nothing may unless the diary may be kept at all."""
    found = consents_of(student_id)
    return all(each in found and found[each].given for each in (Purpose.CORE, purpose))


def pictures_are_agreed_to(student_id: UUID) -> bool:
    """Whether the words about the diary that somebody agreed to last named pictures."""
    last = last_word(student_id, Purpose.CORE)
    return last is not None and last.given and last.text_version >= PICTURES_SINCE


def waits_for_pictures(student: Student) -> bool:
    """Whether pictures alone are not agreed to; where nothing at all may be kept, that is to be said."""
    return student.collecting and not pictures_are_agreed_to(student.pk)


def last_word(student_id: UUID, purpose: str) -> ConsentEvent | None:
    return ConsentEvent.objects.filter(student_id=student_id, purpose=purpose).order_by("-pk").first()


def given_by(user: User, student_id: UUID) -> list[ConsentEvent]:
    """What stands by this person's word."""
    return [event for event in consents_of(student_id).values() if event.given and event.by_id == user.pk]


@dataclass(frozen=True)
class Row:
    """One purpose on the page: today's text, and the last word on it, if there is one."""

    text: Text
    event: ConsentEvent | None

    @property
    def is_given(self) -> bool:
        return self.event is not None and self.event.given

    @property
    def is_by_staff(self) -> bool:
        """Taken back because whoever had agreed was no guardian."""
        return self.event is not None and self.event.method == Method.OBJECTION

    @property
    def is_older(self) -> bool:
        """What was agreed to is not what stands there today."""
        return self.event is not None and self.event.given and self.event.text_version != self.text.version


def rows_of(student_id: UUID) -> list[Row]:
    found = consents_of(student_id)
    return [Row(text_of(purpose), found.get(purpose)) for purpose in Purpose]


@dataclass(frozen=True)
class Said:
    """One line of the history, with the words as they were."""

    event: ConsentEvent
    text: Text


def history_of(student_id: UUID) -> list[Said]:
    """What was said, newest first; at most ``HISTORY`` lines, the rest is in the copy of the diary."""
    events = ConsentEvent.objects.of([student_id]).select_related("by").order_by("-pk")[:HISTORY]
    return [Said(event, text_of(event.purpose, event.text_version)) for event in events]


def others_who_decide(student: Student, by: User) -> list[User]:
    """The other guardians, who hear of what one of them said."""
    guardians = Guardianship.objects.current().filter(student=student).exclude(guardian=by)
    return [row.guardian for row in guardians.select_related("guardian").order_by("started_at", "pk")]


def drifted() -> QuerySet[Student]:
    """Students whose column does not say what the ledger says; there should be none."""
    newest = (
        ConsentEvent.objects.filter(student_id=OuterRef("pk"), purpose=Purpose.CORE)
        .order_by("-pk")
        .values("given")[:1]
    )
    return Student.objects.annotate(said=Coalesce(Subquery(newest), False)).exclude(collecting=F("said"))


def is_still_guardian(user: User, student_id: UUID) -> bool:
    return (
        user.is_active and Guardianship.objects.current().filter(guardian=user, student=student_id).exists()
    )
