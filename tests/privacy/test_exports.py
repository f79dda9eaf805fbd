"""A copy holds all that its reader may see, and nothing else; it is made whatever happens to its worker."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone, translation
from PIL import Image

from apps.accounts.models import StudentGrant, StudentProfile, User
from apps.accounts.models.students import AgeBand
from apps.ensembles.services import confirm_part
from apps.gear.services import delete_gear
from apps.practice import services as practice
from apps.practice.content import About, EntryContent, Line
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.privacy.archive.writing import cell
from apps.privacy.models import ExportState
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import accept
from apps.private_teaching.services import say as ask
from apps.repertoire.services import delete_piece
from apps.scores.models import Score
from tests.conftest import Cast
from tests.factories.accounts import make_invitation, make_student, make_user
from tests.factories.ensembles import agree, ask_players, make_ensemble, make_pupil
from tests.factories.evidence import make_evidence, make_link, make_picture
from tests.factories.gear import make_care, make_gear
from tests.factories.photos import picture
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_application, make_teaching
from tests.factories.repertoire import make_note, make_occasion, make_piece, make_section, make_skill
from tests.factories.scores import make_score

from .conftest import Members, make_export, members, opened, tables_of
from .schemas import faults_of


def say(cast: Cast, who: str, role: AuthorRole, entry: PracticeEntry, body: str, **more: Any) -> None:
    practice.add_comment(
        key=uuid4(), entry=entry, by=cast.user(who), role=role, body=body, now=timezone.now(), **more
    )


def enrich(cast: Cast) -> None:
    """Something of every kind: talk in every thread, a changed entry, a deleted one, an invitation."""
    say(cast, "teacher", AuthorRole.TEACHER, cast.entry, "Bravo Qzopen")
    say(cast, "second_teacher", AuthorRole.TEACHER, cast.entry, "Qzthread", thread=cast.second_teaching)
    say(cast, "guardian", AuthorRole.GUARDIAN, cast.private_entry, "Qzfamily talk")
    practice.change_entry(
        entry=cast.entry,
        by=cast.user("guardian"),
        content=EntryContent(
            practised_on=cast.entry.practised_on,
            minutes=20,
            description="Description Qzshareddescription",
            lines=[Line("Etude", minutes=5, tempo=96, repetitions=4), Line("Scales", "exercise")],
            focus_areas=list(FocusArea.objects.all()[:2]),
        ),
        now=timezone.now(),
    )
    make_entry(
        cast.student,
        cast.user("guardian"),
        lines=[Line("=HYPERLINK(1)")],
        focus_areas=list(FocusArea.objects.all()[:1]),
    )
    gone = make_entry(cast.student, cast.user("student"), description="Qzdeleted words here")
    practice.delete_entry(entry=gone, by=cast.user("student"), now=timezone.now())
    make_invitation(cast.student, cast.user("guardian"), "aunt@people.example")
    note_pieces(cast)
    name_things(cast)
    play_together(cast)
    StudentProfile.objects.update_or_create(student=cast.student, defaults={"instruments": ["Piano", "Lute"]})


def note_pieces(cast: Cast) -> None:
    """A piece with its parts, one that is deleted, and notes for different readers."""
    by = cast.user("guardian")
    piece, gone = make_piece(cast.student, by, composer="Petzold"), make_piece(cast.student, by, "Musette")
    section = make_section(piece, by, from_bar=1, to_bar=8, target_tempo=96)
    make_score(piece, cast.user("teacher"), "Qzscore")
    make_note(piece, by, "Qzopennote", section=section, link="https://music.example/")
    make_note(piece, by, "Qzprivatenote", is_private=True)
    make_note(piece, cast.user("second_teacher"), "Qzsecondnote", addressed_to=cast.second_teaching)
    skill = make_skill(cast.student, by)
    make_note(skill, cast.user("teacher"), "Qzteachersnote")
    make_evidence(cast.private_entry, cast.user("student"), "Qzprivateevidence")
    make_link(skill, cast.user("logger"), "https://music.example/Qzguestsevidence")
    abouts = [About(piece=piece.pk, section=section.pk), About(skill=skill.pk), About(piece=gone.pk)]
    lines = [Line(f"Line {n}", tempo=88, repetitions=3, about=about) for n, about in enumerate(abouts)]
    make_entry(cast.student, by, lines=lines, own_area="Bow hold")
    delete_piece(piece=gone, by=by, now=timezone.now())


def name_things(cast: Cast) -> None:
    """A violin with new strings, an exam with a piece, an entry that names both, and a deleted bow."""
    by = cast.user("guardian")
    gear = make_gear(cast.student, by, notes="Qzgearnotes", remind_of="strings", remind_months=3)
    make_care(gear, by, words="Qzcare")
    piece = make_piece(cast.student, by, "Gavotte")
    exam = make_occasion(cast.student, by, "Exam", board="Qzboard", target_hours=9, pieces=[piece])
    make_entry(cast.student, by, instrument=gear, occasion=exam, preparing_for_exam=True)
    bow = make_gear(cast.student, by, "Bow", kind="accessory")
    delete_gear(gear=bow, by=by, now=timezone.now())


def play_together(cast: Cast) -> None:
    """Mia says that Ben was there, and Ben that Mia was; she has confirmed it."""
    teacher, by = cast.user("second_teacher"), cast.user("guardian")
    ben, bens = make_pupil(teacher, "Ben Qzsurname")
    ensemble = make_ensemble(teacher, cast.student, ben)
    mia_plays, ben_plays = agree(ensemble, cast.student, by), agree(ensemble, ben, bens, "Qzbensname")
    ask_players(make_entry(cast.student, by), ben_plays, by=by)
    yesterday = ben.today(timezone.now()) - timedelta(days=1)
    (part,) = ask_players(make_entry(ben, bens, practised_on=yesterday), mia_plays, by=bens)
    confirm_part(part=part, by=by, minutes=11, now=timezone.now())


def text_of(found: Members) -> str:
    return "\n".join(found.values())


def test_a_guardian_gets_the_whole_diary(cast: Cast) -> None:
    enrich(cast)
    export = make_export(cast.user("guardian"), cast.student)
    assert export.state == ExportState.READY
    found = opened(export)
    tables = tables_of(found)
    assert {row["id"] for row in tables["practice.practiceentry"]} == {
        str(pk) for pk in PracticeEntry.objects.filter(student=cast.student).values_list("pk", flat=True)
    }
    assert {"Bravo Qzopen", "Qzthread", "Qzfamily talk"} == {
        row["body"] for row in tables["practice.entrycomment"]
    }
    assert {"Qzprivatenotes", "Qzaddressednotes", "aunt@people.example"} <= set(
        text_of(found).replace("Notes ", "").replace('"', " ").split()
    )
    assert len(tables["practice.practiceentryrevision"]) >= 5
    # No page shows it any more, and until it is purged it is there.
    [gone] = [row for row in tables["practice.practiceentry"] if row["deleted_at"]]
    assert gone["description"] == "Qzdeleted words here"


def test_nothing_of_it_is_foreign_to_its_reader(cast: Cast) -> None:
    """By the second opinion of the canaries, for everybody who may ask for anything."""
    enrich(cast)
    for who, person in vars(cast.people).items():
        found = text_of(opened(make_export(person)))
        assert cast.canaries.foreign(found, person, "") == [], who
    for who in ("guardian", "second_guardian"):
        found = text_of(opened(make_export(cast.user(who), cast.student)))
        # The former teacher's lessons are the diary's history; the name is the family's to know.
        assert cast.canaries.foreign(found, cast.user(who), "") == [], who


def test_a_teacher_takes_along_what_they_wrote_and_whom_they_teach(cast: Cast) -> None:
    enrich(cast)
    found = opened(make_export(cast.user("teacher")))
    tables = tables_of(found)
    assert [row["body"] for row in tables["practice.entrycomment"]] == ["Bravo Qzopen"]
    assert tables["students"] == [{"id": str(cast.student.pk), "name": "Mia Qzmia"}]
    assert [row["teacher"] for row in tables["private_teaching.teaching"]] == [str(cast.user("teacher").pk)]
    assert "practice.practiceentry" not in tables
    assert "Qzshared" not in text_of(found)


def test_a_former_teacher_knows_no_name_any_more(cast: Cast) -> None:
    found = opened(make_export(cast.user("former_teacher")))
    assert tables_of(found)["students"] == []
    assert len(tables_of(found)["private_teaching.teaching"]) == 1
    assert "Mia" not in text_of(found)


def test_who_was_asked_is_named_as_on_the_page_before_a_yes(cast: Cast) -> None:
    guardian, asked = cast.user("guardian"), cast.user("other_teacher")
    row = make_application(asked, cast.student, guardian)
    ask(application=row, by=asked, body="On Thursdays?", key=uuid4(), now=timezone.now())

    def names() -> dict[str, str]:
        tables = tables_of(opened(make_export(guardian, cast.student)))
        assert {each["body"] for each in tables["private_teaching.applicationmessage"]} >= {"On Thursdays?"}
        return {each["id"]: each["name"] for each in tables["people"]}

    before = names()
    assert before[str(asked.pk)] == "Theo"
    assert before[str(cast.user("teacher").pk)] == cast.user("teacher").get_full_name()
    assert before[str(guardian.pk)] == guardian.get_full_name()
    accept(application=row, by=asked, now=timezone.now())
    assert names()[str(asked.pk)] == asked.get_full_name()


def test_an_adult_takes_their_own_diary_along(cast: Cast) -> None:
    adult = make_user("Ada")
    student = make_student("Ada", user=adult, age_band=AgeBand.ADULT)
    entry = make_entry(student, adult)
    tables = tables_of(opened(make_export(adult)))
    assert [row["id"] for row in tables["practice.practiceentry"]] == [str(entry.pk)]
    assert [row["email"] for row in tables["accounts.user"]] == ["ada@people.example"]


def test_a_child_with_guardians_takes_the_account_and_not_the_diary(cast: Cast) -> None:
    """A guardian decides for the diary."""
    tables = tables_of(opened(make_export(cast.user("student"))))
    assert "practice.practiceentry" not in tables
    assert [row["display_name"] for row in tables["accounts.user"]] == ["Student Qzstudent"]


def test_no_secret_is_in_it(cast: Cast) -> None:
    enrich(cast)
    invitation = cast.student.invitations.get()
    for person, student in [(cast.user("guardian"), cast.student), (cast.user("guardian"), None)]:
        found = text_of(opened(make_export(person, student)))
        for secret in (invitation.token, invitation.nonce, invitation.token_hash, person.password):
            assert secret not in found


def test_it_keeps_its_published_schema(cast: Cast) -> None:
    enrich(cast)
    for person, student in [(cast.user("guardian"), cast.student), (cast.user("teacher"), None)]:
        found = opened(make_export(person, student))
        schema, document = json.loads(found["schema.json"]), json.loads(found["data.json"])
        assert faults_of(schema, document) == []
        document["tables"]["people"].append({"id": 7})
        assert faults_of(schema, document) == ["tables.people: name is missing", "tables.people.id: 7"]


def test_tables_and_pages_hold_what_the_document_holds(cast: Cast) -> None:
    enrich(cast)
    found = opened(make_export(cast.user("guardian"), cast.student))
    for name, rows in tables_of(found).items():
        read = list(csv.DictReader(io.StringIO(found[f"tables/{name}.csv"])))
        assert [list(row) for row in read] == [list(row) for row in rows], name
        assert found[f"pages/{name}.html"].count("<article") == len(rows), name
        assert f"pages/{name}.html" in found["index.html"]
    pages = [text.lower() for name, text in found.items() if name.endswith(".html")]
    # Links that somebody noted or added stand there as words, and lead nowhere by themselves.
    for link in ("https://music.example/", "https://music.example/qzguestsevidence"):
        assert sum(page.count(f">{link}<") for page in pages) == 1
        pages = [page.replace(f">{link}<", "") for page in pages]
    assert not any(word in page for page in pages for word in ("<script", "http:", "https:", "onclick"))
    assert "Piano, Lute" in found["pages/accounts.studentprofile.html"]
    entries = found["pages/practice.practiceentry.html"]
    assert "Guardian Qzguardian" in entries
    assert f'href="practice.practiceentry.html#{cast.entry.pk}"' in found["pages/practice.practiceitem.html"]


def test_pages_are_in_the_readers_language(cast: Cast) -> None:
    guardian = cast.user("guardian")
    User.objects.filter(pk=guardian.pk).update(language="de", time_zone="Europe/Berlin")
    guardian.refresh_from_db()
    found = opened(make_export(guardian, cast.student))
    assert '<html lang="de">' in found["index.html"]
    assert "Übeeinträge" in found["index.html"]
    assert translation.get_language() == "en"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_a_formula(start: str) -> None:
    assert cell(f"{start}SUM(A1)") == f"'{start}SUM(A1)"


def test_other_cells_are_as_they_are() -> None:
    assert [cell(value) for value in (None, True, False, -5, "a=b", {"a": 1})] == [
        "", "true", "false", "-5", "a=b", '{"a": 1}',
    ]  # fmt: skip


def test_a_formula_in_a_title_is_harmless_in_the_table_only(cast: Cast) -> None:
    enrich(cast)
    found = opened(make_export(cast.user("guardian"), cast.student))
    assert "'=HYPERLINK(1)" in found["tables/practice.practiceitem.csv"]
    assert "=HYPERLINK(1)" in [row["title"] for row in tables_of(found)["practice.practiceitem"]]


def test_a_teaching_elsewhere_is_no_part_of_the_diary(cast: Cast) -> None:
    make_teaching(cast.user("teacher"), cast.other_student)
    tables = tables_of(opened(make_export(cast.user("guardian"), cast.student)))
    assert {UUID(row["student"]) for row in tables["private_teaching.teaching"]} == {cast.student.pk}


def test_the_schema_that_the_documents_publish_is_this_one() -> None:
    """``manage.py export_schema > docs/export.schema.json`` writes it anew."""
    out = io.StringIO()
    call_command("export_schema", stdout=out)
    published = Path(__file__).parents[2] / "docs" / "export.schema.json"
    assert json.loads(published.read_text()) == json.loads(out.getvalue())


def test_pieces_and_the_notes_that_its_reader_may_read(cast: Cast) -> None:
    """The family takes all along, deleted ones too; the writer of a note the note, and nothing around it."""
    enrich(cast)
    found = tables_of(opened(make_export(cast.user("guardian"), cast.student)))
    assert {row["title"] for row in found["repertoire.piece"]} == {"Minuet in G", "Musette", "Gavotte"}
    assert [row["target_tempo"] for row in found["repertoire.piecesection"]] == [96]
    assert {row["status"] for row in found["repertoire.piecestatuschange"]} == {"learning"}
    assert [row["name"] for row in found["repertoire.skill"]] == ["Vibrato"]
    words = {"Qzopennote", "Qzprivatenote", "Qzsecondnote", "Qzteachersnote"}
    assert {row["body"] for row in found["repertoire.note"]} == words
    own = tables_of(opened(make_export(cast.user("second_teacher"))))
    assert [row["body"] for row in own["repertoire.note"]] == ["Qzsecondnote"]
    assert "repertoire.piece" not in own


def test_gear_and_occasions_with_the_entries_that_name_them(cast: Cast) -> None:
    """The family takes all along, deleted ones too; a teacher's own copy holds none of it."""
    enrich(cast)
    found = tables_of(opened(make_export(cast.user("guardian"), cast.student)))
    assert {row["name"] for row in found["gear.gear"]} == {"Violin", "Bow"}
    assert [row["words"] for row in found["gear.care"]] == ["Qzcare"]
    [exam] = found["repertoire.occasion"]
    assert (exam["title"], exam["board"], exam["target_hours"]) == ("Exam", "Qzboard", 9)
    [link] = found["repertoire.occasionpiece"]
    [gavotte] = [row["id"] for row in found["repertoire.piece"] if row["title"] == "Gavotte"]
    assert (link["occasion"], link["piece"]) == (exam["id"], gavotte)
    [violin] = [row["id"] for row in found["gear.gear"] if row["name"] == "Violin"]
    named = [row for row in found["practice.practiceentry"] if row["occasion"]]
    assert [(row["instrument"], row["occasion"]) for row in named] == [(violin, exam["id"])]
    own = tables_of(opened(make_export(cast.user("second_teacher"))))
    assert not {"gear.gear", "gear.care", "repertoire.occasion"} & set(own)


def told_by_a_camera(words: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = words
    return exif.tobytes()


def test_words_in_a_picture_are_seen_in_a_copy() -> None:
    """The control of the next test, and of the canaries."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.png", picture("PNG", exif=told_by_a_camera("Qzplace")) + b"\xe2Qzend")
    found = members(written.getvalue())["a.png"]
    assert "Qzplace" in found
    assert "Qzend" in found


def test_evidence_and_the_files_of_pictures(cast: Cast) -> None:
    """The family takes all along, with the files; who added something takes that, and nothing around it."""
    enrich(cast)
    by = cast.user("guardian")
    row = make_picture(cast.private_entry, by, file_name="Qzscreen.png", exif=told_by_a_camera("Qzplace"))
    found = opened(make_export(cast.user("guardian"), cast.student))
    rows = {each["id"]: each for each in tables_of(found)["evidence.evidence"]}
    assert {each["body"] for each in rows.values()} == {"", "Qzprivateevidence"}
    assert rows[str(row.pk)]["file_name"] == "Qzscreen.png"
    assert "Qzplace" not in found[rows[str(row.pk)]["picture"]]
    own = tables_of(opened(make_export(cast.user("logger"))))
    assert [each["link"] for each in own["evidence.evidence"]] == ["https://music.example/Qzguestsevidence"]
    # It is of somebody else's child: with the right to look at it goes the copy.
    StudentGrant.objects.filter(user=cast.user("logger")).delete()
    assert tables_of(opened(make_export(cast.user("logger"))))["evidence.evidence"] == []
    assert tables_of(opened(make_export(cast.user("teacher"))))["evidence.evidence"] == []


def test_sheet_music_and_its_pages(cast: Cast) -> None:
    """The family takes all along, with the files; who added some takes that, while they may look at it."""
    enrich(cast)
    theirs = Score.objects.get()
    ours = make_score(theirs.piece, cast.user("guardian"), pages=1)
    found = opened(make_export(cast.user("guardian"), cast.student))
    assert {row["id"] for row in tables_of(found)["scores.score"]} == {str(theirs.pk), str(ours.pk)}
    pages = tables_of(found)["scores.scorepage"]
    assert sorted((row["score"], row["number"]) for row in pages) == sorted(
        [(str(theirs.pk), 1), (str(theirs.pk), 2), (str(ours.pk), 1)]
    )
    assert all(row["picture"] in found for row in pages)
    own = opened(make_export(cast.user("teacher")))
    assert [row["id"] for row in tables_of(own)["scores.score"]] == [str(theirs.pk)]
    assert [row["picture"] in own for row in tables_of(own)["scores.scorepage"]] == [True, True]
    Teaching.objects.filter(teacher=cast.user("teacher")).update(ended_at=timezone.now())
    gone = tables_of(opened(make_export(cast.user("teacher"))))
    assert (gone["scores.score"], gone["scores.scorepage"]) == ([], [])


def test_ensembles_without_the_names_of_the_others(cast: Cast) -> None:
    """The family takes along their own place and name, and what is tied to their own entries."""
    enrich(cast)
    found = opened(make_export(cast.user("guardian"), cast.student))
    tables = tables_of(found)
    [row] = tables["ensembles.membership"]
    assert (row["ensemble_name"], row["shown_name"]) == ("Duet", "Mia")
    assert [each["membership"] for each in tables["ensembles.groupsession"]] == [row["id"]]
    assert [(each["membership"], each["state"]) for each in tables["ensembles.grouppart"]] == [
        (row["id"], "confirmed")
    ]
    assert "Qzbensname" not in text_of(found)
    assert "Qzsurname" not in text_of(found)
    own = tables_of(opened(make_export(cast.user("second_teacher"))))
    assert [each["name"] for each in own["ensembles.ensemble"]] == ["Duet"]
    assert "ensembles.membership" not in own
