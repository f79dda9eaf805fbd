"""What is written about pieces and skills, and what cannot be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Student
from apps.accounts.services import CollectionIsOff
from apps.core.models import AuditEvent
from apps.repertoire import services
from apps.repertoire.content import NoteContent, PieceContent, SectionContent, SkillContent
from apps.repertoire.models import Note, Piece, PieceSection, PieceStatusChange, Skill
from tests.conftest import Cast
from tests.factories.repertoire import make_note, make_piece, make_section, make_skill


def add(cast: Cast, title: str, composer: str = "", **more: Any) -> Piece:
    given: dict[str, Any] = {
        "key": uuid4(),
        "student": cast.student,
        "by": cast.user("guardian"),
        "content": PieceContent(title=title, composer=composer),
        "now": timezone.now(),
    }
    return services.add_piece(**(given | more))


def history(piece: Piece) -> list[tuple[str, str]]:
    rows = PieceStatusChange.objects.filter(piece=piece).order_by("changed_at", "pk")
    return list(rows.values_list("status", "was_called"))


class TestPieces:
    def test_a_new_one_begins_its_history_and_its_notes(self, cast: Cast) -> None:
        piece = add(cast, "Minuet", status="polishing", words="From the green book")
        assert history(piece) == [("polishing", "")]
        note = Note.objects.get(piece=piece)
        assert (note.body, note.author, note.is_private) == (
            "From the green book",
            cast.user("guardian"),
            False,
        )

    def test_sent_twice_it_is_there_once(self, cast: Cast) -> None:
        key = uuid4()
        first, again = add(cast, "Minuet", key=key), add(cast, "Minuet", key=key)
        assert first.pk == again.pk
        with pytest.raises(services.KeyIsTaken):
            add(cast, "Musette", key=key)
        assert Piece.objects.count() == 1
        with pytest.raises(services.KeyIsTaken):
            add(cast, "Minuet", key=key, student=cast.other_student, by=cast.user("other_guardian"))

    def test_what_was_typed_besides_is_not_lost_the_second_time(self, cast: Cast) -> None:
        """The first answer was lost on its way; then somebody wrote more and pressed Save again."""
        given: dict[str, Any] = {"key": uuid4(), "status": "polishing", "words": "Slowly"}
        piece = add(cast, "Minuet", **given)
        services.set_status(piece=piece, by=cast.user("teacher"), status="ready", now=timezone.now())
        assert add(cast, "Minuet", **given) == piece
        for more in ({"words": "Slowly, and count"}, {"status": "archived"}):
            with pytest.raises(services.KeyIsTaken):
                add(cast, "Minuet", **(given | more))
        assert Note.objects.get().body == "Slowly"

    @pytest.mark.parametrize(
        ("title", "composer"),
        [("minuet IN g!", "BACH"), ("Minuet in G", "J. S. Bach"), ("Mínuet in G", "")],
    )
    def test_one_that_is_there_already_is_asked_about(self, cast: Cast, title: str, composer: str) -> None:
        known = add(cast, "Minuet in G", "Bach, Johann Sebastian")
        with pytest.raises(services.LooksTheSame) as found:
            add(cast, title, composer)
        assert found.value.pieces == [known]
        assert add(cast, title, composer, anyway=True).pk != known.pk

    def test_another_composers_or_another_students_is_another(self, cast: Cast) -> None:
        add(cast, "Minuet in G", "Bach")
        add(cast, "Minuet in G", "Beethoven")
        add(cast, "Minuet in G", "Bach", student=cast.other_student, by=cast.user("other_guardian"))
        assert Piece.objects.count() == 3

    def test_a_deleted_one_is_in_nobodys_way(self, cast: Cast) -> None:
        services.delete_piece(piece=add(cast, "Minuet"), by=cast.user("guardian"), now=timezone.now())
        assert add(cast, "Minuet").deleted_at is None

    def test_not_begun_tomorrow(self, cast: Cast) -> None:
        """The student's tomorrow."""
        Student.objects.filter(pk=cast.student.pk).update(time_zone="Pacific/Kiritimati")
        cast.student.refresh_from_db()
        today = cast.student.today(timezone.now())
        piece = add(cast, "Minuet", content=PieceContent(title="Minuet", started_on=today))
        late = PieceContent(title="Musette", started_on=today + timedelta(days=1))
        with pytest.raises(services.DayIsInTheFuture):
            add(cast, "Musette", content=late)
        with pytest.raises(services.DayIsInTheFuture):
            services.change_piece(piece=piece, by=cast.user("guardian"), content=late, now=timezone.now())

    def test_each_status_leaves_a_row(self, cast: Cast) -> None:
        piece, by = add(cast, "Minuet"), cast.user("teacher")
        for status in ("polishing", "polishing", "ready", "archived", "learning"):
            services.set_status(piece=piece, by=by, status=status, now=timezone.now())
        names = ["learning", "polishing", "ready", "archived", "learning"]
        assert history(piece) == [(name, "") for name in names]
        assert PieceStatusChange.objects.latest("changed_at").changed_by == by

    def test_each_row_says_whose_hand_it_was(self, cast: Cast) -> None:
        by, other, now = cast.user("guardian"), cast.user("teacher"), timezone.now()
        rows: list[Any] = [make_piece(cast.student, by), make_skill(cast.student, by)]
        rows.append(make_section(rows[0], by))
        services.change_piece(piece=rows[0], by=other, content=PieceContent(title="Menuett"), now=now)
        services.change_skill(skill=rows[1], by=other, content=SkillContent(name="Trills"), now=now)
        services.delete_section(section=rows[2], by=other, now=now)
        for row in rows:
            row.refresh_from_db()
            assert (row.added_by, row.changed_by) == (by, other)

    def test_two_who_change_it_at_once(self, cast: Cast) -> None:
        piece, by, now = add(cast, "Minuet"), cast.user("guardian"), timezone.now()
        first, other = PieceContent(title="Menuett"), PieceContent(title="Minuetto")
        changed = services.change_piece(piece=piece, by=by, content=first, version="", now=now)
        with pytest.raises(services.ChangedMeanwhile) as found:
            services.change_piece(piece=piece, by=by, content=other, version="", now=now)
        assert found.value.version == changed.version
        # The same words again are the form sent twice.
        services.change_piece(piece=piece, by=by, content=first, version="", now=now)
        services.change_piece(piece=piece, by=by, content=other, version=changed.version, now=now)
        piece.refresh_from_db()
        assert (piece.title, piece.title_key) == ("Minuetto", "minuetto")

    def test_nothing_is_kept_where_nobody_agreed(self, cast: Cast) -> None:
        piece, skill = add(cast, "Minuet"), make_skill(cast.student, cast.user("guardian"))
        section = make_section(piece, cast.user("guardian"))
        Student.objects.update(collecting=False)
        by, now = cast.user("guardian"), timezone.now()
        coda, trills = SectionContent(name="Coda"), SkillContent(name="Trills")
        musette, slowly = PieceContent(title="Musette"), NoteContent(body="Slowly")
        writes: list[Callable[[], object]] = [
            lambda: add(cast, "Musette"),
            lambda: services.change_piece(piece=piece, by=by, content=musette, now=now),
            lambda: services.set_status(piece=piece, by=by, status="ready", now=now),
            lambda: services.add_section(key=uuid4(), piece=piece, by=by, content=coda, now=now),
            lambda: services.change_section(section=section, by=by, content=coda, now=now),
            lambda: services.add_skill(key=uuid4(), student=cast.student, by=by, content=trills, now=now),
            lambda: services.change_skill(skill=skill, by=by, content=trills, now=now),
            lambda: services.add_note(key=uuid4(), about=piece, by=by, content=slowly, now=now),
        ]
        for write in writes:
            with pytest.raises(CollectionIsOff):
                write()
        # What takes something away goes on.
        services.delete_section(section=section, by=by, now=now)
        services.delete_piece(piece=piece, by=by, now=now)
        services.delete_skill(skill=skill, by=by, now=now)

    def test_no_more_than_a_page_can_show(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        by = cast.user("guardian")
        for place in ("pieces.MOST_PIECES", "pieces.MOST_SECTIONS", "skills.MOST_SKILLS", "notes.MOST_NOTES"):
            monkeypatch.setattr(f"apps.repertoire.services.{place}", 1)
        piece, skill = add(cast, "Minuet"), make_skill(cast.student, by)
        make_section(piece, by)
        make_note(piece, by)
        for make in (
            lambda: add(cast, "Musette"),
            lambda: make_section(piece, by),
            lambda: make_skill(cast.student, by, "Trills"),
            lambda: make_note(piece, by),
        ):
            with pytest.raises(services.TooMany):
                make()
        # Another person has room: how many others wrote is nobody's to find out.
        make_note(piece, cast.user("teacher"))
        make_note(skill, by)


class TestSections:
    def test_of_a_piece_that_is_gone_meanwhile(self, cast: Cast) -> None:
        by, now = cast.user("guardian"), timezone.now()
        piece = add(cast, "Minuet")
        section = make_section(piece, by)
        services.delete_piece(piece=piece, by=by, now=now)
        with pytest.raises(services.GoneMeanwhile):
            make_section(piece, by)
        with pytest.raises(services.GoneMeanwhile):
            services.change_section(section=section, by=by, content=SectionContent(name="Coda"), now=now)

    def test_sent_twice_and_overtaken(self, cast: Cast) -> None:
        by, now, key = cast.user("guardian"), timezone.now(), uuid4()
        piece, coda = add(cast, "Minuet"), SectionContent(name="Coda")
        one, other = (
            services.add_section(key=key, piece=piece, by=by, content=coda, now=now) for _ in range(2)
        )
        assert one.pk == other.pk
        with pytest.raises(services.KeyIsTaken):
            services.add_section(key=key, piece=piece, by=by, content=SectionContent(name="Trio"), now=now)
        services.change_section(section=one, by=by, content=SectionContent(name="Trio"), version="", now=now)
        with pytest.raises(services.ChangedMeanwhile):
            services.change_section(
                section=one, by=by, content=SectionContent(name="Verse"), version="", now=now
            )

    @pytest.mark.parametrize(
        "wrong",
        [
            {"from_bar": 0, "to_bar": 4},
            {"from_bar": 5, "to_bar": 4},
            {"from_bar": 5},
            {"to_bar": 5},
            {"target_tempo": 19},
            {"target_tempo": 401},
            {"name": ""},
        ],
    )
    def test_the_database_holds_it_too(self, cast: Cast, wrong: dict[str, Any]) -> None:
        piece = add(cast, "Minuet")
        row = PieceSection(piece=piece, created_at=timezone.now(), **({"name": "Coda"} | wrong))
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_notes_about_one_that_is_taken_away_stay(self, cast: Cast) -> None:
        by = cast.user("guardian")
        piece = add(cast, "Minuet")
        section = make_section(piece, by)
        note = make_note(piece, by, section=section)
        services.delete_section(section=section, by=by, now=timezone.now())
        assert Note.objects.kept().get(piece=piece) == note
        with pytest.raises(services.NotThisSection):
            make_note(piece, by, section=section)

    def test_no_note_about_a_section_of_another_piece(self, cast: Cast) -> None:
        foreign = make_piece(cast.other_student, cast.user("other_guardian"))
        section = make_section(foreign, cast.user("other_guardian"))
        by = cast.user("guardian")
        for about in (add(cast, "Minuet"), make_skill(cast.student, by)):
            with pytest.raises(services.NotThisSection):
                make_note(about, by, section=section)


class TestSkills:
    def test_a_name_once_for_a_student(self, cast: Cast) -> None:
        by, now = cast.user("guardian"), timezone.now()
        skill = make_skill(cast.student, by, "B-flat major")
        with pytest.raises(services.NameIsTaken):
            make_skill(cast.student, by, "b flat MAJOR")
        make_skill(cast.other_student, cast.user("other_guardian"), "B-flat major")
        other = make_skill(cast.student, by, "Trills")
        with pytest.raises(services.NameIsTaken):
            services.change_skill(skill=other, by=by, content=SkillContent(name="B flat major"), now=now)
        services.delete_skill(skill=skill, by=by, now=now)
        services.change_skill(skill=other, by=by, content=SkillContent(name="B flat major"), now=now)

    def test_put_away_and_brought_back(self, cast: Cast) -> None:
        by, now = cast.user("teacher"), timezone.now()
        skill = make_skill(cast.student, by)
        away = SkillContent(name=skill.name, is_archived=True)
        changed = services.change_skill(skill=skill, by=by, content=away, version="", now=now)
        assert changed.is_archived
        back = SkillContent(name=skill.name)
        with pytest.raises(services.ChangedMeanwhile):
            services.change_skill(skill=skill, by=by, content=back, version="", now=now)
        assert not services.change_skill(skill=skill, by=by, content=back, now=now).is_archived

    def test_sent_twice_it_is_there_once(self, cast: Cast) -> None:
        given: dict[str, Any] = {
            "key": uuid4(),
            "student": cast.student,
            "by": cast.user("guardian"),
            "now": timezone.now(),
            "words": "Wide",
        }
        for _ in range(2):
            services.add_skill(content=SkillContent(name="Vibrato"), **given)
        assert (Skill.objects.count(), Note.objects.count()) == (1, 1)
        for content, more in (
            (SkillContent(name="Trills"), {}),
            (SkillContent(name="Vibrato"), {"words": "Narrow"}),
        ):
            with pytest.raises(services.KeyIsTaken):
                services.add_skill(content=content, **(given | more))


class TestNotes:
    def test_sent_twice_it_is_there_once(self, cast: Cast) -> None:
        given: dict[str, Any] = {
            "key": uuid4(),
            "about": add(cast, "Minuet"),
            "by": cast.user("guardian"),
            "now": timezone.now(),
        }
        one, other = (services.add_note(content=NoteContent(body="Slowly"), **given) for _ in range(2))
        assert one.pk == other.pk
        with pytest.raises(services.KeyIsTaken):
            services.add_note(content=NoteContent(body="Fast"), **given)
        with pytest.raises(services.KeyIsTaken):
            services.add_note(content=NoteContent(body="Slowly"), **(given | {"by": cast.user("student")}))

    def test_taken_back_once(self, cast: Cast) -> None:
        by, now = cast.user("guardian"), timezone.now()
        note = make_note(add(cast, "Minuet"), by)
        with pytest.raises(services.GoneMeanwhile):
            services.delete_note(note=note, by=cast.user("teacher"), now=now)
        services.delete_note(note=note, by=by, now=now)
        with pytest.raises(services.GoneMeanwhile):
            services.delete_note(note=note, by=by, now=now)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"body": ""},
            {"link": "javascript:alert(1)"},
            {"link": "ftp://music.example"},
            {"body": "x" * 2001},
            {"piece": None},
            {"is_private": True, "addressed_to": True},
        ],
    )
    def test_the_database_holds_it_too(self, cast: Cast, wrong: dict[str, Any]) -> None:
        if "addressed_to" in wrong:
            wrong = wrong | {"addressed_to": cast.teaching}
        given = {"student": cast.student, "piece": add(cast, "Minuet"), "body": "Slowly"} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.create(created_at=timezone.now(), **given)


class TestMerging:
    def test_nothing_is_lost(self, cast: Cast) -> None:
        by, now = cast.user("guardian"), timezone.now()
        day = cast.student.today(now) - timedelta(days=9)
        kept = add(cast, "Minuet in G", content=PieceContent(title="Minuet in G", started_on=day))
        early = PieceContent(
            title="Menuett", composer="Petzold", difficulty=3, started_on=day - timedelta(days=1)
        )
        gone = add(cast, "Menuett", content=early)
        services.set_status(piece=gone, by=by, status="ready", now=now)
        section = make_section(gone, by)
        notes = {
            make_note(gone, by, "Slowly", section=section),
            make_note(gone, by, "Mine", is_private=True),
            make_note(gone, cast.user("second_teacher"), "Ours", addressed_to=cast.second_teaching),
            make_note(gone, by, "", link="https://music.example/"),
        }
        merged = services.merge_pieces(into=kept, other=gone, by=by, now=now)
        assert set(Note.objects.kept().filter(piece=kept)) == notes
        assert list(kept.sections.all()) == [section]
        assert sorted(history(kept)) == [
            ("learning", ""),
            ("learning", "Menuett (Petzold)"),
            ("ready", "Menuett (Petzold)"),
        ]
        found = Piece.objects.kept().get(student=cast.student)
        assert found == merged
        assert (found.title, found.composer, found.composer_key) == ("Minuet in G", "Petzold", "petzold")
        assert (found.difficulty, found.started_on, found.status) == (3, early.started_on, "learning")

    def test_what_the_one_says_stays(self, cast: Cast) -> None:
        by, now = cast.user("teacher"), timezone.now()
        kept = make_piece(cast.student, by, "Minuet", composer="Petzold", difficulty=2, status="ready")
        gone = make_piece(cast.student, by, "Minuet", composer="Bach", difficulty=5)
        first = make_piece(cast.student, by, "Musette")
        services.merge_pieces(into=gone, other=first, by=by, now=now)
        found = services.merge_pieces(into=kept, other=gone, by=by, now=now)
        assert (found.composer, found.difficulty, found.status) == ("Petzold", 2, "ready")
        # What it was called before both merges is still there.
        assert {name for _status, name in history(kept)} == {"", "Minuet (Bach)", "Musette"}

    def test_it_is_on_the_record(self, cast: Cast) -> None:
        by = cast.user("teacher")
        one, other = make_piece(cast.student, by), make_piece(cast.student, by)
        services.merge_pieces(into=one, other=other, by=by, now=timezone.now())
        row = AuditEvent.objects.get(action="piece.merged")
        assert (row.actor, row.target_id, row.student_id) == (by, one.pk, cast.student.pk)
        assert row.details == {"other": str(other.pk)}

    def test_what_cannot_be_merged(self, cast: Cast) -> None:
        by, now = cast.user("guardian"), timezone.now()
        one, foreign = add(cast, "Minuet"), make_piece(cast.other_student, cast.user("other_guardian"))
        gone = add(cast, "Musette")
        services.delete_piece(piece=gone, by=by, now=now)
        for other in (one, foreign, gone):
            with pytest.raises(services.GoneMeanwhile):
                services.merge_pieces(into=one, other=other, by=by, now=now)
        with pytest.raises(services.GoneMeanwhile):
            services.merge_pieces(into=one, other=add(cast, "Gigue"), by=cast.user("logger"), now=now)
        # Nor those of two children of one guardian.
        cast.other_student.guardianships.update(guardian=by)
        with pytest.raises(services.GoneMeanwhile):
            services.merge_pieces(into=one, other=foreign, by=by, now=now)
        assert Piece.objects.kept().count() == 3
        assert not AuditEvent.objects.filter(action="piece.merged").exists()
