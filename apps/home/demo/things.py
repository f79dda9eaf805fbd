"""What each pupil of the demo plays on, and what is coming up, through the services."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from apps.accounts.models import Student, User
from apps.gear.content import CareContent, GearContent
from apps.gear.models import CareKind
from apps.gear.services import add_care, add_gear
from apps.private_teaching.models import Teaching
from apps.repertoire.content import OccasionContent
from apps.repertoire.models import Piece
from apps.repertoire.models.occasions import OccasionKind
from apps.repertoire.services import add_occasion

from .people import Pupil

TITLES = {"en": ("Summer concert", "A check-up"), "de": ("Sommerkonzert", "Durchgesehen")}


def set_out(pupil: Pupil, *, student: Student, teaching: Teaching, family: User, now: datetime) -> None:
    """An instrument that is looked after every half year, and a concert in six weeks with the first piece."""
    began, today = now - timedelta(weeks=pupil.weeks), student.today(now)
    title, words = TITLES[pupil.language]
    gear = add_gear(
        key=_key(pupil, "gear"),
        student=student,
        by=family,
        content=GearContent(name=teaching.instrument, remind_of=CareKind.TUNING, remind_months=6),
        now=began,
    )
    done = CareContent(done_on=today - timedelta(days=90), kind=CareKind.TUNING, words=words)
    add_care(key=_key(pupil, "care"), gear=gear, by=family, content=done, now=now)
    pieces = list(Piece.objects.kept().filter(student=student).order_by("title_key")[:1])
    concert = OccasionContent(
        title=title,
        kind=OccasionKind.PERFORMANCE,
        held_on=today + timedelta(weeks=6),
        target_hours=20,
        pieces=pieces,
    )
    add_occasion(key=_key(pupil, "concert"), student=student, by=teaching.teacher, content=concert, now=now)


def _key(pupil: Pupil, name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"woodshed-demo/{pupil.key}/{name}")
