"""The eighteenth birthday: announced, carried out once, and not one row of the diary moves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

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
from tests.accounts.test_admin import with_factor
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


# The month of birth


def sent(**fields: Any) -> dict[str, Any]:
    return {"name": "Mia", "time_zone": "Berlin", "instruments": "", "level": "", "goal": ""} | fields


def edit(client: Client, student: Student, **fields: Any) -> str:
    return client.post(
        reverse("accounts:student-edit", args=[student.pk]), sent(**fields), follow=True
    ).content.decode()


def test_a_guardian_writes_it_and_the_others_are_told(cast: Cast, as_user: SignIn) -> None:
    edit(as_user(cast.user("guardian")), cast.student, birth_month="5", birth_year=" 2012 ")
    cast.student.refresh_from_db()
    assert cast.student.birth_month == date(2012, 5, 1)
    event = AuditEvent.objects.get(action="student.birth-month-changed")
    assert (event.actor_id, event.details) == (cast.user("guardian").pk, {})
    assert kinds() == {"accounts.birth-month-changed": 2}
    assert deliver_due(clock=timezone.now) == 2


def test_the_same_month_again_tells_nobody(cast: Cast, as_user: SignIn, mia: Student) -> None:
    page = as_user(cast.user("guardian")).get(reverse("accounts:student-edit", args=[mia.pk]))
    initial = {name: page.context["form"].fields[name].initial for name in ("birth_month", "birth_year")}
    assert initial == {"birth_month": BORN.month, "birth_year": BORN.year}
    edit(as_user(cast.user("guardian")), mia, **initial)
    assert kinds() == {}


@pytest.mark.parametrize(
    ("month", "year", "said"),
    [
        ("13", "2012", "Choose a month."),
        ("soon", "2012", "Choose a month."),
        ("", "2012", "Choose the month."),
        ("5", "", "Write the year with four digits."),
        ("5", "1800", "Write the year with four digits."),
        ("5", "2900", "Write the year with four digits."),
        ("5", "99999", "Write the year with four digits."),
    ],
)
def test_what_is_no_month_is_said_beside_the_field(
    cast: Cast, as_user: SignIn, month: str, year: str, said: str
) -> None:
    page = edit(
        as_user(cast.user("guardian")), cast.student, birth_month=month, birth_year=year, goal="Kept words"
    )
    assert page.count(said) == 1
    assert "Kept words" in page
    assert not year or f'value="{year}"' in page
    assert Student.objects.get(pk=cast.student.pk).birth_month is None


def test_it_can_be_taken_back_while_a_guardian_signs_the_child_in(
    cast: Cast, as_user: SignIn, ida: Student
) -> None:
    edit(as_user(cast.user("guardian")), ida, birth_month="", birth_year="")
    ida.refresh_from_db()
    assert ida.birth_month is None


@pytest.mark.parametrize(("month", "year"), [("6", "2010"), ("5", "2016"), ("", "")])
def test_a_guardian_puts_off_nobodys_coming_of_age(
    cast: Cast, as_user: SignIn, mia: Student, month: str, year: str
) -> None:
    """Mia has a sign-in of her own: whoever makes her younger would be her guardian for longer."""
    run(BIRTHDAY - 30 * DAY)
    page = edit(
        as_user(cast.user("guardian")), mia, birth_month=month, birth_year=year, instruments="Kept words"
    )
    assert page.count("Mia signs in without you") == 1
    assert "Kept words" in page
    mia.refresh_from_db()
    assert (mia.birth_month, mia.majority_told_at) == (BORN, BIRTHDAY - 30 * DAY)
    assert run(BIRTHDAY) == 1


def test_an_earlier_month_begins_no_new_count(cast: Cast, mia: Student) -> None:
    """Else the day could be put off a week at a time, a month of birth after the other."""
    run(BIRTHDAY - 30 * DAY)
    services.correct_birth_month(
        student=mia, birth_month=date(2010, 4, 1), by=cast.user("staff"), now=BIRTHDAY - DAY
    )
    assert kinds()["accounts.birth-month-changed"] == 3
    assert run(BIRTHDAY) == 1


@pytest.mark.parametrize("known", [{"birth_month": BORN}, {"birth_month": None, "age_band": AgeBand.CHILD}])
def test_a_guardian_makes_no_adult_of_a_child(
    cast: Cast, as_user: SignIn, ida: Student, known: dict[str, Any]
) -> None:
    """With a stranger in the child's place the diary would be theirs a week later."""
    Student.objects.filter(pk=ida.pk).update(**known)
    page = edit(as_user(cast.user("guardian")), ida, birth_month="5", birth_year="2007")
    assert page.count("is under 18") == 1
    ida.refresh_from_db()
    assert ida.birth_month == known["birth_month"]


def correct(client: Client, student: Student, birth_month: str) -> None:
    sent = {"name": student.name, "time_zone": "UTC", "day_ends_at_hour": "3", "max_minutes": ""}
    answer = client.post(
        reverse("admin:accounts_student_change", args=[student.pk]), sent | {"birth_month": birth_month}
    )
    assert answer.status_code == 302
    student.refresh_from_db()


def test_the_staff_correct_it_in_any_direction(cast: Cast, as_user: SignIn, mia: Student) -> None:
    run(BIRTHDAY - 30 * DAY)
    office = as_user(with_factor(cast.user("superuser")))
    correct(office, mia, "2012-05-01")
    assert (mia.birth_month, mia.majority_told_at) == (date(2012, 5, 1), None)
    assert kinds()["accounts.birth-month-changed"] == 3
    event = AuditEvent.objects.get(action="student.birth-month-changed")
    assert event.actor_id == cast.user("superuser").pk
    correct(office, mia, "1999-05-01")
    assert (mia.birth_month, mia.age_band) == (date(1999, 5, 1), AgeBand.TEEN)
    correct(office, mia, "1999-05-01")
    assert AuditEvent.objects.filter(action="student.birth-month-changed").count() == 2


def test_without_guardians_the_staffs_month_makes_an_adult_at_once(cast: Cast) -> None:
    student = make_student("Ada", user=cast.user("stranger"), age_band=AgeBand.TEEN)
    services.correct_birth_month(
        student=student, birth_month=date(1999, 5, 1), by=cast.user("staff"), now=timezone.now()
    )
    student.refresh_from_db()
    assert student.age_band == AgeBand.ADULT


def test_a_child_neither_sees_nor_changes_it(cast: Cast, as_user: SignIn, mia: Student) -> None:
    client = as_user(cast.user("student"))
    page = client.get(reverse("accounts:student-edit", args=[mia.pk])).content.decode()
    assert "birth_month" not in page
    edit(client, mia, birth_month="1", birth_year="2000")
    mia.refresh_from_db()
    assert mia.birth_month == BORN


def test_a_teacher_before_anybody_joined_does_not_write_it(cast: Cast, as_user: SignIn) -> None:
    leo = make_student("Leo")
    cast.user("teacher").teachings.create(student=leo, instrument="Piano", started_at=timezone.now() - DAY)
    edit(as_user(cast.user("teacher")), leo, birth_month="1", birth_year="2000")
    assert Student.objects.get(pk=leo.pk).birth_month is None


def test_guardians_and_adults_see_it_on_the_profile(cast: Cast, as_user: SignIn, mia: Student) -> None:
    people = reverse("private_teaching:student-people", args=[mia.pk])

    def seen_by(name: str) -> bool:
        return "May 2010" in as_user(cast.user(name)).get(people).content.decode()

    assert [seen_by(name) for name in ("guardian", "student", "teacher")] == [True, False, False]
    grow_up(mia)
    assert seen_by("student")
