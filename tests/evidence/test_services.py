"""What is written, how many of it, and the files that go with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Student
from apps.accounts.services import CollectionIsOff
from apps.consent.texts import PICTURES_SINCE
from apps.core import adding
from apps.core.models import AuditEvent
from apps.core.ownership import Subject
from apps.evidence import services
from apps.evidence.content import EvidenceContent, a_link, a_note, a_picture
from apps.evidence.models import Evidence
from apps.evidence.tasks import forget_files
from apps.practice.models import NewMark
from apps.practice.services import delete_entry
from apps.privacy.services import eraser, trash
from tests.conftest import Cast
from tests.factories.consent import make_consent
from tests.factories.evidence import drawn, make_evidence, make_link, make_picture
from tests.factories.repertoire import make_skill
from tests.factories.safeguarding import make_report

OnDisk = Callable[[], list[str]]
pytestmark = pytest.mark.usefixtures("media")


def add(cast: Cast, content: EvidenceContent, **given: Any) -> Evidence:
    usual: dict[str, Any] = {"about": cast.entry, "by": cast.user("guardian"), "now": timezone.now()}
    return services.add_evidence(content=content, **({"key": uuid4()} | usual | given))


class TestAdding:
    def test_a_picture_says_what_is_known_of_it(self, cast: Cast, on_disk: OnDisk) -> None:
        content = a_picture(drawn(size=(300, 200)), "my screen.png", "The fingering")
        row = add(cast, content)
        row.refresh_from_db()
        assert [row.picture] == on_disk()
        assert row.file_size == default_storage.size(row.picture)
        assert (row.kind, row.file_name, row.width, row.height) == ("screenshot", "my screen.png", 300, 200)
        assert (row.student, row.entry, row.skill, row.body) == (
            cast.student,
            cast.entry,
            None,
            "The fingering",
        )
        assert "screen" not in row.picture

    def test_the_same_key_adds_once(self, cast: Cast, on_disk: OnDisk) -> None:
        key = uuid4()
        for content in (a_note("Slowly"), a_link("https://music.example/"), a_picture(drawn(), "a.png")):
            Evidence.objects.all().delete()
            first = add(cast, content, key=key)
            assert add(cast, content, key=key) == first
            assert Evidence.objects.count() == 1
        assert len(on_disk()) == 1, "the second file went again"

    def test_a_key_of_something_else_is_taken(self, cast: Cast, on_disk: OnDisk) -> None:
        row = make_evidence(cast.entry, cast.user("guardian"))
        with pytest.raises(adding.KeyIsTaken):
            add(cast, a_note("Other words"), key=row.pk)
        with pytest.raises(adding.KeyIsTaken):
            add(cast, a_picture(drawn(), "a.png"), key=row.pk)
        with pytest.raises(adding.KeyIsTaken):
            add(cast, a_note(row.body), key=row.pk, by=cast.user("student"))
        services.delete_evidence(evidence=row, by=cast.user("guardian"), now=timezone.now())
        with pytest.raises(adding.KeyIsTaken):
            add(cast, a_note(row.body), key=row.pk)
        assert Evidence.objects.count() == 1
        assert on_disk() == []

    def test_another_picture_of_the_same_name_is_not_the_same(self, cast: Cast, on_disk: OnDisk) -> None:
        """Phones call all of theirs alike: nobody is told "Saved." of one that went."""
        key = uuid4()
        add(cast, a_picture(drawn(size=(300, 200)), "image.jpg"), key=key)
        for other in (drawn(size=(300, 201)), drawn(size=(300, 200), colour="red")):
            with pytest.raises(adding.KeyIsTaken):
                add(cast, a_picture(other, "image.jpg"), key=key)
        assert (Evidence.objects.count(), len(on_disk())) == (1, 1)

    def test_who_takes_away_what_another_one_added_is_written_down(self, cast: Cast) -> None:
        own = make_evidence(cast.entry, cast.user("student"))
        others = make_evidence(cast.entry, cast.user("guardian"))
        for row in (own, others):
            services.delete_evidence(evidence=row, by=cast.user("student"), now=timezone.now())
        said = AuditEvent.objects.get(action="evidence.deleted")
        assert (said.target_id, said.actor_id) == (others.pk, cast.user("student").pk)

    def test_the_entry_is_new_to_its_teachers_again(self, cast: Cast) -> None:
        NewMark.objects.all().delete()
        make_evidence(cast.entry, cast.user("guardian"))
        assert set(NewMark.objects.values_list("teaching", "entry")) == {
            (cast.teaching.pk, cast.entry.pk),
            (cast.second_teaching.pk, cast.entry.pk),
        }
        make_evidence(cast.addressed_entry, cast.user("student"))
        assert NewMark.objects.get(entry=cast.addressed_entry).teaching == cast.second_teaching
        make_evidence(cast.private_entry, cast.user("student"))
        assert not NewMark.objects.filter(entry=cast.private_entry).exists()
        NewMark.objects.all().delete()
        make_evidence(make_skill(cast.student, cast.user("guardian")), cast.user("guardian"))
        assert not NewMark.objects.exists()

    def test_nothing_where_nothing_is_kept(self, cast: Cast, on_disk: OnDisk) -> None:
        Student.objects.filter(pk=cast.student.pk).update(collecting=False)
        with pytest.raises(CollectionIsOff):
            make_picture(cast.entry, cast.user("guardian"))
        assert (Evidence.objects.count(), on_disk()) == (0, [])

    def test_no_picture_of_whom_nobody_agreed_to_pictures(self, cast: Cast, on_disk: OnDisk) -> None:
        """The first words about the diary did not name them; all else goes on."""
        make_consent(cast.student, cast.user("guardian"), text_version=PICTURES_SINCE - 1)
        with pytest.raises(adding.PicturesAreNotAgreedTo):
            make_picture(cast.entry, cast.user("student"))
        make_evidence(cast.entry, cast.user("student"))
        make_link(cast.entry, cast.user("student"))
        assert on_disk() == []
        make_consent(cast.student, cast.user("guardian"), text_version=PICTURES_SINCE)
        assert [make_picture(cast.entry, cast.user("student")).picture] == on_disk()

    def test_nothing_on_an_entry_that_went_meanwhile(self, cast: Cast, on_disk: OnDisk) -> None:
        delete_entry(entry=cast.entry, by=cast.user("guardian"), now=timezone.now())
        with pytest.raises(adding.GoneMeanwhile):
            make_picture(cast.entry, cast.user("guardian"))
        assert on_disk() == []


class TestLimits:
    def test_five_on_an_entry_and_deleting_makes_room(self, cast: Cast, settings: Any) -> None:
        assert settings.EVIDENCE_PER_ENTRY == 5
        rows = [make_evidence(cast.entry, cast.user("guardian"), f"Number {n}") for n in range(5)]
        with pytest.raises(adding.TooMany) as caught:
            make_link(cast.entry, cast.user("student"))
        assert caught.value.most == 5
        make_link(cast.private_entry, cast.user("student"))
        services.delete_evidence(evidence=rows[0], by=cast.user("student"), now=timezone.now())
        make_link(cast.entry, cast.user("student"))

    def test_how_many_is_a_setting(self, cast: Cast, settings: Any) -> None:
        settings.EVIDENCE_PER_ENTRY = settings.EVIDENCE_PER_SKILL = 1
        skill = make_skill(cast.student, cast.user("guardian"))
        for place in (cast.entry, skill):
            make_evidence(place, cast.user("guardian"))
            with pytest.raises(adding.TooMany):
                make_evidence(place, cast.user("guardian"))

    def test_pictures_of_a_student_are_counted_with_those_in_the_trash(
        self, cast: Cast, settings: Any, on_disk: OnDisk
    ) -> None:
        settings.EVIDENCE_PICTURES_PER_STUDENT = 1
        row = make_picture(cast.entry, cast.user("guardian"))
        services.delete_evidence(evidence=row, by=cast.user("guardian"), now=timezone.now())
        with pytest.raises(services.TooManyPictures):
            make_picture(cast.private_entry, cast.user("guardian"))
        make_evidence(cast.private_entry, cast.user("guardian"))
        assert on_disk() == [row.picture]


class TestTheTable:
    """What no form lets through, and the database neither."""

    @pytest.mark.parametrize(
        "wrong",
        [
            {"entry": None},
            {"skill": "one"},
            {"body": ""},
            {"body": "x" * 2001},
            {"link": "https://music.example/"},
            {"kind": "link"},
            {"kind": "link", "link": "javascript:alert(1)"},
            {"kind": "link", "link": "ftp://music.example/"},
            {"kind": "screenshot"},
            {"kind": "screenshot", "picture": "evidence/a.webp", "file_size": 9, "width": 9, "height": 9},
            {"kind": "screenshot", "picture": "evidence/a.webp", "file_name": "a", "width": 9, "height": 9},
            {"kind": "film"},
        ],
        ids=str,
    )
    def test_it_takes_nothing_that_cannot_be(self, cast: Cast, wrong: dict[str, Any]) -> None:
        if wrong.get("skill"):
            wrong = wrong | {"skill": make_skill(cast.student, cast.user("guardian"))}
        given = {"student": cast.student, "entry": cast.entry, "kind": "note", "body": "Slowly"}
        Evidence.objects.create(created_at=timezone.now(), **given)
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.create(created_at=timezone.now(), **given | wrong)

    def test_two_rows_never_name_one_file(self, cast: Cast) -> None:
        row = make_picture(cast.entry, cast.user("guardian"))
        row.pk = uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


class TestFiles:
    def test_a_file_goes_with_its_row_out_of_the_trash(self, cast: Cast, on_disk: OnDisk) -> None:
        row, other = (make_picture(cast.entry, cast.user("guardian")) for _ in range(2))
        now = timezone.now()
        services.delete_evidence(evidence=row, by=cast.user("guardian"), now=now)
        trash.purge(now=now + timedelta(days=29))
        assert on_disk() == sorted([row.picture, other.picture])
        trash.purge(now=now + timedelta(days=31))
        assert on_disk() == [other.picture]
        assert Evidence.objects.get() == other

    def test_a_file_goes_with_its_entry(self, cast: Cast, on_disk: OnDisk) -> None:
        make_picture(cast.entry, cast.user("guardian"))
        delete_entry(entry=cast.entry, by=cast.user("guardian"), now=timezone.now())
        trash.purge(now=timezone.now() + timedelta(days=31))
        assert (Evidence.objects.count(), on_disk()) == (0, [])

    def test_what_is_reported_stays_until_the_report_is_closed(self, cast: Cast, on_disk: OnDisk) -> None:
        row, now = make_picture(cast.entry, cast.user("guardian")), timezone.now()
        report = make_report(cast.student, cast.user("teacher"), kind="picture", text=row.picture)
        services.delete_evidence(evidence=row, by=cast.user("guardian"), now=now)
        trash.purge(now=now + timedelta(days=31))
        assert on_disk() == [row.picture]
        type(report).objects.update(state="closed", closed_at=now)
        trash.purge(now=now + timedelta(days=31))
        assert on_disk() == []

    def test_an_erasure_of_the_diary_takes_the_files_along(self, cast: Cast, on_disk: OnDisk) -> None:
        make_picture(cast.entry, cast.user("guardian"))
        kept = make_picture(
            make_skill(cast.other_student, cast.user("other_guardian")), cast.user("other_guardian")
        )
        for _step in eraser.steps(Subject.STUDENT, cast.student.pk):
            pass
        assert on_disk() == [kept.picture]

    def test_an_erasure_of_a_person_leaves_the_students_evidence_without_the_name(
        self, cast: Cast, on_disk: OnDisk
    ) -> None:
        row = make_picture(cast.entry, cast.user("second_guardian"))
        for _step in eraser.steps(Subject.PERSON, cast.user("second_guardian").pk):
            pass
        row.refresh_from_db()
        assert row.added_by is None
        assert on_disk() == [row.picture]

    def test_files_that_no_row_names_are_forgotten_after_the_backups(
        self, cast: Cast, on_disk: OnDisk
    ) -> None:
        assert services.forget_orphans(now=timezone.now()) == 0  # there is no folder yet
        row = make_picture(cast.entry, cast.user("guardian"))
        services.delete_evidence(evidence=row, by=cast.user("guardian"), now=timezone.now())
        orphan = default_storage.save("evidence/orphan.webp", ContentFile(b"of a process that died"))
        forget_files()
        assert on_disk() == sorted([row.picture, orphan])
        assert services.forget_orphans(now=timezone.now() + timedelta(days=36)) == 1
        assert on_disk() == [row.picture], "a row in the trash names its file"

    def test_no_file_stays_where_the_row_did_not_come(
        self, cast: Cast, on_disk: OnDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**given: object) -> None:
            raise RuntimeError

        monkeypatch.setattr(services, "new_for_teachers", fail)
        with pytest.raises(RuntimeError):
            make_picture(cast.entry, cast.user("guardian"))
        assert (Evidence.objects.count(), on_disk()) == (0, [])
