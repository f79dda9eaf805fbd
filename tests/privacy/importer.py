"""Reads a copy into a database, to prove that it is whole: what it leaves out, the next copy would lack.

``python -m tests.privacy.importer data.json out.json`` does so in a fresh database, copies the same
data from there, and writes what that copy holds.
"""

import json
import os
import secrets
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

Tables = dict[str, list[dict[str, Any]]]


def import_tables(tables: Tables) -> None:
    """Make every row anew, owners first. Secrets are new; people are there by name alone."""
    import pgtrigger
    from django.db import connection, transaction

    from apps.core import ownership
    from apps.practice.models import PracticeDay, PracticeEntry
    from apps.practice.words import write_missing
    from apps.privacy.archive.chapters import exported_tables

    with transaction.atomic(), pgtrigger.ignore():
        _make_people(tables)
        _make_what_others_own(tables)
        for table in exported_tables():
            for row in tables.get(table.name, []):
                _make_row(table.model, dict(row))
    with transaction.atomic():
        days = PracticeEntry.objects.values_list("student_id", "practised_on").distinct()
        for student, day in days:
            PracticeDay.objects.recount(student_id=student, days={day})
    write_missing(connection)
    assert ownership.problems() == []


def _make_people(tables: Tables) -> None:
    from apps.accounts.models import User

    whole = {row["id"] for row in tables.get("accounts.user", [])}
    for row in tables["people"]:
        if row["id"] not in whole:
            User.objects.create(pk=row["id"], display_name=row["name"], email=f"{row['id']}@import.invalid")


def _make_what_others_own(tables: Tables) -> None:
    """Diaries, and entries in them, that rows of an account point to and that no part of its copy are."""
    from django.utils import timezone

    from apps.accounts.models import Student
    from apps.practice.models import PracticeEntry

    def pointed_at(column: str, *names: str) -> set[str]:
        return {row[column] for name in names for row in tables.get(name, [])}

    names = {row["id"]: row["name"] for row in tables["students"]}
    missing = pointed_at(
        "student",
        "private_teaching.teaching",
        "accounts.guardianship",
        "practice.weeksignoff",
        "repertoire.note",
        "evidence.evidence",
        "scores.score",
    )
    missing |= pointed_at("content_object", "accounts.studentgrant")
    missing |= {row["id"] for row in tables["students"]}
    now = timezone.now()
    for key in missing - {row["id"] for row in tables.get("accounts.student", [])}:
        Student.objects.create(pk=key, name=names.get(key, "Somebody"), created_at=now)
    _make_lessons(tables, now)
    _make_ensembles(tables, now)
    _make_what_notes_are_about(tables, now)
    _make_pieces(tables, now)
    entries = {row["id"] for row in tables.get("practice.practiceentry", [])}
    for key in pointed_at("entry", "practice.entrycomment", "evidence.evidence") - entries - {None}:
        PracticeEntry.objects.create(
            pk=key,
            student=Student.objects.earliest("pk"),
            practised_on=now.date(),
            time_zone="UTC",
            minutes=1,
            created_at=now,
        )


def _make_lessons(tables: Tables, now: Any) -> None:
    """Those of which a week was signed, or for which a note is, and that no part of the copy are."""
    from apps.accounts.models import User
    from apps.private_teaching.models import Teaching

    notes = tables.get("repertoire.note", [])
    signed = {row["teaching"]: row["student"] for row in tables.get("practice.weeksignoff", [])}
    signed |= {row["addressed_to"]: row["student"] for row in notes if row["addressed_to"]}
    for key in signed.keys() - {row["id"] for row in tables.get("private_teaching.teaching", [])}:
        teacher = User.objects.create(email=f"{key}@import.invalid")
        Teaching.objects.create(pk=key, student_id=signed[key], teacher=teacher, started_at=now)


def _make_ensembles(tables: Tables, now: Any) -> None:
    """Their teacher's, and sessions of which another player said so."""
    from apps.accounts.models import User
    from apps.ensembles.models import Ensemble, GroupSession

    names = {row["ensemble"]: row["ensemble_name"] for row in tables.get("ensembles.membership", [])}
    for key, name in names.items():
        teacher = User.objects.create(email=f"{key}@import.invalid")
        Ensemble.objects.create(pk=key, teacher=teacher, name=name, created_at=now)
    own = {row["id"] for row in tables.get("ensembles.groupsession", [])}
    for row in tables.get("ensembles.grouppart", []):
        if row["session"] not in own:
            GroupSession.objects.create(pk=row["session"], ensemble_id=next(iter(names)), created_at=now)


def _make_what_notes_are_about(tables: Tables, now: Any) -> None:
    """Pieces, sections and skills of others about which the person wrote."""
    from apps.repertoire.models import Piece, PieceSection

    known = {
        row["id"]
        for name in ("piece", "piecesection", "skill")
        for row in tables.get(f"repertoire.{name}", [])
    }
    for row in tables.get("repertoire.note", []):
        given = {"student_id": row["student"], "created_at": now}
        if row["piece"] and row["piece"] not in known:
            Piece.objects.get_or_create(pk=row["piece"], defaults={**given, "title": "A piece"})
        if row["section"] and row["section"] not in known:
            about = {"piece_id": row["piece"], "created_at": now, "name": "A section"}
            PieceSection.objects.get_or_create(pk=row["section"], defaults=about)
        if row["skill"] and row["skill"] not in known:
            _make_skill(row, given)
    for row in tables.get("evidence.evidence", []):
        if row["skill"] and row["skill"] not in known:
            _make_skill(row, {"student_id": row["student"], "created_at": now})


def _make_pieces(tables: Tables, now: Any) -> None:
    """Those of others for which the person added sheet music."""
    from apps.repertoire.models import Piece

    known = {row["id"] for row in tables.get("repertoire.piece", [])}
    for row in tables.get("scores.score", []):
        if row["piece"] not in known:
            given = {"student_id": row["student"], "created_at": now, "title": "A piece"}
            Piece.objects.get_or_create(pk=row["piece"], defaults=given)


def _make_skill(row: dict[str, Any], given: dict[str, Any]) -> None:
    from apps.repertoire.models import Skill

    named = {**given, "name": "A skill", "name_key": row["skill"]}
    Skill.objects.get_or_create(pk=row["skill"], defaults=named)


def withheld(label: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a copy does not hold and a row needs: new secrets."""
    secret: dict[str, Any] = {"token_hash": secrets.token_hex(32)}
    found: dict[str, dict[str, Any]] = {
        "accounts.invitation": {"nonce": ""} | secret,
        "children.childlogin": {"secret": "!"} if row.get("kind") not in (None, "none") else {},
        "children.trusteddevice": secret,
        "notifications.delivery": {"key": row.get("id")},
        # No week is the one that was signed: the entries are new ones, so it stands as changed since.
        "practice.weeksignoff": {"version": "imported"},
        # Only to compare by; two of one name could not stand here.
        "practice.focusarea": {"name_key": row.get("slug", "")},
        "repertoire.skill": {"name_key": row.get("id", "")},
    }
    return found.get(label, {})


def _make_row(model: Any, row: dict[str, Any]) -> None:
    from django.contrib.auth.models import Permission
    from pghistory.models import Context

    from apps.practice.models import FocusArea

    label = model._meta.label_lower
    values: dict[str, Any] = {}
    if "focus_area" in row:
        values["focusarea_id"] = FocusArea.objects.get(slug=row.pop("focus_area")).pk
    # Of a version; elsewhere it is a column like any other.
    if hasattr(model, "pgh_context") and (changed_by := row.pop("changed_by", None)):
        context = Context.objects.create(pk=UUID(bytes=os.urandom(16)), metadata={"user": changed_by})
        values["pgh_context_id"] = context.pk
    # For people to read; it stands in a row that is somebody else's.
    row.pop("ensemble_name", None)
    if "may" in row:
        values["permission"] = Permission.objects.get(codename=row.pop("may"), content_type__model="student")
    values |= withheld(label, row)
    for name, value in row.items():
        field = model._meta.get_field(name)
        # What was saved then keeps its moment.
        field.auto_now_add = False
        # A file lies where it lay: the copy has it below its table and column.
        is_text = isinstance(value, str)
        values[field.attname] = value.removeprefix(f"media/{label}/{name}/") if is_text else value
    model._base_manager.bulk_create([model(**values)])


def copy_again(document: dict[str, Any]) -> Tables:
    """The same person's copy of the same data, as it stands here now."""
    from django.utils import timezone

    from apps.accounts.models import Student, User
    from apps.core.ownership import Subject
    from apps.privacy import archive
    from apps.private_teaching.permissions import own_ids

    reader = User.objects.get(pk=document["requested_by"])
    if document["student"]:
        student = Student.objects.get(pk=document["student"])
        copy = archive.Copy(reader, [(Subject.STUDENT, student.pk)], "en", student)
    else:
        diaries = [(Subject.STUDENT, row["pk"]) for row in own_ids(reader)]
        copy = archive.Copy(reader, [(Subject.PERSON, reader.pk), *diaries], "en")
    with tempfile.TemporaryFile() as file:
        archive.write(file, copy, now=timezone.now(), progress=lambda done, total: None)
        with zipfile.ZipFile(file) as found:
            tables: Tables = json.loads(found.read("data.json"))["tables"]
    return tables


def main(source: str, target: str) -> None:
    import django

    django.setup()

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    document = json.loads(Path(source).read_text())
    import_tables(document["tables"])
    Path(target).write_text(json.dumps(copy_again(document)))


if __name__ == "__main__":
    main(*sys.argv[1:])
