"""A student's own focus areas: made by typing, each once, and known to nobody who may not read of them."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Student
from apps.practice import queries, services
from apps.practice.content import EntryContent
from apps.practice.models import FocusArea, PracticeEntry
from apps.practice.services import areas
from apps.practice.services.areas import MOST_AREAS
from tests.conftest import Cast
from tests.factories.practice import make_entry

from .test_logging_pages import fields, log_url, logged, refused

WORDS = "Slowly, both hands"


def own(cast: Cast) -> list[str]:
    return list(FocusArea.objects.filter(student=cast.student).in_order().values_list("name", flat=True))


def test_what_is_typed_stands_among_the_others_from_then_on(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    client.post(log_url(cast), fields(own_area="Bow hold", focus_areas=["tone"]))
    entry = logged(cast)
    assert list(map(str, entry.shown_areas)) == ["Tone", "Bow hold"]
    (area,) = FocusArea.objects.filter(student=cast.student)
    assert f'value="{area.slug}"' in client.get(log_url(cast)).content.decode()
    client.post(log_url(cast), fields(minutes="26", focus_areas=[area.slug]))
    assert logged(cast, minutes=26).shown_areas == ["Bow hold"]
    assert "Bow hold" in client.get(f"/students/{cast.student.pk}/diary/").content.decode()


@pytest.mark.parametrize("again", ["bow hold", "  BOW   HÓLD!", "Bow-hold"])
def test_a_name_stands_once(cast: Cast, again: str) -> None:
    for name in ("Bow hold", again):
        make_entry(cast.student, cast.user("student"), own_area=" ".join(name.split()))
    assert own(cast) == ["Bow hold"]


def test_one_that_everybody_has_is_not_made_anew(cast: Cast) -> None:
    entry = make_entry(cast.student, cast.user("student"), own_area="sight reading")
    assert own(cast) == []
    assert [area.slug for area in entry.focus_areas.all()] == ["sight-reading"]


def test_sending_twice_saves_once(cast: Cast) -> None:
    key, now = uuid4(), timezone.now()
    content = EntryContent(
        practised_on=cast.student.today(now), minutes=5, description=WORDS, own_area="Bow hold"
    )
    by = cast.user("student")
    services.log_entry(key=key, student=cast.student, by=by, content=content, now=now)
    with pytest.raises(services.EntryAlreadyLogged):
        services.log_entry(key=key, student=cast.student, by=by, content=content, now=now)
    assert own(cast) == ["Bow hold"]


def test_there_are_thirty_at_most(client: Client, cast: Cast) -> None:
    for number in range(MOST_AREAS):
        make_entry(cast.student, cast.user("student"), minutes=1, own_area=f"Area {number}")
    errors = refused(client, cast, own_area="One more")
    assert "30 own ones already" in errors["own_area"][0]
    make_entry(cast.student, cast.user("student"), minutes=1, own_area="area 7")
    assert len(own(cast)) == MOST_AREAS


def test_a_refused_entry_leaves_no_area(client: Client, cast: Cast) -> None:
    refused(client, cast, minutes="301", own_area="Bow hold")
    assert own(cast) == []


def test_anothers_own_area_is_no_choice(client: Client, cast: Cast) -> None:
    make_entry(cast.other_student, cast.user("other_guardian"), own_area="Nerves")
    foreign = FocusArea.objects.get(name="Nerves")
    assert list(refused(client, cast, focus_areas=[foreign.slug])) == ["focus_areas"]
    with pytest.raises(services.NotTheirs):
        make_entry(cast.student, cast.user("student"), focus_areas=[foreign])


def test_the_family_filters_by_them_and_nobody_else_can_ask(client: Client, cast: Cast) -> None:
    entry = make_entry(cast.student, cast.user("student"), own_area="Nerves", description=WORDS)
    (area,) = FocusArea.objects.filter(student=cast.student)
    address = f"/students/{cast.student.pk}/diary/?focus={area.slug}"
    for name, knows in (("guardian", True), ("teacher", False), ("logger", False)):
        client.force_login(cast.user(name))
        answer = client.get(address)
        asked = answer.context["filters"]
        assert (asked.focus == area.slug, asked.ignored) == (knows, not knows)
        assert (f'value="{area.slug}"' in answer.content.decode()) is knows
        assert entry in answer.context["rows"]
        assert (len(answer.context["rows"]) == 1) is knows


def test_a_guest_neither_sees_nor_makes_any(client: Client, cast: Cast) -> None:
    """They may stand in private entries alone."""
    make_entry(cast.student, cast.user("student"), own_area="Nerves", is_private=True)
    client.force_login(cast.user("logger"))
    html = client.get(log_url(cast)).content.decode()
    assert "Nerves" not in html
    assert 'name="own_area"' not in html
    client.post(log_url(cast), fields(own_area="Mine"))
    assert logged(cast, minutes=25).shown_areas == []
    assert own(cast) == ["Nerves"]


@pytest.mark.django_db(transaction=True)
def test_what_was_changed_names_them(cast: Cast) -> None:
    """Versions are told apart by their moments, and one transaction has one."""
    by = cast.user("student")
    entry = make_entry(cast.student, by, own_area="Nerves")
    tone = list(FocusArea.objects.filter(slug="tone"))
    content = EntryContent(practised_on=entry.practised_on, minutes=30, description=WORDS, focus_areas=tone)
    services.change_entry(entry=entry, by=by, content=content, now=timezone.now())
    (change,) = [found for found in queries.versions(entry)[0].differences if found.label == "Focus areas"]
    assert (change.before, change.after) == ("Nerves", "Tone")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"student": None}])
def test_the_database_holds_that_an_own_one_has_a_name(cast: Cast, wrong: dict[str, object]) -> None:
    make_entry(cast.student, cast.user("student"), own_area="Nerves")
    with pytest.raises(IntegrityError), transaction.atomic():
        FocusArea.objects.filter(student=cast.student).update(**wrong)


def test_erasing_the_student_takes_them_along(cast: Cast) -> None:
    make_entry(cast.student, cast.user("student"), own_area="Nerves")
    PracticeEntry.objects.filter(student=cast.student).delete()
    FocusArea.objects.filter(student=cast.student).delete()
    assert FocusArea.objects.shipped().count() == 12


# Renaming and removing


def area_of(cast: Cast, name: str = "Nerves") -> tuple[FocusArea, str]:
    area = FocusArea.objects.get(student=cast.student, name=name)
    return area, f"/focus-areas/{area.address}/"


def test_a_new_name_stands_everywhere(client: Client, cast: Cast) -> None:
    entry = make_entry(cast.student, cast.user("student"), own_area="Nervse")
    _area, address = area_of(cast, "Nervse")
    client.force_login(cast.user("guardian"))
    pages = f"/students/{cast.student.pk}/diary/areas/"
    assert "Nervse" in client.get(pages).content.decode()
    assert pages in client.get(log_url(cast)).content.decode()
    assert client.post(address, {"name": "Nerves"}).headers["Location"] == pages
    assert entry.shown_areas == ["Nerves"]
    make_entry(cast.student, cast.user("student"), minutes=1, own_area="nerves!")
    assert own(cast) == ["Nerves"]


@pytest.mark.parametrize("taken", ["tone", "BREATHING", "left hand"])
def test_a_name_that_is_used_is_refused(client: Client, cast: Cast, taken: str) -> None:
    """By everybody's, by another own one, by a removed one that entries still have."""
    for name in ("Nerves", "Breathing", "Left hand"):
        make_entry(cast.student, cast.user("student"), minutes=1, own_area=name)
    areas.remove_area(area=area_of(cast, "Left hand")[0])
    client.force_login(cast.user("student"))
    answer = client.post(area_of(cast)[1], {"name": taken})
    assert "Choose another name" in answer.context["form"].errors["name"][0]
    assert answer.context["form"]["name"].value() == taken
    assert own(cast) == ["Breathing", "Left hand", "Nerves"]
    assert client.post(area_of(cast)[1], {"name": "NERVES"}).status_code == 302, "its own one"


def test_a_removed_one_is_offered_no_more_and_entries_keep_it(client: Client, cast: Cast) -> None:
    entry = make_entry(cast.student, cast.user("student"), own_area="Nerves")
    area, address = area_of(cast)
    client.force_login(cast.user("student"))
    assert client.post(address, {"remove": "1"}).status_code == 302
    assert entry.shown_areas == ["Nerves"]
    assert f'value="{area.slug}"' not in client.get(log_url(cast)).content.decode()
    assert f'value="{area.slug}"' in client.get(f"/entries/{entry.pk}/edit/").content.decode()
    assert client.get(address).status_code == 404
    # Typed once more it is back.
    make_entry(cast.student, cast.user("student"), minutes=1, own_area="nerves")
    assert f'value="{area.slug}"' in client.get(log_url(cast)).content.decode()


def test_one_that_no_entry_has_goes_altogether(client: Client, cast: Cast) -> None:
    entry = make_entry(cast.student, cast.user("student"), own_area="Nerves")
    area, address = area_of(cast)
    entry.focus_areas.clear()
    client.force_login(cast.user("student"))
    client.post(address, {"remove": "1"})
    assert own(cast) == []
    # A form that was drawn before still has it.
    with pytest.raises(services.NotTheirs):
        make_entry(cast.student, cast.user("student"), focus_areas=[area])


def test_removing_makes_room_for_another(cast: Cast) -> None:
    for number in range(MOST_AREAS):
        make_entry(cast.student, cast.user("student"), minutes=1, own_area=f"Area {number}")
    areas.remove_area(area=area_of(cast, "Area 7")[0])
    make_entry(cast.student, cast.user("student"), minutes=1, own_area="One more")
    with pytest.raises(services.TooManyAreas):
        make_entry(cast.student, cast.user("student"), minutes=1, own_area="Area 7")


def test_nothing_is_renamed_where_nothing_is_kept(client: Client, cast: Cast) -> None:
    make_entry(cast.student, cast.user("student"), own_area="Nerves")
    Student.objects.filter(pk=cast.student.pk).update(collecting=False)
    client.force_login(cast.user("guardian"))
    answer = client.post(area_of(cast)[1], {"name": "Breathing"})
    assert answer.status_code == 200
    assert own(cast) == ["Nerves"]
    assert client.post(area_of(cast)[1], {"remove": "1"}).status_code == 302
