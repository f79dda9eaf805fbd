"""What each pupil of the demo learns: pieces with sections and notes, skills, through the services."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from apps.accounts.models import Student, User
from apps.private_teaching.models import Teaching
from apps.repertoire import services
from apps.repertoire.content import NoteContent, PieceContent, SectionContent, SkillContent
from apps.repertoire.models import Piece
from apps.repertoire.models.pieces import PieceStatus
from apps.repertoire.models.skills import LONGEST_NAME, SkillCategory

from .people import Pupil

# The first piece is the newest one.
COURSE = (PieceStatus.LEARNING, PieceStatus.POLISHING, PieceStatus.READY)
WORDS = {
    "en": ("Opening", "Slowly, and count aloud. The left hand leads.", "How it can sound"),
    "de": ("Anfang", "Langsam, und laut mitzählen. Die linke Hand führt.", "So kann es klingen"),
}
SCALES = ("scale", "major", "minor", "tonleiter", "dur", "moll")


def write_down(pupil: Pupil, *, student: Student, teaching: Teaching, family: User, now: datetime) -> None:
    """The family writes the pieces down; the teacher says how far each is, and leaves a word and a link."""
    began, teacher = now - timedelta(weeks=pupil.weeks), teaching.teacher
    section, words, listen = WORDS[pupil.language]
    for number, name in enumerate(pupil.pieces):
        piece = _piece(pupil, name, student=student, by=family, now=began)
        for step, status in enumerate(COURSE[1 : number % len(COURSE) + 1], 1):
            at = began + (now - began) * step / 4
            services.set_status(piece=piece, by=teacher, status=status, now=at)
        if number == 0:
            content = SectionContent(name=section, from_bar=1, to_bar=16, target_tempo=96)
            key = key_of(pupil, name, "section")
            services.add_section(key=key, piece=piece, by=teacher, content=content, now=began)
            _note(pupil, piece, by=teacher, content=NoteContent(body=words), now=began)
        link = NoteContent(body=listen, link="https://example.org/")
        _note(pupil, piece, by=teacher, content=link, now=began)
    for name in pupil.exercises:
        is_scale = any(word in name.lower() for word in SCALES)
        category = SkillCategory.SCALE if is_scale else SkillCategory.TECHNIQUE
        skill = SkillContent(name=name[:LONGEST_NAME], category=category)
        services.add_skill(key=key_of(pupil, name), student=student, by=family, content=skill, now=began)


def key_of(pupil: Pupil, *name: str) -> UUID:
    """Of a piece or an exercise by its name, or of what hangs on it."""
    return uuid5(NAMESPACE_URL, "/".join(["woodshed-demo", pupil.key, *name]))


def _piece(pupil: Pupil, name: str, *, student: Student, by: User, now: datetime) -> Piece:
    """From "Composer: Title", or a title alone."""
    composer, colon, title = name.partition(": ")
    content = PieceContent(
        title=title if colon else name, composer=composer if colon else "", started_on=student.today(now)
    )
    return services.add_piece(key=key_of(pupil, name), student=student, by=by, content=content, now=now)


def _note(pupil: Pupil, piece: Piece, *, by: User, content: NoteContent, now: datetime) -> None:
    key = key_of(pupil, piece.title, content.body)
    services.add_note(key=key, about=piece, by=by, content=content, now=now)
