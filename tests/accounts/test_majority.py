"""The eighteenth birthday: announced, carried out once, and not one row of the diary moves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services, tasks
from apps.accounts.models import FamilyLock, Guardianship, Invitation, Objection, Student, StudentGrant, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.accounts.services import majority
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery
from apps.notifications.services import deliver_due
from apps.practice import services as practice
from apps.practice.models.comments import AuthorRole
from tests.conftest import Cast
from tests.factories.accounts import born, make_guardianship, make_invitation, make_student, make_user
from tests.privacy.dumps import dump

SignIn = Callable[[User], Client]
DAY = timedelta(days=1)
# Mia was born in May 2010: counted as of age from the first of June 2028.
BORN = date(2010, 5, 1)
BIRTHDAY = datetime(2028, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def mia(cast: Cast) -> Student:
    Student.objects.filter(pk=cast.student.pk).update(birth_month=BORN, time_zone="Europe/Berlin")
    cast.student.refresh_from_db()
    return cast.student


def run(now: datetime) -> int:
    return services.come_of_age_due(now=now)


def kinds() -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in Delivery.objects.values_list("kind", flat=True):
        found[kind] = found.get(kind, 0) + 1
    return found


def grow_up(student: Student) -> None:
    """Announced in time, then the day comes."""
    run(BIRTHDAY - 30 * DAY)
    assert run(BIRTHDAY) == 1
    student.refresh_from_db()


def test_thirty_days_before_everybody_is_told_once(cast: Cast, mia: Student) -> None:
    assert run(BIRTHDAY - 31 * DAY) == 0
    assert kinds() == {}
    assert [run(BIRTHDAY - days * DAY) for days in (30, 30, 29)] == [0, 0, 0]
    assert kinds() == {"accounts.coming-of-age": 3}
    assert Guardianship.objects.current().filter(student=mia).count() == 2
    mail.outbox.clear()
    deliver_due(clock=lambda: BIRTHDAY - 30 * DAY)
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects[cast.user("student").email] == "Soon you decide who sees your diary"
    assert subjects[cast.user("guardian").email] == "Mia will soon be 18"


def test_on_the_day_all_guardianships_end(cast: Cast, mia: Student) -> None:
    grow_up(mia)
    assert not Guardianship.objects.unended().filter(student=mia).exists()
    assert (mia.age_band, mia.came_of_age_at) == (AgeBand.ADULT, BIRTHDAY)
    told = {*Delivery.objects.filter(kind="accounts.came-of-age").values_list("email", flat=True)}
    assert told == {cast.user(name).email for name in ("student", "guardian", "second_guardian")}
    mail.outbox.clear()
    Delivery.objects.filter(kind="accounts.coming-of-age").delete()
    assert deliver_due(clock=lambda: BIRTHDAY) == 3
    former = next(message for message in mail.outbox if message.to == [cast.user("guardian").email])
    assert "nobody is a guardian here any more" in former.body
    ended = AuditEvent.objects.filter(action="guardianship.ended", details__why="adult")
    assert ended.count() == 2
    assert AuditEvent.objects.filter(action="student.came-of-age", student_id=mia.pk).count() == 1


def test_again_is_harmless(mia: Student) -> None:
    grow_up(mia)
    before = dump()
    assert run(BIRTHDAY + DAY) == 0
    assert dump() == before


def test_the_day_before_nothing_ends_and_the_zone_decides(mia: Student) -> None:
    run(BIRTHDAY - 30 * DAY)
    # Four in the morning of the first of June, in Berlin, is two o'clock in Greenwich.
    assert run(datetime(2028, 6, 1, 0, 59, tzinfo=UTC)) == 0
    assert run(datetime(2028, 6, 1, 2, 1, tzinfo=UTC)) == 1


def test_not_one_row_of_the_diary_changes_hands_or_is_lost(cast: Cast, mia: Student) -> None:
    """Entries, lines, comments, marks, days, versions: every table of the diary, byte for byte."""
    for who, role in [("guardian", AuthorRole.GUARDIAN), ("teacher", AuthorRole.TEACHER)]:
        practice.add_comment(
            key=make_student().pk,
            entry=cast.entry,
            by=cast.user(who),
            role=role,
            body="Bravo",
            now=timezone.now(),
        )
    practice.delete_entry(entry=cast.addressed_entry, by=cast.user("student"), now=timezone.now())

    def diary() -> dict[str, list[str]]:
        found = dump()
        return {
            name: rows
            for name, rows in found.items()
            if name.startswith("practice_") or name == "private_teaching_teaching"
        }

    before = diary()
    filled = {name for name, rows in before.items() if rows}
    assert filled >= {
        "practice_practiceentry",
        "practice_practiceitem",
        "practice_entrycomment",
        "practice_practiceday",
        "practice_newmark",
        "practice_practiceentryrevision",
    }
    grow_up(mia)
    assert diary() == before


def test_the_student_reads_all_and_the_guardians_nothing(cast: Cast, as_user: SignIn, mia: Student) -> None:
    grow_up(mia)
    diary = reverse("practice:entry-list", args=[mia.pk])
    private = reverse("practice:entry-detail", args=[cast.private_entry.pk])
    assert as_user(cast.user("student")).get(private).status_code == 200
    for name in ("guardian", "second_guardian"):
        assert as_user(cast.user(name)).get(diary).status_code == 404
        assert as_user(cast.user(name)).get(private).status_code == 404
    assert as_user(cast.user("teacher")).get(diary).status_code == 200


def test_what_guardians_had_begun_ends_too(cast: Cast, mia: Student) -> None:
    newcomer = make_guardianship(mia, make_user("Newcomer"), started_at=timezone.now())
    services.object_to_guardian(
        guardianship=newcomer, by=cast.user("guardian"), reason="", now=timezone.now()
    )
    run(BIRTHDAY - 30 * DAY)
    soon = BIRTHDAY - DAY
    by_guardian = make_invitation(
        mia, cast.user("guardian"), "aunt@people.example", InvitationRole.GRANTEE, now=soon
    )
    by_student = make_invitation(mia, cast.user("student"), "uncle@people.example", now=soon)
    run(BIRTHDAY)
    assert not Invitation.objects.filter(pk__in=[by_guardian.pk, by_student.pk], cancelled_at=None).exists()
    assert Objection.objects.get().decided_at == BIRTHDAY
    assert not Guardianship.objects.unended().filter(student=mia).exists()
    assert StudentGrant.objects.filter(user=cast.user("viewer")).exists()


def test_a_month_learnt_late_is_announced_a_week_ahead(mia: Student) -> None:
    late = BIRTHDAY + 90 * DAY
    assert [run(late + days * DAY) for days in (0, 6, 7)] == [0, 0, 1]
    assert kinds() == {"accounts.coming-of-age": 3, "accounts.came-of-age": 3}


def test_while_locked_only_the_staff_change_the_family(cast: Cast, mia: Student) -> None:
    run(BIRTHDAY - 30 * DAY)
    held = services.lock_family(student=mia, reason="An order", by=cast.user("staff"), now=timezone.now())
    assert run(BIRTHDAY) == 0
    services.unlock_family(lock=held, by=cast.user("staff"), now=timezone.now())
    assert FamilyLock.objects.get().lifted_at is not None
    assert run(BIRTHDAY + DAY) == 1


def test_an_unknown_month_ends_nothing(cast: Cast) -> None:
    assert run(BIRTHDAY + 3650 * DAY) == 0
    assert kinds() == {}


def test_the_task_does_the_round(mia: Student) -> None:
    Student.objects.filter(pk=mia.pk).update(birth_month=date(1990, 1, 1))
    tasks.come_of_age()
    assert kinds() == {"accounts.coming-of-age": 3}


# Without a login


@pytest.fixture
def ida(cast: Cast) -> Student:
    """Has a guardian and no sign-in."""
    student = make_student("Ida Qzida", birth_month=BORN)
    make_guardianship(student, cast.user("guardian"))
    return student


def test_without_a_login_guardians_stay_and_are_asked_once(cast: Cast, ida: Student) -> None:
    assert [run(BIRTHDAY + days * DAY) for days in (-1, 0, 1, 40)] == [0, 0, 0, 0]
    assert Guardianship.objects.current().filter(student=ida).exists()
    assert kinds() == {"accounts.ask-for-login": 1}
    mail.outbox.clear()
    deliver_due(clock=lambda: BIRTHDAY + DAY)
    assert [message.subject for message in mail.outbox] == ["Ida is 18: time for an own sign-in"]


def test_the_page_asks_too(cast: Cast, as_user: SignIn, ida: Student) -> None:
    people = reverse("private_teaching:student-people", args=[ida.pk])
    client = as_user(cast.user("guardian"))
    assert "Adults decide for themselves" not in client.get(people).content.decode()
    Student.objects.filter(pk=ida.pk).update(birth_month=date(1999, 1, 1))
    page = client.get(people).content.decode()
    assert "Ida is 18" in page
    assert reverse("accounts:invitation-create", args=[ida.pk]) + "?role=student" in page


def test_pictures_and_digits_are_no_sign_in_of_ones_own(cast: Cast, as_user: SignIn, ida: Student) -> None:
    """A guardian made them, so Ida could not decide with them."""
    guardian = cast.user("guardian")
    services.make_child_login(student=ida, by=guardian, now=BIRTHDAY - DAY)
    assert run(BIRTHDAY) == 0
    deliver_due(clock=lambda: BIRTHDAY)
    asked = [message.to for message in mail.outbox if message.subject.startswith("Ida is 18")]
    assert asked == [[guardian.email]]
    Student.objects.filter(pk=ida.pk).update(birth_month=date(1999, 1, 1))
    people = reverse("private_teaching:student-people", args=[ida.pk])
    assert "Ida is 18" in as_user(guardian).get(people).content.decode()


def test_the_question_is_not_sent_when_it_is_settled(cast: Cast, ida: Student) -> None:
    run(BIRTHDAY)
    Student.objects.filter(pk=ida.pk).update(user=cast.user("stranger"))
    assert deliver_due(clock=lambda: BIRTHDAY) == 0
    assert Delivery.objects.get().state == "cancelled"


@pytest.fixture
def heir(ida: Student) -> Student:
    """Ida is long of age by her guardian's word, and still has no sign-in."""
    Student.objects.filter(pk=ida.pk).update(birth_month=date(1999, 1, 1))
    ida.refresh_from_db()
    return ida


def accept_url(cast: Cast, student: Student) -> str:
    row = make_invitation(student, cast.user("guardian"), cast.user("stranger").email, InvitationRole.STUDENT)
    return reverse("accounts:invitation-accept", args=[row.token])


def test_an_adult_who_takes_up_their_login_takes_over_after_the_notice(
    cast: Cast, as_user: SignIn, heir: Student
) -> None:
    """Whoever holds the invitation may be somebody else: the guardians have days to say so."""
    assert as_user(cast.user("stranger")).post(accept_url(cast, heir)).status_code == 302
    heir.refresh_from_db()
    assert (heir.user, heir.age_band) == (cast.user("stranger"), AgeBand.TEEN)
    assert heir.came_of_age_at is None
    now = timezone.now()
    assert [run(now + days * DAY) for days in (0, 6)] == [0, 0]
    assert Guardianship.objects.current().filter(student=heir).exists()
    assert kinds()["accounts.coming-of-age"] == 2
    assert run(now + 7 * DAY) == 1
    heir.refresh_from_db()
    assert heir.age_band == AgeBand.ADULT
    assert not Guardianship.objects.unended().filter(student=heir).exists()


def test_an_adult_by_their_own_word_asks_the_guardian_and_then_comes_in(
    cast: Cast, as_user: SignIn, ida: Student
) -> None:
    """Without a day's wait: by then the guardian's word counts, and nobody is asked again."""
    Student.objects.filter(pk=ida.pk).update(birth_month=None)
    client, accept = as_user(cast.user("stranger")), accept_url(cast, ida)
    page = client.post(accept, born(30)).content.decode()
    assert "ask them to write your month of birth" in page
    services.change_birth_month(
        student=ida, birth_month=date(1996, 1, 1), by=cast.user("guardian"), now=timezone.now()
    )
    assert client.post(accept).status_code == 302
    ida.refresh_from_db()
    assert ida.user == cast.user("stranger")
    assert Guardianship.objects.current().filter(student=ida).exists()


def test_the_lock_of_the_staff_is_seen_by_a_round_that_has_begun(cast: Cast, mia: Student) -> None:
    run(BIRTHDAY - 30 * DAY)
    (found,) = majority._soon_adults(BIRTHDAY)
    services.lock_family(student=mia, reason="An order", by=cast.user("staff"), now=BIRTHDAY)
    assert majority._come_of_age(found, now=BIRTHDAY) is False
    assert Guardianship.objects.current().filter(student=mia).count() == 2


def test_a_child_cannot_say_adult(cast: Cast, ida: Student) -> None:
    Student.objects.filter(pk=ida.pk).update(birth_month=date(2015, 1, 1))
    row = make_invitation(ida, cast.user("guardian"), cast.user("stranger").email, InvitationRole.STUDENT)
    with pytest.raises(services.AgeNotAllowed):
        services.accept_invitation(
            invitation=row, by=cast.user("stranger"), now=timezone.now(), birth_month=date(1999, 1, 1)
        )


# Stored bands


def test_the_bands_follow_the_months_of_birth(cast: Cast) -> None:
    """Thirteen and eighteen; with a guardian eighteen is not a matter of the calendar alone."""
    teen = make_student("Ida", birth_month=date(2015, 5, 1), age_band=AgeBand.CHILD)
    alone = make_student("Leo", birth_month=date(2010, 5, 1), age_band=AgeBand.TEEN)
    guarded = make_student("Mia", birth_month=date(2010, 5, 1), age_band=AgeBand.UNKNOWN)
    make_guardianship(guarded, cast.user("guardian"))
    said = make_student("Ada", age_band=AgeBand.ADULT)

    def bands() -> list[str]:
        rows = (teen, alone, guarded, said)
        return [Student.objects.get(pk=row.pk).age_band for row in rows]

    services.come_of_age_due(now=datetime(2028, 6, 1, 23, tzinfo=UTC))
    assert bands() == ["child", "teen", "teen", "adult"]
    services.come_of_age_due(now=datetime(2028, 6, 2, 1, tzinfo=UTC))
    assert bands() == ["teen", "adult", "teen", "adult"]
