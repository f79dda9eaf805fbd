"""What happened between the page and the button: rights that ended, words of somebody else, newer news."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Guardianship, StudentGrant
from apps.core import access
from apps.practice import services
from apps.practice.content import EntryContent, Line
from apps.practice.models import NewMark, PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.practice.services import ChangedMeanwhile, EntryIsLocked, LockedStudent
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.practice.test_concurrency import together
from tests.practice.test_logging_pages import fields


def words(cast: Cast, notes: str) -> EntryContent:
    # Of the day before: a clock that is behind may still be in it.
    day = cast.entry.practised_on - timedelta(days=1)
    return EntryContent(practised_on=day, minutes=30, lines=[Line("Minuet in G")], notes=notes)


def change(cast: Cast, name: str, notes: str, **more: Any) -> PracticeEntry:
    return services.change_entry(
        **{
            "entry": cast.entry,
            "by": cast.user(name),
            "content": words(cast, notes),
            "now": timezone.now(),
            **more,
        }
    )


def notes_of(cast: Cast) -> str:
    return PracticeEntry.objects.get(pk=cast.entry.pk).notes


# Rights


ENDINGS: dict[str, Callable[[Cast], object]] = {
    "guardian": lambda cast: Guardianship.objects.filter(guardian=cast.user("guardian")).update(
        ended_at=timezone.now()
    ),
    "logger": lambda cast: StudentGrant.objects.filter(user=cast.user("logger")).delete(),
}


def happens_first(monkeypatch: pytest.MonkeyPatch, event: Callable[[], object]) -> None:
    """After the page has asked whether it may, and before the service begins."""

    def after_it(service: Callable[..., object]) -> Callable[..., object]:
        def call(**arguments: Any) -> object:
            event()
            return service(**arguments)

        return call

    for name in ("change_entry", "delete_entry"):
        monkeypatch.setattr(services, name, after_it(getattr(services, name)))


@pytest.fixture(params=ENDINGS)
def losing(request: pytest.FixtureRequest, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> str:
    """Somebody whose right ends between the page and the service."""
    name: str = request.param
    cast.entry = make_entry(cast.student, cast.user(name))
    happens_first(monkeypatch, lambda: ENDINGS[name](cast))
    return name


def test_a_right_that_ended_meanwhile_changes_nothing(client: Client, cast: Cast, losing: str) -> None:
    client.force_login(cast.user(losing))
    sent = fields(notes="A long note", **{"lines-INITIAL_FORMS": "1"})
    assert client.post(f"/entries/{cast.entry.pk}/edit/", sent).status_code == 404
    assert notes_of(cast) == ""


def test_an_entry_that_closed_meanwhile_gives_the_words_back(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    rows = PracticeEntry.objects.filter(pk=cast.entry.pk)
    happens_first(monkeypatch, lambda: rows.update(created_at=long_ago))
    client.force_login(cast.user("guardian"))
    sent = fields(notes="A long note", **{"lines-INITIAL_FORMS": "1"})
    answer = client.post(f"/entries/{cast.entry.pk}/edit/", sent)
    assert "deleted or closed to you meanwhile" in answer.context["form"].errors["__all__"][0]
    assert "A long note</textarea>" in answer.content.decode()
    assert notes_of(cast) == cast.entry.notes


def test_a_right_that_ended_meanwhile_deletes_nothing(client: Client, cast: Cast, losing: str) -> None:
    client.force_login(cast.user(losing))
    answer = client.post(f"/entries/{cast.entry.pk}/delete/")
    assert answer.status_code == 404
    assert PracticeEntry.objects.get(pk=cast.entry.pk).deleted_at is None


def test_an_entry_that_closed_meanwhile_is_not_deleted(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    rows = PracticeEntry.objects.filter(pk=cast.entry.pk)
    happens_first(monkeypatch, lambda: rows.update(created_at=long_ago))
    client.force_login(cast.user("guardian"))
    answer = client.post(f"/entries/{cast.entry.pk}/delete/")
    assert (answer.status_code, "Add a correction" in answer.content.decode()) == (403, True)
    assert PracticeEntry.objects.get(pk=cast.entry.pk).deleted_at is None


def test_without_asking_again_the_ended_right_would_count(
    cast: Cast, losing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the page had asked is not enough."""
    with pytest.raises(EntryIsLocked):
        change(cast, losing, "Too late")
    monkeypatch.setattr(access, "allowed", lambda rows, action, user: rows)
    change(cast, losing, "Too late")
    assert notes_of(cast) == "Too late"


def test_an_entry_that_moved_meanwhile_leaves_the_day_where_it_is(cast: Cast) -> None:
    """Both days were shown wrong for ever if the deletion counted the day that the page knew."""
    opened = PracticeEntry.objects.get(pk=cast.entry.pk)
    yesterday = opened.practised_on - timedelta(days=1)
    content = EntryContent(practised_on=yesterday, minutes=30, lines=[Line("Minuet in G")])
    change(cast, "guardian", "", content=content)
    assert PracticeDay.objects.filter(practised_on=yesterday).exists()
    services.delete_entry(entry=opened, by=cast.user("guardian"), now=timezone.now())
    assert not PracticeDay.objects.filter(practised_on=yesterday).exists()


# Two who write


def form_of(client: Client, cast: Cast, name: str, **typed: object) -> dict[str, object]:
    """What this person's browser would send: the form as it is drawn now, and what they typed."""
    client.force_login(cast.user(name))
    form = client.get(f"/entries/{cast.entry.pk}/edit/").context["form"]
    sent = {"version": form["version"].value(), "minutes": "30", "lines-INITIAL_FORMS": "1"}
    return fields(**{**sent, "lines-0-title": "Minuet in G", **typed})


def save(client: Client, cast: Cast, name: str, sent: dict[str, object]) -> Any:
    client.force_login(cast.user(name))
    return client.post(f"/entries/{cast.entry.pk}/edit/", sent)


@pytest.mark.parametrize("times", [0, 1], ids=["never changed", "changed before"])
def test_nobody_overwrites_what_they_have_not_seen(client: Client, cast: Cast, times: int) -> None:
    for number in range(times):
        change(cast, "student", f"Before {number}")
    first = form_of(client, cast, "student", notes="Slower, please", struggles="Bar 12")
    second = form_of(client, cast, "guardian", notes="Pedal?", minutes="31")
    assert save(client, cast, "student", first).status_code == 302
    answer = save(client, cast, "guardian", second)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "This entry was changed while you were writing" in html
    assert f'href="/entries/{cast.entry.pk}/history/" target="_blank"' in html
    assert "Pedal?</textarea>" in html
    assert answer.context["form"]["minutes"].value() == "31"
    assert notes_of(cast) == "Slower, please"
    again = re.search(r'name="version" value="([^"]*)"', html)
    assert again is not None
    assert save(client, cast, "guardian", second | {"version": again[1]}).status_code == 302
    assert notes_of(cast) == "Pedal?"


def test_a_guest_is_led_to_what_they_may_read(client: Client, cast: Cast) -> None:
    """The versions are the family's."""
    cast.entry = make_entry(cast.student, cast.user("logger"))
    sent = form_of(client, cast, "logger", notes="From the guest")
    change(cast, "guardian", "From home")
    html = save(client, cast, "logger", sent).content.decode()
    assert f'href="/entries/{cast.entry.pk}/" target="_blank"' in html
    assert "/history/" not in html


def test_the_same_form_twice_is_no_quarrel(client: Client, cast: Cast) -> None:
    sent = form_of(client, cast, "student", notes="Slower", focus_areas=["scales", "tone"])
    assert [save(client, cast, "student", sent).status_code for _ in range(2)] == [302, 302]
    entry = PracticeEntry.objects.get(pk=cast.entry.pk)
    assert entry.notes == "Slower"
    assert save(client, cast, "student", sent | {"focus_areas": ["scales"]}).status_code == 200


@pytest.mark.parametrize("version", ["", "soon", "2020-01-01T00:00:00+00:00", "x" * 5000])
def test_a_version_that_never_was_overwrites_nothing(client: Client, cast: Cast, version: str) -> None:
    change(cast, "student", "Kept")
    sent = form_of(client, cast, "guardian", notes="Other words")
    for wrong in (sent | {"version": version}, {k: v for k, v in sent.items() if k != "version"}):
        assert save(client, cast, "guardian", wrong).status_code == 200
    assert notes_of(cast) == "Kept"


def test_waiting_words_belong_to_the_version_that_they_were_typed_over(client: Client, cast: Cast) -> None:
    """A draft on the device brings its version back; a form that came back with the new one keeps that."""
    sent = form_of(client, cast, "guardian", notes="Other words")
    html = client.get(f"/entries/{cast.entry.pk}/edit/").content.decode()
    assert re.search(r'name="version"[^>]*data-draft-kept', html)
    change(cast, "student", "Meanwhile")
    assert "data-draft-kept" not in save(client, cast, "guardian", sent).content.decode()
    assert 'name="version"' not in client.get(f"/students/{cast.student.pk}/diary/log/").content.decode()


WRITERS = ("student", "guardian")


def saving(cast: Cast, name: str, notes: str, version: str) -> Callable[[], object]:
    return lambda: change(cast, name, notes, version=version)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_asked(cast: Cast) -> None:
    version = cast.entry.version
    for turn in range(5):
        results = together(*(saving(cast, name, f"{name} {turn}", version) for name in WRITERS))
        assert sorted(type(result).__name__ for result in results) == ["ChangedMeanwhile", "PracticeEntry"]
        (won,) = [result for result in results if isinstance(result, PracticeEntry)]
        (lost,) = [result for result in results if isinstance(result, ChangedMeanwhile)]
        assert notes_of(cast) == won.notes
        version = PracticeEntry.objects.get(pk=cast.entry.pk).version
        assert lost.version == version


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_pass(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both look at the same version, and one of them writes over words that they never saw."""
    free = LockedStudent(cast.student, [], is_guarded=True)
    monkeypatch.setattr(services, "_lock", lambda student_id: free)
    both_looked, check = threading.Barrier(2), services._check

    def check_when_both_looked(*args: Any, **options: Any) -> None:
        both_looked.wait(5)
        check(*args, **options)

    monkeypatch.setattr(services, "_check", check_when_both_looked)
    # Only the version: what the lock also does for the lines and the day's sum is asked elsewhere.
    monkeypatch.setattr(services, "write_lines", lambda *args: None)
    monkeypatch.setattr(services, "_recount", lambda *args, **options: None)
    results = together(*(saving(cast, name, name, "") for name in WRITERS))
    assert [type(result).__name__ for result in results] == ["PracticeEntry", "PracticeEntry"]


# What a teacher has seen


def shown_marks(client: Client, cast: Cast) -> list[str]:
    client.force_login(cast.user("teacher"))
    html = client.get(f"/students/{cast.student.pk}/diary/").content.decode()
    return re.findall(r'name="mark" value="(\d+)"', html)


def is_new(cast: Cast) -> bool:
    return NewMark.objects.filter(teaching=cast.teaching, entry=cast.entry).exists()


NEWS: dict[str, Callable[[Cast, datetime], object]] = {
    "changed": lambda cast, now: change(cast, "guardian", "Newer words", now=now),
    "commented": lambda cast, now: services.add_comment(
        key=cast.teaching.pk,
        entry=cast.entry,
        by=cast.user("guardian"),
        role=AuthorRole.GUARDIAN,
        body="One more thing",
        now=now,
    ),
}


@pytest.mark.parametrize("news", NEWS)
@pytest.mark.parametrize("slow", [timedelta(minutes=-5), timedelta(0), timedelta(minutes=5)])
def test_what_came_after_the_page_stays_new_whatever_the_clocks_say(
    client: Client, cast: Cast, news: str, slow: timedelta
) -> None:
    """Another web server's clock may be behind or ahead of the one that drew the page."""
    shown = shown_marks(client, cast)
    NEWS[news](cast, timezone.now() + slow)
    client.post("/entries/seen/", {"mark": shown})
    assert is_new(cast)
    client.post("/entries/seen/", {"mark": shown_marks(client, cast)})
    assert not is_new(cast)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_clock", [False, True], ids=["by mark", "control: by clock"])
def test_a_change_that_commits_late_is_not_taken_for_seen(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, by_clock: bool
) -> None:
    """Its clock was read before the page was drawn, its commit came after. By clocks it would be lost."""
    is_written, is_drawn = threading.Event(), threading.Event()

    def change_slowly() -> None:
        with transaction.atomic():
            change(cast, "guardian", "Newer words")
            is_written.set()
            assert is_drawn.wait(10)

    def look_then_say_so() -> None:
        assert is_written.wait(10)
        shown, drawn_at = shown_marks(client, cast), timezone.now()
        is_drawn.set()
        writer_is_done.wait(10)
        if by_clock:
            NewMark.objects.filter(teaching=cast.teaching, entry=cast.entry, marked_at__lte=drawn_at).delete()
        else:
            client.post("/entries/seen/", {"mark": shown})

    writer_is_done = threading.Event()

    def write() -> None:
        try:
            change_slowly()
        finally:
            writer_is_done.set()

    assert together(write, look_then_say_so) == [None, None]
    assert notes_of(cast) == "Newer words"
    assert is_new(cast) is not by_clock
