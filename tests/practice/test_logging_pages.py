"""Logging by form and by one tap: what is stored, what is answered, and that nothing typed is lost."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Student
from apps.practice.models import PracticeDay, PracticeEntry
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

NOBODY = ("teacher", "viewer", "commenter")
STRANGERS = (
    "former_teacher",
    "former_guardian",
    "expired_guest",
    "stranger",
    "other_teacher",
    "staff",
    "superuser",
)


def fields(**changed: object) -> dict[str, object]:
    """What a browser sends for the form as it was drawn, with one line typed."""
    return {
        "key": str(uuid4()),
        "minutes": "25",
        # At one at night it is still yesterday for a student.
        "practised_on": Student().today(timezone.now()).isoformat(),
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-title": "Minuet in D",
        "lines-0-kind": "piece",
        "lines-0-minutes": "",
        "lines-1-title": "",
        "lines-1-kind": "piece",
        "lines-1-minutes": "",
        **changed,
    }


def log_url(cast: Cast) -> str:
    return f"/students/{cast.student.pk}/diary/log/"


def logged(cast: Cast, **lookup: object) -> PracticeEntry:
    known = [cast.entry.pk, cast.private_entry.pk, cast.addressed_entry.pk]
    return PracticeEntry.objects.exclude(pk__in=known).get(**lookup)


def refused(client: Client, cast: Cast, name: str = "student", **changed: object) -> dict[str, list[str]]:
    """The errors beside the fields; nothing was stored, and what was typed is still on the page."""
    before = PracticeEntry.objects.count()
    client.force_login(cast.user(name))
    sent = fields(**changed)
    answer = client.post(log_url(cast), sent)
    assert answer.status_code == 200
    assert PracticeEntry.objects.count() == before
    form = answer.context["form"]
    for field in ("minutes", "description", "notes", "struggles"):
        if field in sent:
            assert form[field].value() == sent[field]
    assert "Minuet in D" in answer.content.decode() or sent["lines-0-title"] != "Minuet in D"
    return {name: list(map(str, errors)) for name, errors in form.errors.items()}


def test_two_taps_save_the_pieces_from_last_time(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    page = client.get(log_url(cast)).content.decode()
    assert 'value="piece:Minuet in G"' in page
    sent = fields(again=["piece:Minuet in G"], **{"lines-0-title": ""})
    answer = client.post(log_url(cast), sent)
    assert answer.headers["Location"] == f"/students/{cast.student.pk}/diary/"
    entry = logged(cast)
    assert [line.title for line in entry.shown_lines] == ["Minuet in G"]
    assert (entry.minutes, entry.logged_by, entry.is_private) == (25, cast.user("student"), False)


def test_everything_that_can_be_said_is_stored(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("guardian"))
    day = cast.student.today(timezone.now()) - timedelta(days=2)
    client.post(
        log_url(cast),
        fields(
            practised_on=day.isoformat(),
            started_at_time="17:05",
            description="The slow movement by heart",
            struggles="Bar 12",
            achievements="No stop at all",
            notes="Ask about the pedal",
            focus_areas=["tone", "memory"],
            preparing_for_exam="on",
            preparing_for_performance="on",
            enjoyment="5",
            mood="4",
            quality="3",
            difficulty="2",
            confidence="1",
            audience=str(cast.second_teaching.pk),
            **{
                "lines-0-minutes": "15",
                "lines-1-title": "Scales",
                "lines-1-kind": "exercise",
                "lines-1-minutes": "10",
            },
        ),
    )
    entry = logged(cast)
    assert entry.practised_on == day
    assert entry.started_at_time == time(17, 5)
    assert (entry.description, entry.struggles, entry.achievements, entry.notes) == (
        "The slow movement by heart",
        "Bar 12",
        "No stop at all",
        "Ask about the pedal",
    )
    assert set(entry.focus_areas.values_list("slug", flat=True)) == {"tone", "memory"}
    assert entry.preparing_for_exam
    assert entry.preparing_for_performance
    assert [entry.enjoyment, entry.mood, entry.quality, entry.difficulty, entry.confidence] == [5, 4, 3, 2, 1]
    assert entry.addressed_to == cast.second_teaching
    assert [(line.title, line.kind, line.minutes) for line in entry.shown_lines] == [
        ("Minuet in D", "piece", 15),
        ("Scales", "exercise", 10),
    ]


def test_a_private_entry_is_private(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    client.post(log_url(cast), fields(audience="private"))
    assert logged(cast).is_private


def test_a_line_that_was_tapped_and_typed_stands_once(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    again = ["piece:Minuet in G", "piece:Left long ago", "exercise:Thirds"]
    client.post(
        log_url(cast), fields(again=again, **{"lines-0-title": "minuet in g", "lines-0-minutes": "5"})
    )
    assert [line.title for line in logged(cast).shown_lines] == ["Left long ago", "Thirds", "minuet in g"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ("0", "One minute is the least"),
        ("-1", "One minute is the least"),
        ("301", "split the session: 300 minutes at most"),
        ("1441", "A day has 1440 minutes"),
        ("abc", "whole number"),
        ("", "How long"),
        ("9" * 400, "1440"),
    ],
)
def test_minutes_that_cannot_be(client: Client, cast: Cast, minutes: str, words: str) -> None:
    errors = refused(client, cast, minutes=minutes)
    assert list(errors) == ["minutes"]
    assert words in errors["minutes"][0]


def test_who_learns_alone_may_play_all_day(client: Client, db: None) -> None:
    user = make_user("Solo")
    student = make_student("Solo", user=user)
    client.force_login(user)
    client.post(f"/students/{student.pk}/diary/log/", fields(minutes="1440"))
    assert PracticeEntry.objects.get(student=student).minutes == 1440


@pytest.mark.parametrize(("minutes", "fits"), [(239, True), (240, True), (241, False)])
def test_a_day_ends_after_24_hours(client: Client, db: None, minutes: int, fits: bool) -> None:
    """23 h 59, 24 h and 24 h 01 of one day."""
    user = make_user("Solo")
    student = make_student("Solo", user=user)
    make_entry(student, user, minutes=1200)
    client.force_login(user)
    answer = client.post(f"/students/{student.pk}/diary/log/", fields(minutes=str(minutes)))
    total = sum(PracticeDay.objects.values_list("minutes", flat=True))
    assert total == (1200 + minutes if fits else 1200)
    if not fits:
        assert "longer than 24 hours" in answer.context["form"].errors["minutes"][0]


def test_tomorrow_in_the_students_zone(client: Client, cast: Cast) -> None:
    tomorrow = cast.student.today(timezone.now()) + timedelta(days=1)
    errors = refused(client, cast, practised_on=tomorrow.isoformat())
    assert f"still to come where {cast.student.name} lives" in errors["practised_on"][0]


def test_the_day_is_the_students_own(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """At noon in London it is after midnight on Kiritimati."""
    noon = datetime(2026, 5, 4, 18, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    type(cast.student).objects.filter(pk=cast.student.pk).update(time_zone="Pacific/Kiritimati")
    client.force_login(cast.user("guardian"))
    assert 'value="2026-05-05"' in client.get(log_url(cast)).content.decode()
    client.post(log_url(cast), fields(practised_on="2026-05-05"))
    assert logged(cast).time_zone == "Pacific/Kiritimati"


@pytest.mark.parametrize("day", ["garbage", "", "2026-02-31", "0001-01-01", "99999-01-01"])
def test_days_that_make_no_sense(client: Client, cast: Cast, day: str) -> None:
    assert list(refused(client, cast, practised_on=day)) == ["practised_on"]


@pytest.mark.parametrize("words", ["", "short", "    tabs \t   "])
def test_one_says_what_was_practised(client: Client, cast: Cast, words: str) -> None:
    errors = refused(client, cast, description=words, **{"lines-0-title": ""})
    assert "at least 10 characters" in errors["description"][0]


def test_a_description_of_ten_characters_is_enough(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    client.post(log_url(cast), fields(description="0123456789", **{"lines-0-title": ""}))
    assert logged(cast).description == "0123456789"


@pytest.mark.parametrize("field", ["description", "struggles", "achievements", "notes"])
def test_ten_thousand_characters_stay_on_the_page(client: Client, cast: Cast, field: str) -> None:
    long = "Ω🎻" * 5000
    errors = refused(client, cast, **{field: long})
    assert list(errors) == [field]


@pytest.mark.parametrize("title", ["x" * 201, "🎻" * 10_000])
def test_a_title_too_long_is_said_beside_its_line(client: Client, cast: Cast, title: str) -> None:
    client.force_login(cast.user("student"))
    answer = client.post(log_url(cast), fields(**{"lines-0-title": title}))
    form = answer.context["form"]
    assert "200" in form.lines[0].errors["title"][0]
    assert form.lines[0]["title"].value() == title
    assert form.errors == {}


@pytest.mark.parametrize(
    "text", ["🎻🎶👩‍👩‍👧 joy", "לנגן את כל הקטע", "<script>alert(1)</script>", "a & b < c", "»quoted«"]
)
def test_any_script_is_kept_and_shown_as_text(client: Client, cast: Cast, text: str) -> None:
    words = {name: f"{text} {name}" for name in ("description", "struggles", "achievements", "notes")}
    client.force_login(cast.user("student"))
    client.post(log_url(cast), fields(**words, **{"lines-0-title": f"{text} line"}))
    entry = logged(cast)
    assert {name: getattr(entry, name) for name in words} == words
    for page in (
        f"/students/{cast.student.pk}/diary/",
        f"/students/{cast.student.pk}/diary/?view=table",
        f"/entries/{entry.pk}/",
        f"/entries/{entry.pk}/edit/",
        f"/entries/{entry.pk}/delete/",
        f"/entries/{entry.pk}/history/",
        log_url(cast),
    ):
        answer = client.get(page)
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


def test_nul_characters_are_answered_beside_the_field(client: Client, cast: Cast) -> None:
    assert list(refused(client, cast, description="zero\0zero zero")) == ["description"]


def test_lines_longer_than_the_session(client: Client, cast: Cast) -> None:
    errors = refused(client, cast, **{"lines-0-minutes": "26"})
    assert "more minutes than the session" in errors["minutes"][0]


def test_minutes_of_a_line_without_a_title(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    answer = client.post(log_url(cast), fields(**{"lines-1-minutes": "5"}))
    assert "what these minutes were for" in answer.context["form"].lines[1].errors["title"][0]


@pytest.mark.parametrize("total", ["31", "100000", "-1", "x", ""])
def test_a_forged_number_of_lines_is_no_crash(client: Client, cast: Cast, total: str) -> None:
    client.force_login(cast.user("student"))
    answer = client.post(log_url(cast), fields(**{"lines-TOTAL_FORMS": total}))
    assert answer.status_code in (200, 302)


@pytest.mark.parametrize("value", ["nokind:Title", "piece:", "piece:" + "x" * 201, "piece:\0", "plain"])
def test_forged_lines_from_last_time_are_refused(client: Client, cast: Cast, value: str) -> None:
    assert list(refused(client, cast, again=[value])) == ["again"]


def test_a_teaching_of_another_student_or_of_the_past_is_refused(client: Client, cast: Cast) -> None:
    foreign = make_teaching(make_user("Elsewhere"), make_student("Ole"))
    past = cast.user("former_teacher").teachings.get()
    for teaching in (foreign, past):
        assert list(refused(client, cast, audience=str(teaching.pk))) == ["audience"]


def test_another_students_id_in_the_form_changes_nothing(client: Client, cast: Cast) -> None:
    other = make_student("Ole")
    client.force_login(cast.user("student"))
    client.post(log_url(cast), fields(student=str(other.pk), student_id=str(other.pk)))
    assert logged(cast).student == cast.student


def test_a_double_click_saves_once(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    sent = fields()
    first, second = client.post(log_url(cast), sent), client.post(log_url(cast), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert logged(cast).minutes == 25


def test_a_key_of_another_diary_is_exchanged(client: Client, cast: Cast) -> None:
    taken = make_entry(make_student("Ole"), cast.user("other_teacher"))
    errors = refused(client, cast, key=str(taken.pk))
    assert "press Save again" in errors["__all__"][0]
    answer = client.post(log_url(cast), fields(key=str(taken.pk)))
    assert f'value="{taken.pk}"' not in answer.content.decode()


@pytest.mark.parametrize("name", NOBODY)
def test_who_only_reads_gets_a_kind_no(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.user(name))
    before = PracticeEntry.objects.count()
    assert client.get(log_url(cast)).status_code == 403
    assert client.post(log_url(cast), fields()).status_code == 403
    assert client.post(f"/students/{cast.student.pk}/diary/quick/", {"minutes": 10}).status_code == 403
    assert PracticeEntry.objects.count() == before


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_find_nothing(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.user(name))
    before = PracticeEntry.objects.count()
    assert client.post(log_url(cast), fields()).status_code == 404
    assert client.post(f"/students/{cast.student.pk}/diary/quick/", {"minutes": 10}).status_code == 404
    assert PracticeEntry.objects.count() == before


def test_a_guest_who_logs_cannot_hide_it(client: Client, cast: Cast) -> None:
    assert list(refused(client, cast, "logger", audience="private")) == ["audience"]
    client.post(log_url(cast), fields())
    assert logged(cast).logged_by == cast.user("logger")


def test_the_page_says_for_whom_one_writes(client: Client, cast: Cast) -> None:
    for name, says in (("guardian", True), ("student", False)):
        client.force_login(cast.user(name))
        assert ("You are writing for" in client.get(log_url(cast)).content.decode()) is says


def test_a_lost_session_comes_back_to_the_form(client: Client, cast: Cast) -> None:
    """The draft on the device brings the words back (data-draft)."""
    answer = client.post(log_url(cast), fields())
    assert answer.headers["Location"] == f"/account/login/?next={log_url(cast)}"
    quick = client.post(f"/students/{cast.student.pk}/diary/quick/", {"minutes": 30})
    assert quick.headers["Location"] == f"/account/login/?next={log_url(cast)}"
    client.force_login(cast.user("student"))
    page = client.get(log_url(cast)).content.decode()
    assert f'data-draft="entry:{cast.user("student").pk}:{cast.student.pk}"' in page
    assert "data-draft-note" in page


def test_the_way_back_is_kept_only_inside_the_house(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    assert client.post(log_url(cast), fields(next="/practice/")).headers["Location"] == "/practice/"
    away = client.post(log_url(cast), fields(next="https://evil.example/"))
    assert away.headers["Location"] == f"/students/{cast.student.pk}/diary/"


def test_too_many_in_a_minute_keep_what_was_typed(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.http.WRITES_A_MINUTE", 2)
    client.force_login(cast.user("student"))
    for _ in range(2):
        assert client.post(log_url(cast), fields()).status_code == 302
    errors = refused(client, cast, notes="A long note")
    assert "very often" in errors["__all__"][0]


def test_more_lines_than_one_session_can_have_are_refused_and_kept(client: Client, cast: Cast) -> None:
    tapped = [f"piece:Study {number}" for number in range(30)]
    assert refused(client, cast, again=tapped) == {
        "again": ["That is more than 30 pieces and exercises. Please take some away."]
    }
    answer = client.post(log_url(cast), fields(again=tapped))
    assert answer.context["form"]["again"].value() == tapped
    client.post(log_url(cast), fields(again=tapped[1:]))
    assert logged(cast).items.count() == 30
