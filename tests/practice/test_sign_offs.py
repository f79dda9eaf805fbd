"""A guardian signs a week: what is held, what was shown, and what makes no difference to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Student
from apps.accounts.services import CollectionIsOff
from apps.accounts.services.majority import end_all_guardianships
from apps.core.models import AuditEvent
from apps.practice import queries, services
from apps.practice.models import PracticeDay, PracticeEntry, WeekSignOff
from apps.practice.services import signing
from apps.private_teaching import services as lessons
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.practice.weeks import (
    DAY,
    SIGN,
    WEEK,
    SignIn,
    diary,
    monday,
    sent,
    sign,
    today,
    url,
    version,
    week_of,
)


def test_a_guardian_signs_with_one_press(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    client = as_user(cast.user("guardian"))
    family = client.get(reverse("parent_portal:overview")).content.decode()
    for page in (family, diary(cast, client)):
        assert SIGN in page
        assert "40 min on 1 day, without what is private." in page
        assert url(asked) in page
    answer = client.post(url(asked), sent(cast, asked))
    assert answer["Location"] == reverse("practice:entry-list", args=[cast.student.pk])
    row = WeekSignOff.objects.get()
    assert (row.teaching, row.student, row.week_on) == (asked, cast.student, monday(cast))
    assert (row.minutes, row.sessions, row.signed_by) == (40, 1, cast.user("guardian"))
    assert AuditEvent.objects.get(action="week.signed").student_id == cast.student.pk
    assert SIGN not in diary(cast, client)


def test_the_teacher_sees_whether_it_is_signed(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    client, roster = as_user(cast.user("teacher")), reverse("home:roster")
    assert "Not signed yet." in diary(cast, client)
    assert SIGN not in diary(cast, client)
    assert "week not signed" in client.get(roster).content.decode()
    sign(cast, asked, note="She was ill on Tuesday.")
    page = diary(cast, client)
    assert "Signed by <bdi>Guardian Qzguardian</bdi>" in page
    assert "She was ill on Tuesday." in page
    assert "Changed since." not in page
    assert "week signed" in client.get(roster).content.decode()
    assert "week signed" not in as_user(cast.user("second_teacher")).get(roster).content.decode()
    entry = make_entry(cast.student, cast.user("guardian"), minutes=5, practised_on=monday(cast))
    assert "week not signed" in client.get(roster).content.decode(), "it is not what was signed any more"
    PracticeEntry.objects.filter(pk=entry.pk).update(is_private=True)
    assert "week signed" in client.get(roster).content.decode(), "as without it"
    for name in ("second_teacher", "viewer"):
        assert "She was ill" not in diary(cast, as_user(cast.user(name)))
    assert "Signed by" in diary(cast, as_user(cast.user("student")))


def test_in_the_first_week_nothing_is_asked(cast: Cast, as_user: SignIn) -> None:
    Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_since=monday(cast) + WEEK)
    assert SIGN not in diary(cast, as_user(cast.user("guardian")))
    assert "week not signed" not in as_user(cast.user("teacher")).get(reverse("home:roster")).content.decode()
    row = Teaching.objects.get(pk=cast.teaching.pk)
    assert "No week to sign yet" in as_user(cast.user("guardian")).get(url(row)).content.decode()


def edit(cast: Cast, entry: PracticeEntry) -> None:
    PracticeEntry.objects.filter(pk=entry.pk).update(
        achievements="Better", changed_at=timezone.now() + timedelta(seconds=1)
    )


def delete(cast: Cast, entry: PracticeEntry) -> None:
    services.delete_entry(entry=entry, by=cast.user("student"), now=timezone.now())


def add(cast: Cast, entry: PracticeEntry) -> None:
    make_entry(cast.student, cast.user("student"), minutes=5, practised_on=entry.practised_on)


def nothing(cast: Cast, entry: PracticeEntry) -> None:
    """And in the weeks around it, a lot."""
    for day in (monday(cast) - DAY, monday(cast) + WEEK):
        make_entry(cast.student, cast.user("student"), minutes=5, practised_on=day)


def private_and_others(cast: Cast, entry: PracticeEntry) -> None:
    """What this teacher may not count, old and new."""
    by, day = cast.user("student"), entry.practised_on
    make_entry(cast.student, by, minutes=5, practised_on=day, is_private=True)
    make_entry(cast.student, by, minutes=5, practised_on=day, addressed_to=cast.second_teaching)


@pytest.mark.parametrize(
    ("change", "is_changed"),
    [(edit, True), (delete, True), (add, True), (nothing, False), (private_and_others, False)],
)
def test_changed_since(
    cast: Cast,
    as_user: SignIn,
    asked: Teaching,
    change: Callable[[Cast, PracticeEntry], None],
    is_changed: bool,
) -> None:
    sign(cast, asked)
    change(cast, PracticeEntry.objects.get(minutes=40))
    week = week_of(asked)
    assert week.signed is not None
    assert week.signed.is_changed == is_changed
    assert ("Changed since." in diary(cast, as_user(cast.user("teacher")))) == is_changed


def test_what_is_private_counts_nowhere(cast: Cast, asked: Teaching) -> None:
    private_and_others(cast, PracticeEntry.objects.get(minutes=40))
    make_entry(
        cast.student,
        cast.user("student"),
        minutes=7,
        practised_on=monday(cast) + 2 * DAY,
        addressed_to=asked,
    )
    assert (week_of(asked).minutes, week_of(asked).days) == (47, 2)
    row = sign(cast, asked)
    assert (row.minutes, row.sessions) == (47, 2)


def test_a_long_week_is_counted_whole(cast: Cast, asked: Teaching) -> None:
    """Fourteen parts of days of a week, and as many of the week that runs."""
    for number in range(14):
        day = monday(cast) + number * DAY
        if day <= today(cast):
            for teaching in (None, asked):
                make_entry(
                    cast.student, cast.user("student"), minutes=1, practised_on=day, addressed_to=teaching
                )
    assert (week_of(asked).minutes, week_of(asked).days) == (54, 7)


@pytest.mark.parametrize("off", [-14, -7, 1, 7])
def test_only_the_last_finished_week_is_signed(cast: Cast, asked: Teaching, off: int) -> None:
    with pytest.raises(signing.WeekIsNotAsked):
        sign(cast, asked, week=monday(cast) + off * DAY)
    assert not WeekSignOff.objects.exists()


@pytest.mark.parametrize("end", ["ended", "paused", "asks no more", "guardian left", "of age"])
def test_what_ends_the_asking(cast: Cast, as_user: SignIn, asked: Teaching, end: str) -> None:
    now, client = timezone.now(), as_user(cast.user("guardian"))
    assert SIGN in diary(cast, client)
    if end == "ended":
        lessons.end_teaching(teaching=asked, by=cast.user("teacher"), now=now)
    elif end == "paused":
        lessons.pause_teaching(teaching=asked, by=cast.user("teacher"), since=now, reason="", now=now)
    elif end == "asks no more":
        lessons.ask_to_sign(teaching=asked, asks=False, by=cast.user("teacher"), now=now)
    elif end == "guardian left":
        Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=now)
    else:
        end_all_guardianships(student=cast.student, now=now)
    assert SIGN not in client.get(reverse("parent_portal:overview")).content.decode()
    assert client.post(url(asked), {"week": monday(cast).isoformat()}).status_code in (403, 404)
    with pytest.raises(signing.WeekIsNotAsked):
        sign(cast, asked)


def test_nothing_is_signed_where_nothing_may_be_kept(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    Student.objects.filter(pk=cast.student.pk).update(collecting=False)
    client = as_user(cast.user("guardian"))
    page = client.post(url(asked), sent(cast, asked, note="She was ill.")).content.decode()
    assert "Nothing new may be written about" in page
    assert "She was ill." in page
    for shown in (client.get(reverse("parent_portal:overview")).content.decode(), diary(cast, client)):
        assert "Not signed yet." in shown
        assert SIGN not in shown
    with pytest.raises(CollectionIsOff):
        sign(cast, asked)


def test_the_second_guardian_is_told_that_it_is_done(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    sign(cast, asked)
    client = as_user(cast.user("second_guardian"))
    page = client.post(url(asked), sent(cast, asked, note="Me too")).content.decode()
    assert "Me too" in page
    assert "Somebody else of the family was quicker" in page
    assert "This week is signed" in page
    assert WeekSignOff.objects.count() == 1
    with pytest.raises(signing.WeekIsSigned):
        sign(cast, asked, by=cast.user("second_guardian"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"week": ""}, "Another week has ended meanwhile"),
        ({"week": "never"}, "Another week has ended meanwhile"),
        ({"week": "2020-01-06"}, "Another week has ended meanwhile"),
        ({"version": ""}, "The week has changed meanwhile."),
        ({"version": "f" * 64}, "The week has changed meanwhile."),
        ({"note": "x" * 301}, "300"),
        ({"note": "\u200b"}, "Please write something that can be seen."),
    ],
)
def test_what_does_not_fit_is_said(
    cast: Cast, as_user: SignIn, asked: Teaching, fields: dict[str, str], words: str
) -> None:
    typed = sent(cast, asked, note="A word") | fields
    answer = as_user(cast.user("guardian")).post(url(asked), typed)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert typed["note"] in answer.content.decode()
    assert not WeekSignOff.objects.exists()


def test_what_was_not_shown_is_not_signed(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    """Drawn in the morning, more is logged in the evening, pressed after that."""
    client = as_user(cast.user("guardian"))
    morning = sent(cast, asked, note="Well done")
    make_entry(cast.student, cast.user("student"), minutes=300, practised_on=monday(cast) + DAY)
    page = client.post(url(asked), morning).content.decode()
    assert "The week has changed meanwhile." in page
    assert "5 h 40 min on 1 day, without what is private." in page
    assert "Well done" in page
    assert not WeekSignOff.objects.exists()
    now_shown = version(asked, monday(cast))
    assert f'name="version" value="{now_shown}"' in page
    assert client.post(url(asked), morning | {"version": now_shown}).status_code == 302
    assert WeekSignOff.objects.get().minutes == 340


@pytest.mark.parametrize("change", [edit, delete, add])
def test_a_changed_week_is_signed_again(
    cast: Cast, as_user: SignIn, asked: Teaching, change: Callable[[Cast, PracticeEntry], None]
) -> None:
    """Nothing of what was signed and said before is lost; the newest counts."""
    first = sign(cast, asked, note="She was ill.")
    client, entry = as_user(cast.user("second_guardian")), PracticeEntry.objects.get(minutes=40)
    assert "Sign it again" not in diary(cast, client)
    change(cast, entry)
    for page in (diary(cast, client), client.get(url(asked)).content.decode()):
        assert "Sign it again" in page
        assert "Changed since." in page
        assert "She was ill." in page
    assert client.post(url(asked), sent(cast, asked, note="Now it is right.")).status_code == 302
    page = diary(cast, client)
    assert "Now it is right." in page
    assert "She was ill." not in page
    assert "Changed since." not in page
    newest = WeekSignOff.objects.newest_first()[0]
    assert newest.pk != first.pk
    assert (newest.signed_by, newest.note) == (cast.user("second_guardian"), "Now it is right.")
    assert WeekSignOff.objects.get(pk=first.pk).note == "She was ill."
    actions = AuditEvent.objects.filter(action__startswith="week.").values_list("action", flat=True)
    assert sorted(actions) == ["week.signed", "week.signed-again"]


def test_who_was_away_for_a_week_signs_the_one_before(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    """As long as nobody has; then it stands among the signed ones alone."""
    before, client = monday(cast) - WEEK, as_user(cast.user("guardian"))
    Teaching.objects.filter(pk=asked.pk).update(sign_off_since=before - 3 * WEEK)
    assert [week.first for week in queries.asked_weeks_of(asked, now=timezone.now())] == [
        monday(cast),
        before,
    ]
    assert diary(cast, client).count(SIGN) == 2
    earlier = {"week": before.isoformat(), "version": version(asked, before), "note": "We were away."}
    assert client.post(url(asked), earlier).status_code == 302
    assert WeekSignOff.objects.get().week_on == before
    assert diary(cast, client).count(SIGN) == 1
    assert "We were away." not in diary(cast, client)
    assert "week not signed" in as_user(cast.user("teacher")).get(reverse("home:roster")).content.decode()
    with pytest.raises(signing.WeekIsNotAsked):
        sign(cast, asked, week=before - WEEK)


def test_whose_account_is_gone_signed_as_nobody(cast: Cast, as_user: SignIn, asked: Teaching) -> None:
    sign(cast, asked, note="She was ill.")
    WeekSignOff.objects.update(signed_by=None)
    page = diary(cast, as_user(cast.user("teacher")))
    assert "<p>Signed on " in page
    assert "She was ill." in page
    assert "Signed by" not in page


def test_the_summary_is_what_is_signed(cast: Cast, asked: Teaching) -> None:
    """The same figures as the day summaries, from which the roster counts."""
    make_entry(cast.student, cast.user("student"), minutes=7, practised_on=monday(cast) + 2 * DAY)
    days = PracticeDay.objects.filter(
        student=cast.student, practised_on__range=(monday(cast), monday(cast) + WEEK - DAY)
    )
    row = sign(cast, asked)
    assert (row.minutes, row.sessions) == (
        sum(day.minutes for day in days),
        sum(day.sessions for day in days),
    )
    assert (row.minutes, row.sessions) == (47, 2)
    assert str(row) == f"{monday(cast)}: 47"
