"""With and without private rows, every page of the diary is the same to a teacher."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.practice import queries, services
from apps.practice.content import About, EntryContent, Line
from apps.practice.models import FocusArea, PracticeDay, PracticeEntry, ThingDay
from apps.practice.models.comments import AuthorRole
from apps.practice.queries import reach
from apps.repertoire.models import Piece, Skill
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.factories.repertoire import make_piece, make_skill

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

# What differs between two answers to the very same question.
CHANGES = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="mark" value="[^"]*"|name="key" value="[^"]*"'
)
QUERIES = (
    "",
    "?view=table",
    "?q=secret",
    "?q=secrets+song",
    "?focus=secret-area",
    "?view=table&q=sec",
    "?exam=1",
    "?performance=1",
    "?private=1",
    "?focus=tone",
    "?from=2000-01-01&to=2999-01-01",
    "?page=zzz",
    "?teacher=x",
)
OUTSIDERS = ("teacher", "second_teacher", "viewer", "commenter", "logger")


@pytest.fixture(autouse=True)
def _piece_and_skill(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Practised once for everybody, long ago; a list is looked through in so small parts that each border
    shows."""
    monkeypatch.setattr(reach, "MOST_LOOKED_AT", 2)
    make_piece(cast.student, cast.user("guardian"))
    make_skill(cast.student, cast.user("guardian"))
    for days_ago in (3, 40):
        day = cast.entry.practised_on - timedelta(days=days_ago)
        make_entry(cast.student, cast.user("student"), practised_on=day, lines=attached(cast))


def attached(cast: Cast) -> list[Line]:
    piece, skill = Piece.objects.get(student=cast.student), Skill.objects.get(student=cast.student)
    return [Line(piece.title, about=About(piece=piece.pk)), Line(skill.name, about=About(skill=skill.pk))]


def pages(client: Client, cast: Cast, user: User) -> dict[str, str]:
    """Every answer of the diary that this person may get, freed of what is new each time."""
    client.force_login(user)
    piece, skill = Piece.objects.get(student=cast.student), Skill.objects.get(student=cast.student)
    asked = (*QUERIES, f"?piece={piece.pk}", f"?skill={skill.pk}")
    addresses = [
        f"/students/{cast.student.pk}/diary/{page}{query}"
        for page in ("", "calendar/", "print/")
        for query in asked
    ]
    addresses += [f"/students/{cast.student.pk}/diary/{page}/" for page in ("log", "resume", "export")]
    # So few, because nobody downloads more in a minute.
    addresses += [f"/students/{cast.student.pk}/diary/export/diary.csv{query}" for query in ("", "?q=secret")]
    for entry in (cast.entry, cast.addressed_entry):
        addresses += [f"/entries/{entry.pk}/{action}" for action in ("", "edit/", "delete/", "history/")]
    found = {}
    for address in addresses:
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        found[address] = f"{answer.status_code} {CHANGES.sub('', content.decode())}"
    found["new"] = str(queries.new_counts(user))
    found["lines"] = str([line.title for line in queries.last_lines(cast.student, user)])
    found["recent"] = str([entry.pk for entry in queries.recent_entries(user, cast.student, 99)])
    return found


def private_life(cast: Cast) -> None:
    """A lot happens in private: entries on many days, changes, comments, deletions."""
    by, now = cast.user("student"), timezone.now()
    for days_ago in range(25):
        entry = make_entry(
            cast.student,
            by,
            practised_on=cast.student.today(now) - timedelta(days=days_ago),
            minutes=17,
            is_private=True,
            description="secret words",
            struggles="secret trouble",
            lines=[Line("Secret song", minutes=5), *attached(cast)],
            own_area="Secret area",
            preparing_for_exam=True,
            preparing_for_performance=True,
            enjoyment=5,
        )
        entry.focus_areas.set(FocusArea.objects.filter(slug="tone"))
        services.add_comment(
            key=uuid4(),
            entry=entry,
            by=cast.user("guardian"),
            role=AuthorRole.GUARDIAN,
            body="secret comment",
            now=now,
        )
    services.delete_entry(entry=entry, by=by, now=now)


def nothing_private(cast: Cast) -> None:
    PracticeEntry.objects.filter(is_private=True).delete()
    for days in (PracticeDay, ThingDay):
        days.objects.filter(is_private=True).delete()


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize("happen", [private_life, nothing_private])
def test_private_rows_make_no_difference(
    client: Client, cast: Cast, name: str, happen: Callable[[Cast], None]
) -> None:
    user = cast.user(name)
    before = pages(client, cast, user)
    happen(cast)
    after = pages(client, cast, user)
    assert [address for address in before if before[address] != after[address]] == []


def test_the_family_sees_the_difference(client: Client, cast: Cast) -> None:
    """The control: the same comparison finds what changed for who may see it."""
    before = pages(client, cast, cast.user("guardian"))
    private_life(cast)
    after = pages(client, cast, cast.user("guardian"))
    assert f"/students/{cast.student.pk}/diary/" in [key for key in before if before[key] != after[key]]


def test_what_becomes_private_leaves_every_page_of_a_teacher(client: Client, cast: Cast) -> None:
    teacher = cast.user("teacher")
    never = make_entry(cast.student, cast.user("student"), lines=[Line("Secret song")])
    services.change_entry(
        entry=never,
        by=cast.user("student"),
        content=EntryContent(
            practised_on=never.practised_on, minutes=9, is_private=True, description="secret words"
        ),
        now=timezone.now(),
    )
    assert not any(
        "Secret" in text or str(never.pk) in text for text in pages(client, cast, teacher).values()
    )
    assert client.get(f"/entries/{never.pk}/").status_code == 404
