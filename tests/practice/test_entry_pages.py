"""One entry: read, change, lock, correct, delete, and what was changed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.core import access
from apps.practice import queries, services
from apps.practice.content import Line
from apps.practice.forms import EntryForm
from apps.practice.models import FocusArea, NewMark, PracticeDay, PracticeEntry
from apps.private_teaching.models import Teaching
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching
from tests.practice.test_logging_pages import fields

STRANGERS = (
    "former_teacher",
    "former_guardian",
    "expired_guest",
    "stranger",
    "other_teacher",
    "staff",
    "superuser",
)
ACTIONS = ("", "edit/", "delete/", "history/")


def locked(entry: PracticeEntry) -> PracticeEntry:
    PracticeEntry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(hours=25))
    entry.refresh_from_db()
    return entry


@pytest.mark.parametrize("name", STRANGERS)
@pytest.mark.parametrize("action", ACTIONS)
def test_strangers_find_nothing(client: Client, cast: Cast, name: str, action: str) -> None:
    client.force_login(cast.user(name))
    foreign = client.get(f"/entries/{cast.entry.pk}/{action}")
    assert foreign.status_code == client.get(f"/entries/{uuid4()}/{action}").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("student", 200), ("guardian", 200), ("teacher", 404), ("viewer", 404)]
)
def test_a_private_entry_is_the_familys(client: Client, cast: Cast, name: str, status: int) -> None:
    client.force_login(cast.user(name))
    assert client.get(f"/entries/{cast.private_entry.pk}/").status_code == status


def test_the_page_says_everything(client: Client, cast: Cast) -> None:
    entry = make_entry(
        cast.student,
        cast.user("guardian"),
        description="A long evening",
        struggles="Bar 12",
        achievements="No stop",
        notes="Pedal?",
        preparing_for_exam=True,
        preparing_for_performance=True,
        enjoyment=5,
        confidence=2,
        addressed_to=cast.second_teaching,
        started_at_time=timezone.now().time(),
        lines=[Line("Minuet", "piece", 10), Line("Scales", "exercise")],
    )
    client.force_login(cast.user("guardian"))
    page = client.get(f"/entries/{entry.pk}/").content.decode()
    for words in (
        "A long evening",
        "Bar 12",
        "No stop",
        "Pedal?",
        "For an exam",
        "For a performance",
        "Minuet",
        "Scales",
        "Fun: 5 of 5",
        "Confidence",
        "Started at",
        f"{cast.user('second_teacher')}",
        f"/entries/{entry.pk}/edit/",
        f"/entries/{entry.pk}/delete/",
        f"/entries/{entry.pk}/history/",
    ):
        assert words in page
    client.force_login(cast.user("second_teacher"))
    page = client.get(f"/entries/{entry.pk}/").content.decode()
    for address in ("edit", "delete", "history"):
        assert f"/entries/{entry.pk}/{address}/" not in page


@pytest.mark.parametrize(
    ("entry", "readers"),
    [
        ("private_entry", ["you", "student", "second_guardian"]),
        ("addressed_entry", ["you", "student", "second_guardian", "second_teacher"]),
    ],
)
def test_the_family_reads_who_sees_this_entry(
    client: Client, cast: Cast, entry: str, readers: list[str]
) -> None:
    names = {
        "you": "you",
        "student": cast.student.name,
        "second_guardian": str(cast.user("second_guardian")),
        "second_teacher": f"{cast.user('second_teacher')} (teacher)",
    }
    client.force_login(cast.user("guardian"))
    found = client.get(f"/entries/{getattr(cast, entry).pk}/").context["readers"]
    assert found == [names[name] for name in readers]


# Changing


def test_a_change_is_saved_shown_and_new_again(client: Client, cast: Cast) -> None:
    NewMark.objects.all().delete()
    client.force_login(cast.user("student"))
    form = client.get(f"/entries/{cast.entry.pk}/edit/").context["form"]
    assert form["minutes"].value() == 30
    assert form.lines[0]["title"].value() == "Minuet in G"
    sent = fields(
        minutes="40", notes="Slower", **{"lines-INITIAL_FORMS": "1", "lines-0-title": "Minuet in G minor"}
    )
    answer = client.post(f"/entries/{cast.entry.pk}/edit/", sent)
    assert answer.headers["Location"] == f"/entries/{cast.entry.pk}/"
    entry = PracticeEntry.objects.get(pk=cast.entry.pk)
    assert (entry.minutes, entry.notes, entry.logged_by) == (40, "Slower", cast.user("guardian"))
    assert [line.title for line in entry.shown_lines] == ["Minuet in G minor"]
    assert NewMark.objects.filter(entry=entry, teaching=cast.teaching).exists()


def test_a_change_that_cannot_be_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    answer = client.post(f"/entries/{cast.entry.pk}/edit/", fields(minutes="301", notes="Long note"))
    form = answer.context["form"]
    assert "300 minutes at most" in form.errors["minutes"][0]
    assert form["notes"].value() == "Long note"
    assert PracticeEntry.objects.get(pk=cast.entry.pk).minutes == 30


def test_it_was_deleted_meanwhile(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    is_valid = "apps.practice.views.changes.EntryForm.is_valid"

    def delete_first(form: EntryForm) -> bool:
        services.delete_entry(entry=cast.entry, by=cast.user("guardian"), now=timezone.now())
        return original(form)

    original = EntryForm.is_valid
    monkeypatch.setattr(is_valid, delete_first)
    client.force_login(cast.user("student"))
    answer = client.post(f"/entries/{cast.entry.pk}/edit/", fields(notes="Long note"))
    assert "deleted or closed to you meanwhile" in answer.context["form"].errors["__all__"][0]
    assert answer.context["form"]["notes"].value() == "Long note"


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_a_shared_entry_locks_after_a_day_and_offers_a_correction(
    client: Client, cast: Cast, action: str
) -> None:
    entry = locked(cast.entry)
    client.force_login(cast.user("guardian"))
    for answer in (
        client.get(f"/entries/{entry.pk}/{action}/"),
        client.post(f"/entries/{entry.pk}/{action}/", fields(minutes="5")),
    ):
        assert answer.status_code == 403
        assert "Add a correction" in answer.content.decode()
    entry.refresh_from_db()
    assert (entry.minutes, entry.deleted_at) == (30, None)
    page = client.get(f"/entries/{entry.pk}/").content.decode()
    assert f"/entries/{entry.pk}/edit/" not in page
    assert 'id="correction"' in page


@pytest.mark.parametrize(("name", "may_correct"), [("guardian", True), ("logger", False)])
def test_what_closed_while_somebody_wrote_gives_the_words_back(
    client: Client, cast: Cast, name: str, may_correct: bool
) -> None:
    """The form was opened at 23 h 59 and sent at 24 h 01."""
    entry = make_entry(cast.student, cast.user(name))
    client.force_login(cast.user(name))
    assert client.get(f"/entries/{entry.pk}/edit/").status_code == 200
    answer = client.post(f"/entries/{locked(entry).pk}/edit/", fields(minutes="abc", notes="A long note"))
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "It closed while you were writing" in html
    assert "A long note</textarea>" in html
    assert 'value="abc"' in html
    assert (f"/entries/{entry.pk}/#correction" in html) is may_correct
    assert (
        PracticeEntry.objects.get(pk=entry.pk).minutes,
        client.get(f"/entries/{entry.pk}/edit/").status_code,
    ) == (30, 403)


@pytest.mark.parametrize("action", ["edit", "delete"])
@pytest.mark.parametrize("name", ["teacher", "viewer", "commenter", "logger"])
def test_who_only_reads_changes_nothing(client: Client, cast: Cast, name: str, action: str) -> None:
    client.force_login(cast.user(name))
    answer = client.post(f"/entries/{cast.entry.pk}/{action}/", fields(minutes="5"))
    assert answer.status_code == 403
    assert "Add a correction" not in answer.content.decode()
    assert PracticeEntry.objects.get(pk=cast.entry.pk).minutes == 30


def test_a_private_entry_stays_open(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    answer = client.post(
        f"/entries/{locked(cast.private_entry).pk}/edit/", fields(minutes="5", audience="private")
    )
    assert answer.status_code == 302
    assert PracticeEntry.objects.get(pk=cast.private_entry.pk).minutes == 5


def test_a_guest_changes_what_they_logged_unless_the_family_hid_it(client: Client, cast: Cast) -> None:
    guest = cast.user("logger")
    entry = make_entry(cast.student, guest)
    client.force_login(guest)
    assert client.post(f"/entries/{entry.pk}/edit/", fields(minutes="12")).status_code == 302
    PracticeEntry.objects.filter(pk=entry.pk).update(is_private=True)
    assert not access.is_allowed("change", guest, entry)
    assert client.get(f"/entries/{entry.pk}/edit/").status_code == 404


def test_the_teacher_an_entry_was_for_stays_chosen_after_the_end(client: Client, db: None) -> None:
    user = make_user("Solo")
    student = make_student("Solo", user=user)
    teaching = make_teaching(make_user("Gone Teacher"), student)
    entry = make_entry(student, user, addressed_to=teaching)
    Teaching.objects.filter(pk=teaching.pk).update(ended_at=timezone.now())
    client.force_login(user)
    form = client.get(f"/entries/{entry.pk}/edit/").context["form"]
    assert form["audience"].value() == str(teaching.pk)
    client.post(f"/entries/{entry.pk}/edit/", fields(minutes="7", audience=str(teaching.pk)))
    entry.refresh_from_db()
    assert (entry.minutes, entry.addressed_to) == (7, teaching)


def test_an_audience_that_ended_between_form_and_save_is_said_beside_it(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.user("student"))
    lock = services._lock

    def end_first(student_id: object) -> object:
        Teaching.objects.filter(pk=cast.second_teaching.pk).update(ended_at=timezone.now())
        return lock(student_id)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_lock", end_first)
    url = f"/students/{cast.student.pk}/diary/log/"
    errors = client.post(url, fields(audience=str(cast.second_teaching.pk))).context["form"].errors
    assert "does not teach" in errors["audience"][0]


# Deleting


def test_deleting_asks_first_then_takes_it_out_everywhere(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("guardian"))
    question = client.get(f"/entries/{cast.entry.pk}/delete/").content.decode()
    assert "no longer counts" in question
    assert PracticeEntry.objects.get(pk=cast.entry.pk).deleted_at is None
    answer = client.post(f"/entries/{cast.entry.pk}/delete/")
    assert answer.headers["Location"] == f"/students/{cast.student.pk}/diary/"
    assert PracticeEntry.objects.get(pk=cast.entry.pk).deleted_at is not None
    assert client.get(f"/entries/{cast.entry.pk}/").status_code == 404
    assert client.post(f"/entries/{cast.entry.pk}/delete/").status_code == 404
    assert sum(PracticeDay.objects.values_list("minutes", flat=True)) == 60


# Versions


@pytest.mark.django_db(transaction=True)  # a version is a transaction
def test_the_family_reads_who_changed_what(client: Client, cast: Cast) -> None:
    yesterday = cast.entry.practised_on - timedelta(days=1)
    client.force_login(cast.user("student"))
    client.post(
        f"/entries/{cast.entry.pk}/edit/",
        fields(
            minutes="45",
            practised_on=yesterday.isoformat(),
            enjoyment="4",
            preparing_for_exam="on",
            started_at_time="16:00",
            audience=str(cast.second_teaching.pk),
            **{"lines-0-title": "Gavotte", "lines-0-minutes": "45"},
        ),
    )
    answer = client.get(f"/entries/{cast.entry.pk}/history/")
    newest, first = answer.context["versions"]
    assert (newest.by, first.by) == (str(cast.user("student")), str(cast.user("guardian")))
    told = {d.label: (d.before, d.after) for d in newest.differences}
    assert told["Minutes"] == ("30", "45")
    assert told["Day"][0] != told["Day"][1]
    assert told["For an exam"] == ("no", "yes")
    assert told["Enjoyment"] == ("", "4")
    assert told["Only for"] == ("", str(cast.user("second_teacher")))
    assert told["Lines"] == ("Minuet in G", "Gavotte (45 min)")
    assert told["Started at"][0] == ""
    assert first.is_first
    assert "<del>30</del>" in answer.content.decode()
    client.post(f"/entries/{cast.entry.pk}/delete/")
    deleted = queries.versions(cast.entry)[0]
    assert (deleted.is_deletion, deleted.differences) == (True, [])


@pytest.mark.django_db(transaction=True)
def test_versions_keep_what_a_session_was_about(client: Client, cast: Cast) -> None:
    """Also what was chosen when it was written, and what stayed the same on the way."""
    # Rows of migrations are gone in a test that commits.
    for position, slug in enumerate(["technique", "scales", "tone"]):
        FocusArea.objects.update_or_create(slug=slug, defaults={"position": position})
    client.force_login(cast.user("student"))
    key = str(uuid4())
    client.post(
        f"/students/{cast.student.pk}/diary/log/", fields(key=key, focus_areas=["scales", "technique"])
    )
    for areas in (["scales", "tone"], ["scales", "tone"], []):
        version = PracticeEntry.objects.get(pk=key).version
        sent = fields(key=key, version=version, focus_areas=areas, **{"lines-INITIAL_FORMS": "1"})
        assert client.post(f"/entries/{key}/edit/", sent).status_code == 302
    told = [
        [(d.before, d.after) for d in version.differences if d.label == "Focus areas"]
        for version in queries.versions(PracticeEntry.objects.get(pk=key))
    ]
    assert told == [
        [("Scales and arpeggios, Tone", "")],
        [],
        [("Technique, Scales and arpeggios", "Scales and arpeggios, Tone")],
        [],
    ]
    client.post(f"/entries/{key}/delete/")
    assert queries.versions(PracticeEntry.objects.get(pk=key))[0].differences == []


@pytest.mark.parametrize("name", ["teacher", "viewer", "logger"])
def test_versions_are_the_familys(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.user(name))
    assert client.get(f"/entries/{cast.entry.pk}/history/").status_code == 403
