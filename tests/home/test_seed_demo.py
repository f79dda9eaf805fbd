"""The demo studio: who is in it; a second run changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from statistics import mean
from unittest.mock import call, patch

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.contrib.auth import authenticate
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, User
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from apps.ensembles.models import Ensemble, GroupPart
from apps.home.demo import studio
from apps.home.demo.people import ACCOUNTS
from apps.home.demo.repertoire import COURSE
from apps.notifications.models import Notification
from apps.practice.models import EntryComment, NewMark, PracticeDay, PracticeEntry, PracticeItem
from apps.practice.models.comments import AuthorRole
from apps.private_teaching import queries
from apps.private_teaching.models import Application, ApplicationMessage, PublishedPage, Teaching
from apps.repertoire.models import Note, Piece, PieceSection, Skill
from apps.repertoire.models.pieces import PieceStatus
from apps.scores.models import Score

COUNTED: list[type[Model]] = [
    User,
    Student,
    Guardianship,
    Teaching,
    StudentGrant,
    Invitation,
    PracticeEntry,
    PracticeDay,
    EntryComment,
    NewMark,
    AuditEvent,
    PublishedPage,
    Application,
    ApplicationMessage,
    Piece,
    Note,
]


def run(**options: bool) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Built once for this module, for it takes seconds; what a test changes is rolled back as ever."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run()
        transaction.set_rollback(True)


@pytest.fixture
def printed(seeded: str, db: None) -> str:
    return seeded


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example")


def children(name: str) -> set[str]:
    found = Guardianship.objects.current().filter(guardian=user(name))
    return set(found.values_list("student__name", flat=True))


def test_a_teacher_can_be_found_and_has_been_asked(printed: str) -> None:
    page = PublishedPage.objects.open().get()
    assert page.profile.teacher == user("teacher2")
    assert page.texts() == page.profile.texts()
    (row,) = queries.open_to(user("teacher2"))
    assert (row.student.name, row.applied_by) == ("Mia Keller", user("guardian"))
    assert queries.is_agreed(row)
    assert row.messages.count() == 2


def test_the_studio_is_the_one_that_was_promised(printed: str) -> None:
    logins = User.objects.filter(email__endswith="@demo.example")
    assert set(logins.values_list("email", flat=True)) == {
        f"{name}@demo.example"
        for name in ("teacher", "teacher2", "student", "teen", "guardian", "guardian2", "staff")
    }
    assert Student.objects.count() == 12
    taught = Teaching.objects.filter(teacher=user("teacher"))
    assert taught.values("student").distinct().count() == 12
    assert taught.filter(ended_at__isnull=False).count() == 1
    second = Teaching.objects.get(teacher=user("teacher2"))
    assert second.student == user("teen").student
    assert second.instrument != taught.get(student=second.student).instrument
    assert user("student").student.age_band == AgeBand.ADULT
    assert not Guardianship.objects.filter(student=user("student").student).exists()
    assert children("guardian") == {"Mia Keller", "Jonas Keller"}
    assert children("guardian2") == {"Mia Keller", "Leo Brandt"}
    without_login = Student.objects.filter(user=None, name__in=children("guardian"))
    assert [child.name for child in without_login] == ["Mia Keller"]
    assert set(Student.objects.values_list("time_zone", flat=True)) == {"Europe/Berlin", "America/New_York"}
    assert user("guardian2").language == "de"


def test_everybody_signs_in_with_the_one_password(printed: str) -> None:
    for account in ACCOUNTS:
        found = authenticate(None, email=account.email, password=studio.PASSWORD)
        assert (found is not None) == account.has_demo_login
        assert User.objects.get(email=account.email).emailaddress_set.get().verified  # type: ignore[attr-defined]
        assert (account.email in printed) == account.has_demo_login


def test_the_second_factor_is_printed_and_works(printed: str) -> None:
    """A code holds for half a minute, so it is printed and tried at one moment."""
    staff = user("staff")
    assert staff.is_staff
    assert not staff.is_superuser
    assert set(staff.groups.values_list("name", flat=True)) == set(studio.STAFF_GROUPS)
    secret = studio.totp_secret(staff)
    with time_machine.travel(timezone.now(), tick=False):
        code = run().partition("the code is ")[2][:6]
        assert validate_totp_code(secret, code)
    assert f"secret {secret}\n" in printed
    assert f"otpauth://totp/Woodshed:staff@demo.example?secret={secret}&issuer=Woodshed" in printed


def test_the_diary_is_three_months_long_and_alive(printed: str) -> None:
    now = timezone.now()
    entries = PracticeEntry.objects.all()
    days = sorted(entries.values_list("practised_on", flat=True))
    assert timedelta(days=84) <= days[-1] - days[0] <= timedelta(days=92)
    assert (now.date() - days[-1]).days <= 2
    assert entries.count() > 300
    assert not entries.filter(created_at__gt=now).exists()
    assert entries.filter(is_private=True).exists()
    assert entries.filter(addressed_to__teacher=user("teacher2")).exists()
    assert entries.filter(preparing_for_exam=True).exists()
    assert entries.filter(preparing_for_performance=True).exists()
    assert not entries.filter(struggles="", achievements="", items=None).exists()
    roles = Counter(EntryComment.objects.values_list("author_role", flat=True))
    assert roles[AuthorRole.TEACHER] > roles[AuthorRole.GUARDIAN] > 0
    assert roles[AuthorRole.STUDENT] > 0
    assert not EntryComment.objects.filter(entry__is_private=True).exists()


def test_somebody_is_silent_somebody_is_invited_somebody_visits(printed: str) -> None:
    today = timezone.now().date()
    yusuf = PracticeEntry.objects.filter(student__name="Yusuf Demir").latest("practised_on")
    assert 8 <= (today - yusuf.practised_on).days <= 10
    waiting = Invitation.objects.pending(timezone.now()).get()
    assert (waiting.known_student.name, waiting.email) == ("Noor Haddad", "haddad@families.example")
    assert not PracticeEntry.objects.filter(student=waiting.student).exists()
    grant = StudentGrant.objects.live().get()
    assert (grant.content_object.name, grant.user.get_full_name()) == ("Mia Keller", "Helga Keller")
    former = Teaching.objects.get(ended_at__isnull=False)
    late = PracticeEntry.objects.filter(student=former.student, created_at__gt=former.ended_at)
    assert not late.exists()


def test_only_the_last_days_are_new(printed: str) -> None:
    fresh = NewMark.objects.filter(entry__created_at__lt=timezone.now() - timedelta(days=studio.UNSEEN_DAYS))
    assert not fresh.exists()


def test_families_have_read_what_is_older_than_a_day(printed: str) -> None:
    told = Notification.objects.filter(created_at__lt=timezone.now() - timedelta(days=1, hours=1))
    assert told.count() > 10
    assert not told.filter(read_at__isnull=True).exists()
    mother = User.objects.get(email="guardian@demo.example")
    assert 0 < Notification.objects.filter(recipient=mother, read_at__isnull=True).count() < 15


def test_the_day_summaries_are_what_a_recount_gives(printed: str) -> None:
    def summaries() -> set[tuple[object, ...]]:
        return set(
            PracticeDay.objects.values_list("student", "practised_on", "is_private", "sessions", "minutes")
        )

    before = summaries()
    for student in Student.objects.all():
        days = PracticeEntry.objects.filter(student=student).values_list("practised_on", flat=True)
        PracticeDay.objects.recount(student_id=student.pk, days=set(days), something_left=True)
    assert summaries() == before


def test_a_second_run_changes_nothing(
    printed: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    before = [model._default_manager.count() for model in COUNTED]
    with django_assert_max_num_queries(5):
        again = run()
    assert [model._default_manager.count() for model in COUNTED] == before
    assert studio.totp_secret(user("staff")) in again


def test_tables_are_brought_up_to_date_first_when_asked(printed: str) -> None:
    with patch("apps.home.management.commands.seed_demo.call_command") as command:
        run(migrate=True)
        run()
    assert command.mock_calls == [call("migrate", interactive=False, verbosity=0)]


def test_everybody_who_practises_has_pieces(printed: str) -> None:
    practising = set(PracticeEntry.objects.values_list("student", flat=True))
    assert set(Piece.objects.values_list("student", flat=True)) == practising
    assert set(Skill.objects.values_list("student", flat=True)) == practising
    assert set(PieceSection.objects.values_list("piece__student", flat=True)) == practising
    some = {PieceStatus.LEARNING, PieceStatus.POLISHING, PieceStatus.READY}
    assert set(Piece.objects.values_list("status", flat=True)) == some
    horseman = Piece.objects.get(title="The Wild Horseman")
    assert (horseman.student.name, horseman.composer) == ("Mia Keller", "Robert Schumann")
    assert [row.status for row in horseman.status_changes.order_by("changed_at")] == [*COURSE]


def test_some_play_together_and_one_has_not_answered_yet(printed: str) -> None:
    ensemble = Ensemble.objects.get()
    assert ensemble.teacher == user("teacher")
    names = dict(ensemble.memberships.values_list("teaching__student__name", "shown_name"))
    assert names == {"Sofia Okafor": "Sofia", "Mia Keller": "Mia", "Emma Wójcik": "Emma", "Jonas Keller": ""}
    asked = GroupPart.objects.get()
    assert asked.membership is not None
    assert asked.membership.teaching.student.name == "Mia Keller"
    assert asked.session.entry is not None
    assert asked.session.entry.student.name == "Sofia Okafor"


def test_the_music_stands_on_a_piece(printed: str) -> None:
    score = Score.objects.get()
    assert (score.student.name, score.added_by) == ("Mia Keller", user("teacher"))
    pages = [Image.open(default_storage.open(page.picture)) for page in score.pages.order_by("number")]
    assert [page.size for page in pages] == [(1240, 1754)] * 2
    # Paper and ink, and not twice the same page.
    inks = [page.convert("L").histogram() for page in pages]
    assert all(sum(ink[:60]) > 1000 and sum(ink[240:]) > 1000 for ink in inks)
    assert pages[0].tobytes() != pages[1].tobytes()


def test_a_piece_was_practised_and_gets_faster(printed: str) -> None:
    lines = PracticeItem.objects.filter(entry__student__name="Mia Keller")
    assert not lines.filter(piece=None, skill=None).exists()
    assert lines.values("piece", "skill").distinct().count() == 5
    in_order = lines.order_by("entry__practised_on").values_list("tempo", flat=True)
    tempos = [tempo for tempo in in_order if tempo is not None]
    assert len(tempos) > 10
    assert mean(tempos[-5:]) > mean(tempos[:5]) + 15
