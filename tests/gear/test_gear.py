"""Instruments and what belongs to them: what is written, what is due, and what the pages say."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.services import CollectionIsOff
from apps.gear import services
from apps.gear.content import CareContent, GearContent
from apps.gear.models import Care, Gear
from apps.gear.queries import gear_list
from apps.repertoire.services import ChangedMeanwhile, DayIsInTheFuture, GoneMeanwhile, KeyIsTaken, TooMany
from apps.repertoire.services.locks import lock_student
from apps.safeguarding.models import Report
from tests.conftest import Cast
from tests.factories.gear import make_care, make_gear
from tests.forms.page import Page
from tests.repertoire.asking import SignIn, messages

DAY = timedelta(days=1)
DAY_ONE = date(2026, 1, 31)


def today(cast: Cast) -> date:
    return cast.student.today(timezone.now())


def strings(cast: Cast, days: int, months: int = 3, **more: Any) -> Gear:
    """A violin that was written down so many days ago, to be reminded of its strings."""
    past = timezone.now() - days * DAY
    given: dict[str, Any] = {"remind_of": "strings", "remind_months": months} | more
    return make_gear(cast.student, cast.user("guardian"), now=past, **given)


def due(cast: Cast, gear: Gear) -> Any:
    found = gear_list(cast.user("guardian"), cast.student, today(cast))
    return next(row.due for row in found if row.gear.pk == gear.pk)


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


class TestWriting:
    def test_sent_twice_it_is_there_once(self, cast: Cast) -> None:
        by, key, now = cast.user("guardian"), uuid4(), timezone.now()

        def add(name: str, student: Student = cast.student, who: User = by) -> Gear:
            content = GearContent(name=name)
            return services.add_gear(key=key, student=student, by=who, content=content, now=now)

        assert add("Violin").pk == add("Violin").pk
        with pytest.raises(KeyIsTaken):
            add("Viola")
        with pytest.raises(KeyIsTaken):
            add("Violin", cast.other_student, cast.user("other_guardian"))
        assert Gear.objects.count() == 1

    def test_a_day_that_is_to_come_is_none_yet(self, cast: Cast) -> None:
        with pytest.raises(DayIsInTheFuture) as refused:
            make_gear(cast.student, cast.user("guardian"), bought_on=today(cast) + DAY)
        assert refused.value.field == "bought_on"
        gear = make_gear(cast.student, cast.user("guardian"), bought_on=today(cast))
        with pytest.raises(DayIsInTheFuture) as refused:
            make_care(gear, cast.user("guardian"), today(cast) + DAY)
        assert refused.value.field == "done_on"

    def test_who_overtook_is_asked_and_not_overwritten(self, cast: Cast) -> None:
        gear, by, now = make_gear(cast.student, cast.user("guardian")), cast.user("student"), timezone.now()
        changed = services.change_gear(
            gear=gear, by=by, content=GearContent(name="My violin"), now=now, version=""
        )
        with pytest.raises(ChangedMeanwhile) as refused:
            services.change_gear(gear=gear, by=by, content=GearContent(name="Viola"), now=now, version="")
        assert refused.value.version == changed.version
        # The same words again are no quarrel.
        services.change_gear(gear=gear, by=by, content=GearContent(name="My violin"), now=now, version="")
        assert (Gear.objects.get().name, Gear.objects.get().changed_by) == ("My violin", by)

    def test_there_is_an_end_to_it(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("apps.gear.services.gear.MOST_GEAR", 1)
        monkeypatch.setattr("apps.gear.services.care.MOST_CARES", 1)
        gear = make_gear(cast.student, cast.user("guardian"))
        make_care(gear, cast.user("guardian"))
        with pytest.raises(TooMany):
            make_gear(cast.student, cast.user("guardian"), "Viola")
        with pytest.raises(TooMany):
            make_care(gear, cast.user("guardian"))

    def test_a_full_log_says_what_to_do_and_keeps_the_words(
        self, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.gear.services.care.MOST_CARES", 1)
        gear = make_gear(cast.student, cast.user("guardian"))
        first = make_care(gear, cast.user("guardian"))
        client, address = as_user(cast.user("student")), reverse("gear:care-add", args=[gear.pk])
        sent = {"key": str(uuid4()), "kind": "repair", "done_on": today(cast), "words": "A new bridge"}
        html = client.post(address, sent).content.decode()
        assert "There are 1 already" in html
        assert "When one that nobody needs any more is deleted, you can save this one." in html
        # Said before the lines of the log, which may be many; nothing that was typed is lost.
        assert html.index("There are 1 already") < html.index(reverse("gear:care-edit", args=[first.pk]))
        assert 'value="A new bridge"' in html
        services.delete_care(care=first, by=cast.user("student"), now=timezone.now())
        assert client.post(address, sent).status_code == 302
        assert Care.objects.kept().get().words == "A new bridge"

    def test_nothing_is_written_where_nothing_is_kept(self, cast: Cast) -> None:
        gear = make_gear(cast.student, cast.user("guardian"))
        Student.objects.filter(pk=cast.student.pk).update(collecting=False)
        with pytest.raises(CollectionIsOff):
            make_care(gear, cast.user("guardian"))
        with pytest.raises(CollectionIsOff):
            lock_student(cast.student.pk)

    def test_a_teacher_writes_nothing_even_past_the_page(self, cast: Cast) -> None:
        gear = make_gear(cast.student, cast.user("guardian"))
        with pytest.raises(GoneMeanwhile):
            make_care(gear, cast.user("teacher"))
        with pytest.raises(GoneMeanwhile):
            services.hush(gear=gear, by=cast.user("teacher"), now=timezone.now())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"remind_of": "strings", "remind_from": DAY_ONE},
            {"remind_months": 3, "remind_from": DAY_ONE},
            {"remind_of": "strings", "remind_months": 3},
            {"remind_from": DAY_ONE},
            {"remind_of": "strings", "remind_months": 0, "remind_from": DAY_ONE},
            {"remind_of": "strings", "remind_months": 61, "remind_from": DAY_ONE},
            {"remind_of": "repair", "remind_months": 3, "remind_from": DAY_ONE},
            {"notes": "a" * 1001},
        ],
    )
    def test_the_table_itself_refuses(self, cast: Cast, wrong: dict[str, Any]) -> None:
        gear = make_gear(cast.student, cast.user("guardian"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Gear.objects.filter(pk=gear.pk).update(**wrong)


class TestPages:
    def test_an_empty_list_teaches_the_first_step(self, cast: Cast, as_user: SignIn) -> None:
        assert "Add the first thing" in page(as_user(cast.user("student")), "gear:gear-list", cast.student.pk)
        html = page(as_user(cast.user("teacher")), "gear:gear-list", cast.student.pk)
        assert "As soon as the family" in html
        assert "Add a thing" not in html

    def test_instruments_first_and_what_is_put_away_last(self, cast: Cast, as_user: SignIn) -> None:
        by = cast.user("guardian")
        make_gear(cast.student, by, "Aged cello", is_put_away=True)
        make_gear(cast.student, by, "Bow", kind="accessory")
        make_gear(cast.student, by, "Violin")
        make_gear(cast.other_student, cast.user("other_guardian"), "Foreign horn")
        html = page(as_user(cast.user("viewer")), "gear:gear-list", cast.student.pk)
        places = [html.index(name) for name in ("Violin", "Bow", "Aged cello")]
        assert places == sorted(places)
        assert "Foreign horn" not in html

    def test_from_the_first_line_to_the_log(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("student"))
        sent = {"key": str(uuid4()), "kind": "instrument", "name": "Violin", "notes": "Half size"}
        sent |= {"remind_of": "strings", "remind_months": "3"}
        answer = client.post(reverse("gear:gear-add", args=[cast.student.pk]), sent)
        gear = Gear.objects.get()
        assert answer["Location"] == reverse("gear:gear-detail", args=[gear.pk])
        address = reverse("gear:care-add", args=[gear.pk])
        done = {"key": str(uuid4()), "kind": "strings", "done_on": today(cast), "words": "Dominant"}
        assert messages(client.post(address, done))[-1] == "Saved."
        html = page(as_user(cast.user("teacher")), "gear:gear-detail", gear.pk)
        for words in ("Half size", "Due every 3 months", "New strings", "Dominant", "Report"):
            assert words in html
        assert "Save" not in html
        care = Care.objects.get()
        client.post(reverse("gear:care-edit", args=[care.pk]), {"remove": "1"})
        assert "Nothing was noted yet" in page(client, "gear:gear-detail", gear.pk)
        client.post(reverse("gear:gear-edit", args=[gear.pk]), {"remove": "1"})
        assert client.get(reverse("gear:gear-detail", args=[gear.pk])).status_code == 404

    @pytest.mark.parametrize(
        ("sent", "field", "words"),
        [
            ({"name": ""}, "name", "Please fill this in"),
            ({"remind_of": "strings"}, "remind_months", "Say after how many months"),
            ({"remind_of": "strings", "remind_months": "99"}, "remind_months", "from 1 to 60"),
            ({"bought_on": "2999-01-01"}, "bought_on", "still to come"),
            ({"remind_of": "repair"}, "remind_of", "valid choice"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, sent: dict[str, str], field: str, words: str
    ) -> None:
        given = {"key": str(uuid4()), "kind": "instrument", "name": "Violin", "notes": "Kept words"} | sent
        client = as_user(cast.user("guardian"))
        answer = client.post(reverse("gear:gear-add", args=[cast.student.pk]), given)
        html = answer.content.decode()
        assert words in Page(html).said_beside(field)
        assert "Kept words" in html
        assert not Gear.objects.exists()

    def test_months_without_a_reason_are_no_mistake(self, cast: Cast, as_user: SignIn) -> None:
        given = {"key": str(uuid4()), "kind": "instrument", "name": "Violin", "remind_months": "3"}
        as_user(cast.user("guardian")).post(reverse("gear:gear-add", args=[cast.student.pk]), given)
        assert Gear.objects.get().remind_months is None


class TestReports:
    def test_a_report_takes_all_words_along_and_says_whose_they_are(
        self, cast: Cast, as_user: SignIn
    ) -> None:
        student, guardian = cast.user("student"), cast.user("guardian")
        gear = make_gear(cast.student, student, notes="Qznotes")
        make_care(gear, guardian, words="Qzcare")
        care = make_care(gear, student, words="")
        content = CareContent(done_on=care.done_on, words="Qzchanged")
        services.change_care(care=care, by=guardian, content=content, now=timezone.now())
        sent = {"category": "other", "words": "I am worried."}
        as_user(cast.user("teacher")).post(reverse("gear:gear-report", args=[gear.pk]), sent)
        report = Report.objects.get()
        names = [person.get_full_name() for person in (student, guardian)]
        assert (report.item_id, report.evidence.split("\n")) == (
            gear.pk,
            [f"{names[0]}: Violin", "Qznotes", f"{', '.join(names)}: Qzchanged", f"{names[1]}: Qzcare"],
        )
        # Nobody answers for what another one wrote.
        assert report.author is None

    def test_what_one_wrote_alone_is_theirs(self, cast: Cast, as_user: SignIn) -> None:
        gear = make_gear(cast.student, cast.user("guardian"), notes="Qznotes")
        # Without words there is nothing to answer for.
        make_care(gear, cast.user("student"))
        sent = {"category": "other", "words": "I am worried."}
        as_user(cast.user("student")).post(reverse("gear:gear-report", args=[gear.pk]), sent)
        assert Report.objects.get().author == cast.user("guardian")

    @pytest.mark.parametrize("other", ["thing", "change", "line", "changed line", "somebody who left", ""])
    def test_the_family_too_is_offered_it_where_somebody_else_wrote(
        self, cast: Cast, as_user: SignIn, other: str
    ) -> None:
        student, guardian, now = cast.user("student"), cast.user("guardian"), timezone.now()
        gear = make_gear(cast.student, guardian if other == "thing" else student)
        care = make_care(gear, guardian if other == "line" else student)
        if other == "change":
            services.change_gear(gear=gear, by=guardian, content=GearContent(name="Squeaker"), now=now)
        if other == "changed line":
            content = CareContent(done_on=care.done_on, words="At last")
            services.change_care(care=care, by=guardian, content=content, now=now)
        if other == "somebody who left":
            Gear.objects.update(added_by=None)
        html = page(as_user(student), "gear:gear-detail", gear.pk)
        assert (reverse("gear:gear-report", args=[gear.pk]) in html) == bool(other)
