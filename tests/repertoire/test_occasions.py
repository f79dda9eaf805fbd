"""Exams and performances: what is written, what entries say of them, and whose hours count."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.gear.services import delete_gear
from apps.practice.content import EntryContent, Line
from apps.practice.models import PracticeEntry
from apps.practice.personal_data import revisions
from apps.practice.queries.revisions import versions
from apps.practice.services import EntryAlreadyLogged, NotThisThing, change_entry, log_entry
from apps.privacy.services import trash
from apps.repertoire import services
from apps.repertoire.content import OccasionContent
from apps.repertoire.models import Occasion
from tests.conftest import Cast
from tests.factories.gear import make_gear
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_occasion, make_piece
from tests.forms.page import Page
from tests.repertoire.asking import SignIn

DAY = timedelta(days=1)


def today(cast: Cast) -> date:
    return cast.student.today(timezone.now())


def concert(cast: Cast, **more: Any) -> Occasion:
    given: dict[str, Any] = {"kind": "performance", "target_hours": 10} | more
    return make_occasion(cast.student, cast.user("guardian"), **given)


def practise(cast: Cast, occasion: Occasion, minutes: int, **more: Any) -> PracticeEntry:
    flag = {f"preparing_for_{occasion.kind}": True}
    return make_entry(
        cast.student, cast.user("guardian"), minutes=minutes, occasion=occasion, **(flag | more)
    )


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def read(client: Client, occasion: Occasion) -> str:
    """The page without the tokens that are made anew each time."""
    html = page(client, "practice:occasion-detail", occasion.pk)
    return re.sub(r'name="csrfmiddlewaretoken"[^>]*|X-CSRFToken": "[^"]*', "", html)


def entry_sent(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()),
        "minutes": "30",
        "practised_on": today(cast).isoformat(),
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-title": "Minuet",
        "lines-0-kind": "piece",
    } | more


class TestWriting:
    def test_sent_twice_it_is_there_once(self, cast: Cast) -> None:
        by, key = cast.user("teacher"), uuid4()
        piece = make_piece(cast.student, by)

        def add(title: str, *pieces: Any) -> Occasion:
            content = OccasionContent(title=title, held_on=today(cast), pieces=pieces)
            return services.add_occasion(
                key=key, student=cast.student, by=by, content=content, now=timezone.now()
            )

        assert add("Exam", piece).pk == add("Exam", piece).pk
        with pytest.raises(services.KeyIsTaken):
            add("Exam")
        assert list(Occasion.objects.get().pieces.all()) == [piece]

    def test_a_foreign_piece_and_a_deleted_one_are_none(self, cast: Cast) -> None:
        by = cast.user("guardian")
        foreign = make_piece(cast.other_student, cast.user("other_guardian"))
        gone = make_piece(cast.student, by)
        services.delete_piece(piece=gone, by=by, now=timezone.now())
        for piece in (foreign, gone):
            with pytest.raises(services.NotThisPiece):
                concert(cast, pieces=[piece])
        assert not Occasion.objects.exists()

    def test_who_overtook_is_asked_and_not_overwritten(self, cast: Cast) -> None:
        occasion, by, now = concert(cast), cast.user("teacher"), timezone.now()
        content = OccasionContent(title="Winter concert", held_on=occasion.held_on)
        services.change_occasion(occasion=occasion, by=by, content=content, now=now, version="")
        other = OccasionContent(title="Spring concert", held_on=occasion.held_on)
        with pytest.raises(services.ChangedMeanwhile):
            services.change_occasion(occasion=occasion, by=by, content=other, now=now, version="")
        services.change_occasion(occasion=occasion, by=by, content=content, now=now, version="")
        assert Occasion.objects.get().title == "Winter concert"

    def test_merged_pieces_are_named_once(self, cast: Cast) -> None:
        by = cast.user("guardian")
        one, other = make_piece(cast.student, by), make_piece(cast.student, by)
        both, only = concert(cast, pieces=[one, other]), concert(cast, title="Exam", pieces=[other])
        services.merge_pieces(into=one, other=other, by=by, now=timezone.now())
        assert [list(row.pieces.all()) for row in (both, only)] == [[one], [one]]

    def test_there_is_an_end_to_it(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("apps.repertoire.services.occasions.MOST_OCCASIONS", 1)
        concert(cast)
        with pytest.raises(services.TooMany):
            concert(cast)

    @pytest.mark.parametrize("wrong", [{"title": ""}, {"target_hours": 0}, {"target_hours": 1001}])
    def test_the_table_itself_refuses(self, cast: Cast, wrong: dict[str, Any]) -> None:
        occasion = concert(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            Occasion.objects.filter(pk=occasion.pk).update(**wrong)


class TestEntries:
    def test_no_other_students_things(self, cast: Cast) -> None:
        by = cast.user("other_guardian")
        occasion = make_occasion(cast.other_student, by, kind="performance")
        gear = make_gear(cast.other_student, by)
        for thing in ({"occasion": occasion, "preparing_for_performance": True}, {"instrument": gear}):
            with pytest.raises(NotThisThing):
                make_entry(cast.student, cast.user("guardian"), **thing)
            content = _content(cast, **thing)
            with pytest.raises(NotThisThing):
                change_entry(entry=cast.entry, by=cast.user("guardian"), content=content, now=timezone.now())

    def test_what_went_since_the_form_was_drawn_is_not_named(self, cast: Cast) -> None:
        """The rows are read anew: what the form has in its hands does not know of it yet, and a purge leaves
        nothing that a key could point to."""
        by, now = cast.user("guardian"), timezone.now()
        things: dict[str, Any] = {"instrument": make_gear(cast.student, by), "occasion": concert(cast)}
        delete_gear(gear=things["instrument"], by=by, now=now - 31 * DAY)
        services.delete_occasion(occasion=things["occasion"], by=by, now=now - 31 * DAY)
        for gone in (0, 2):
            for name, thing in things.items():
                assert thing.deleted_at is None
                with pytest.raises(NotThisThing) as refused:
                    make_entry(cast.student, by, **{name: thing})
                assert refused.value.field == name
                with pytest.raises(NotThisThing):
                    change_entry(entry=cast.entry, by=by, content=_content(cast, **{name: thing}), now=now)
            assert trash.purge(now=now) == 2 - gone

    @pytest.mark.parametrize("kind", ["exam", "performance"])
    def test_whoever_saves_it_sets_the_flag(self, cast: Cast, kind: str) -> None:
        """Not the form: what has no form must not meet the table's own no."""
        by, now = cast.user("guardian"), timezone.now()
        content = _content(cast, occasion=concert(cast, kind=kind))
        sent: dict[str, Any] = {"key": uuid4(), "student": cast.student, "by": by, "content": content}
        entry = log_entry(now=now, **sent)
        change_entry(entry=cast.entry, by=by, content=content, now=now)
        for row in (entry, cast.entry):
            row.refresh_from_db()
            flags = {name: getattr(row, f"preparing_for_{name}") for name in ("exam", "performance")}
            assert flags == {"exam": kind == "exam", "performance": kind == "performance"}
        # Sent twice it is still the same.
        with pytest.raises(EntryAlreadyLogged):
            log_entry(now=now, **sent)

    @pytest.mark.parametrize(
        ("then", "ticked", "flags"),
        [
            # Corrected: what the choice had ticked goes with it.
            ("concert", ["exam"], {"performance"}),
            ("", ["exam"], set()),
            # What she ticked herself stays.
            ("concert", ["exam", "performance"], {"performance"}),
            ("", ["exam", "performance"], {"performance"}),
            ("other exam", ["exam"], {"exam"}),
            ("exam", ["exam"], {"exam"}),
            ("concert", [], {"performance"}),
            ("", [], set()),
        ],
    )
    def test_the_flag_goes_with_the_choice(
        self, cast: Cast, as_user: SignIn, then: str, ticked: list[str], flags: set[str]
    ) -> None:
        rows = {name: concert(cast, title=name, kind=name.split()[-1]) for name in ("exam", "other exam")}
        rows["concert"] = concert(cast)
        entry = practise(cast, rows["exam"], 30)
        sent = entry_sent(cast, version="", occasion=str(rows[then].pk) if then else "")
        sent |= {f"preparing_for_{name}": "on" for name in ticked}
        answer = as_user(cast.user("student")).post(reverse("practice:entry-edit", args=[entry.pk]), sent)
        assert answer.status_code == 302
        entry.refresh_from_db()
        assert entry.occasion == rows.get(then)
        assert {name for name in ("exam", "performance") if getattr(entry, f"preparing_for_{name}")} == flags

    def test_a_flag_without_its_choice_stays(self, cast: Cast, as_user: SignIn) -> None:
        """What was named went into the trash: nobody took the choice back."""
        exam, by = concert(cast, kind="exam"), cast.user("guardian")
        concert(cast)
        entry = practise(cast, exam, 30)
        services.delete_occasion(occasion=exam, by=by, now=timezone.now())
        sent = entry_sent(cast, version="", occasion="", preparing_for_exam="on")
        as_user(cast.user("student")).post(reverse("practice:entry-edit", args=[entry.pk]), sent)
        entry.refresh_from_db()
        assert (entry.minutes, entry.occasion, entry.preparing_for_exam) == (30, None, True)

    def test_who_takes_the_tick_away_alone_is_told(self, cast: Cast, as_user: SignIn) -> None:
        occasion = concert(cast)
        entry = practise(cast, occasion, 45)
        client, address = as_user(cast.user("student")), reverse("practice:entry-edit", args=[entry.pk])
        sent = entry_sent(cast, version="", occasion=str(occasion.pk), notes="Kept words")
        html = client.post(address, sent).content.decode()
        said = Page(html).said_beside("preparing_for_performance")
        assert "“Summer concert” is chosen below. Choose “none of these” there first." in said
        assert "Kept words" in html
        entry.refresh_from_db()
        assert (entry.minutes, entry.preparing_for_performance) == (45, True)
        assert client.post(address, sent | {"occasion": ""}).status_code == 302
        entry.refresh_from_db()
        assert (entry.occasion, entry.preparing_for_performance) == (None, False)

    def test_an_entry_that_names_one_is_flagged(self, cast: Cast) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            PracticeEntry.objects.filter(pk=cast.entry.pk).update(occasion=concert(cast))

    def test_who_has_nothing_is_asked_nothing(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("student"))
        html = page(client, "practice:entry-log", cast.student.pk)
        assert "Played on" not in html
        assert "Which exam or performance?" not in html
        make_gear(cast.student, cast.user("guardian"), "Bow", kind="accessory")
        make_gear(cast.student, cast.user("guardian"), "Old cello", is_put_away=True)
        make_occasion(cast.student, cast.user("guardian"), held_on=today(cast) - 90 * DAY)
        html = page(client, "practice:entry-log", cast.student.pk)
        assert "Played on" not in html
        assert "Which exam or performance?" not in html

    def test_naming_one_sets_its_flag_and_shows(self, cast: Cast, as_user: SignIn) -> None:
        occasion, gear = concert(cast), make_gear(cast.student, cast.user("guardian"))
        client = as_user(cast.user("student"))
        sent = entry_sent(cast, occasion=str(occasion.pk), instrument=str(gear.pk))
        assert client.post(reverse("practice:entry-log", args=[cast.student.pk]), sent).status_code == 302
        entry = PracticeEntry.objects.get(pk=sent["key"])
        assert (entry.occasion, entry.instrument) == (occasion, gear)
        assert (entry.preparing_for_exam, entry.preparing_for_performance) == (False, True)
        html = page(as_user(cast.user("teacher")), "practice:entry-detail", entry.pk)
        assert "Summer concert" in html
        assert "Violin" in html
        by = cast.user("guardian")
        services.delete_occasion(occasion=occasion, by=by, now=timezone.now())
        assert "Summer concert" not in page(client, "practice:entry-detail", entry.pk)

    def test_what_was_chosen_stays_chosen_beside_another_mistake(self, cast: Cast, as_user: SignIn) -> None:
        things = {"occasion": concert(cast), "instrument": make_gear(cast.student, cast.user("guardian"))}
        sent = entry_sent(cast, minutes="", **{name: str(row.pk) for name, row in things.items()})
        address = reverse("practice:entry-log", args=[cast.student.pk])
        html = as_user(cast.user("student")).post(address, sent).content.decode()
        for row in things.values():
            assert f'<option value="{row.pk}" selected>' in html

    def test_what_is_named_stays_on_offer_when_it_is_put_away(self, cast: Cast, as_user: SignIn) -> None:
        gear = make_gear(cast.student, cast.user("guardian"))
        entry = make_entry(cast.student, cast.user("guardian"), instrument=gear)
        gear.is_put_away = True
        gear.save(update_fields=["is_put_away"])
        client = as_user(cast.user("guardian"))
        answer = client.get(reverse("practice:entry-edit", args=[entry.pk]))
        assert answer.context["form"]["instrument"].value() == gear.pk
        sent = entry_sent(cast, instrument=str(gear.pk), version="")
        client.post(reverse("practice:entry-edit", args=[entry.pk]), sent)
        entry.refresh_from_db()
        assert (entry.instrument, entry.changed_at is not None) == (gear, True)
        html = page(client, "practice:entry-revisions", entry.pk)
        assert "Instrument" not in html

    def test_the_history_names_what_was_changed(self, cast: Cast, as_user: SignIn) -> None:
        gear = make_gear(cast.student, cast.user("guardian"), "Grandfather's violin")
        client = as_user(cast.user("student"))
        sent = entry_sent(cast, instrument=str(gear.pk), version=cast.entry.version)
        client.post(reverse("practice:entry-edit", args=[cast.entry.pk]), sent)
        assert "Grandfather&#x27;s violin" in page(client, "practice:entry-revisions", cast.entry.pk)

    @pytest.mark.parametrize("name", ["instrument", "occasion"])
    @pytest.mark.django_db(transaction=True)  # a version is a transaction
    def test_what_is_purged_leaves_the_history_as_it_was(self, cast: Cast, name: str) -> None:
        """The row goes for good, and takes its key out of the entry: no version is lost by it."""
        by, now = cast.user("guardian"), timezone.now()
        thing: Any = make_gear(cast.student, by) if name == "instrument" else concert(cast)
        named = {name: thing, "preparing_for_performance": True}
        entry = make_entry(cast.student, by, lines=[Line("Gavotte")], **named)
        change_entry(entry=entry, by=by, content=_content(cast, notes="Slower", **named), now=now)
        before = versions(entry)
        kept = set(_revisions(entry).values_list("pk", flat=True))
        assert [len(version.differences) for version in before] == [3, 0]
        assert set(_revisions(entry).values_list(name, flat=True)) == {thing.pk}
        if name == "instrument":
            delete_gear(gear=thing, by=by, now=now - 31 * DAY)
        else:
            services.delete_occasion(occasion=thing, by=by, now=now - 31 * DAY)
        assert trash.purge(now=now) == 1
        assert not type(thing).objects.exists()
        entry.refresh_from_db()
        assert getattr(entry, name) is None
        assert kept < set(_revisions(entry).values_list("pk", flat=True))
        assert versions(entry) == before
        change_entry(entry=entry, by=by, content=_content(cast, notes="Faster"), now=timezone.now())
        assert versions(entry)[1:] == before

    def test_a_foreign_key_is_refused_beside_its_field(self, cast: Cast, as_user: SignIn) -> None:
        make_gear(cast.student, cast.user("guardian"))
        foreign = make_gear(cast.other_student, cast.user("other_guardian"))
        sent = entry_sent(cast, instrument=str(foreign.pk), notes="Kept words")
        client = as_user(cast.user("guardian"))
        answer = client.post(reverse("practice:entry-log", args=[cast.student.pk]), sent)
        assert "Choose again" in Page(answer.content.decode()).said_beside("instrument")
        assert "Kept words" in answer.content.decode()


def _revisions(entry: PracticeEntry) -> Any:
    """All that the table keeps of it, what the page leaves out included."""
    return revisions(PracticeEntry)._default_manager.filter(pgh_obj_id=entry.pk)


def _content(cast: Cast, **more: Any) -> Any:
    return EntryContent(practised_on=today(cast), minutes=9, lines=[Line("Minuet")], **more)
