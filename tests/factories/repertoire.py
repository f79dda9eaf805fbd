from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Student, User
from apps.repertoire import services
from apps.repertoire.content import NoteContent, OccasionContent, PieceContent, SectionContent, SkillContent
from apps.repertoire.models import Note, Occasion, Piece, PieceSection, Skill


def make_piece(
    student: Student,
    by: User,
    title: str = "Minuet in G",
    *,
    status: str = "learning",
    now: datetime | None = None,
    **content: Any,
) -> Piece:
    """Made the way the product makes it; one that looks like another is made all the same."""
    return services.add_piece(
        key=uuid4(),
        student=student,
        by=by,
        content=PieceContent(title=title, **content),
        status=status,
        anyway=True,
        now=now or timezone.now(),
    )


def make_section(piece: Piece, by: User, name: str = "Beginning", **content: Any) -> PieceSection:
    return services.add_section(
        key=uuid4(), piece=piece, by=by, content=SectionContent(name=name, **content), now=timezone.now()
    )


def make_skill(student: Student, by: User, name: str = "Vibrato", **content: Any) -> Skill:
    return services.add_skill(
        key=uuid4(), student=student, by=by, content=SkillContent(name=name, **content), now=timezone.now()
    )


def make_note(about: Piece | Skill, by: User, body: str = "Slowly", **content: Any) -> Note:
    return services.add_note(
        key=uuid4(), about=about, by=by, content=NoteContent(body=body, **content), now=timezone.now()
    )


def make_occasion(
    student: Student, by: User, title: str = "Summer concert", *, held_on: date | None = None, **content: Any
) -> Occasion:
    """In thirty days, if no day is given."""
    now = timezone.now()
    day = held_on or student.today(now) + timedelta(days=30)
    return services.add_occasion(
        key=uuid4(),
        student=student,
        by=by,
        content=OccasionContent(title=title, held_on=day, **content),
        now=now,
    )
