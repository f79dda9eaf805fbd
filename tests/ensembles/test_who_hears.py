"""What one family hears of another: never before both agreed, nothing but a name, a day and minutes, and
nothing any more from the commit on that takes it back."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.services import leave_family, lock_family, object_to_guardian
from apps.accounts.services.majority import end_all_guardianships
from apps.consent.models import Purpose
from apps.consent.services import withdraw_consent
from apps.core.ownership import Subject
from apps.core.prepared import Prepared
from apps.ensembles import models, queries, services
from apps.ensembles.models import QUESTION_LIFE, GroupPart, GroupSession, Membership
from apps.practice.models import PracticeEntry
from apps.practice.services import delete_entry
from apps.privacy.services.erasures import ask_erasure
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import end_teaching, pause_teaching, resume_teaching
from tests.factories.accounts import LONG_AGO, birth_month, make_guardianship, make_user
from tests.factories.children import child_client, make_child_login
from tests.factories.consent import make_consent
from tests.factories.ensembles import agree, make_ensemble, make_pupil
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

from .conftest import Duo

NOW = timezone.now


def names_read_by(student: Student, user: User) -> list[str]:
    return [other.name for player in queries.news_of(student, user).players for other in player.others]


def questions_to(student: Student, user: User) -> list[queries.Question]:
    return queries.news_of(student, user).questions


def lessons(duo: Duo) -> Any:
    return duo.teacher.teachings.get(student=duo.mia)


def second_guardian(duo: Duo) -> Guardianship:
    """Somebody who has been there longer, so that Mia's guardian can go."""
    return make_guardianship(duo.mia, make_user("Second"), started_at=LONG_AGO - timedelta(days=9))


def leaves(duo: Duo) -> None:
    second_guardian(duo)
    leave_family(guardianship=Guardianship.objects.get(guardian=duo.mias), now=NOW())


def is_objected_to(duo: Duo) -> None:
    second = second_guardian(duo)
    row = Guardianship.objects.get(guardian=duo.mias)
    Guardianship.objects.filter(pk=row.pk).update(started_at=NOW() - timedelta(days=1))
    row.refresh_from_db()
    object_to_guardian(guardianship=row, by=second.guardian, reason="", now=NOW())


def takes_consent_back(duo: Duo) -> None:
    make_consent(duo.mia, duo.mias)
    withdraw_consent(student=duo.mia, purpose=Purpose.CORE, by=duo.mias, now=NOW())


ENDS: dict[str, Callable[[Duo], object]] = {
    "the family takes it back": lambda duo: services.end_membership(
        membership=duo.mia_plays, by=duo.mias, now=NOW()
    ),
    "the teacher takes the pupil out": lambda duo: services.end_membership(
        membership=duo.mia_plays, by=duo.teacher, now=NOW()
    ),
    "the ensemble ends": lambda duo: services.end_ensemble(ensemble=duo.ensemble, by=duo.teacher, now=NOW()),
    "the lessons end": lambda duo: end_teaching(teaching=lessons(duo), by=duo.mias, now=NOW()),
    "the teacher ends the lessons": lambda duo: end_teaching(
        teaching=lessons(duo), by=duo.teacher, now=NOW()
    ),
    "the teacher stood in until yesterday": lambda duo: Teaching.objects.filter(pk=lessons(duo).pk).update(
        cover_until=NOW() - timedelta(days=1)
    ),
    "the lessons pause": lambda duo: pause_teaching(
        teaching=lessons(duo), by=duo.mias, since=NOW(), reason="", now=NOW()
    ),
    "whoever agreed leaves the family": leaves,
    "whoever agreed is objected to": is_objected_to,
    "the student comes of age": lambda duo: end_all_guardianships(student=duo.mia, now=NOW()),
    "the student is grown up since this month": lambda duo: Student.objects.filter(pk=duo.mia.pk).update(
        birth_month=birth_month(18), user=make_user("Mia Login")
    ),
    "nothing may be kept any more": takes_consent_back,
    "the staff hold the family still": lambda duo: lock_family(
        student=duo.mia, reason="An order", by=duo.teacher, now=NOW()
    ),
    "the diary is to be erased": lambda duo: ask_erasure(
        subject=Subject.STUDENT, key=duo.mia.pk, by=duo.mias, at_once=False, now=NOW()
    ),
}


def everything_of_ben(duo: Duo, bens_entry: PracticeEntry, untied: PracticeEntry | None = None) -> str:
    """All pages on which Ben's family might hear of Mia, as one text."""
    client = Client()
    client.force_login(duo.bens)
    pages = [
        reverse("parent_portal:overview"),
        reverse("ensembles:student-ensembles", args=[duo.ben.pk]),
        reverse("practice:entry-detail", args=[bens_entry.pk]),
        reverse("ensembles:entry-together", args=[(untied or make_entry(duo.ben, duo.bens)).pk]),
    ]
    answers = [client.get(page) for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.content.decode() for answer in answers)


def shape(pages: str) -> str:
    """Without what is new each time: keys and tokens."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{64}", "", pages)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_the_name_is_gone_everywhere_at_once(duo: Duo, end: Callable[[Duo], object]) -> None:
    agree(duo.ensemble, duo.mia, duo.mias, "Qzshownname")
    confirmed, waiting = duo.question(), duo.question()
    entry = services.confirm_part(part=confirmed, by=duo.bens, minutes=20, now=NOW())
    before = everything_of_ben(duo, entry)
    assert before.count("Qzshownname") >= 4
    assert str(waiting.pk) in before
    end(duo)
    after = everything_of_ben(duo, entry)
    assert "Qzshownname" not in after
    assert str(waiting.pk) not in after
    client = Client()
    client.force_login(duo.bens)
    answer = client.get(reverse("ensembles:part-answer", args=[waiting.pk]), follow=True)
    assert "This question does not wait any more" in answer.content.decode()
    assert "Qzshownname" not in answer.content.decode()
    with pytest.raises(services.OverMeanwhile):
        services.confirm_part(part=waiting, by=duo.bens, minutes=20, now=NOW())
    # The others' entries are whole, and still one's own.
    entry.refresh_from_db()
    assert (entry.minutes, entry.deleted_at) == (20, None)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_who_is_not_shown_is_shown_nobody(duo: Duo, end: Callable[[Duo], object]) -> None:
    """It goes both ways: whose name is not read reads no other."""
    entry, untold = duo.entry(), duo.entry()
    part = duo.question(entry)
    services.confirm_part(part=part, by=duo.bens, minutes=20, now=NOW())
    assert names_read_by(duo.mia, duo.mias) == ["Ben"]
    assert queries.may_tell(duo.mias, untold)
    found = queries.together_of(duo.mias, entry)
    assert found is not None
    assert found.names == ["Ben"]
    end(duo)
    assert names_read_by(duo.mia, duo.mias) == []
    found = queries.together_of(duo.mias, entry)
    assert found is None or (found.names, found.asked) == ([], [])
    assert not queries.may_tell(duo.mias, untold)


@pytest.mark.parametrize("is_child", [False, True])
def test_a_name_can_be_taken_back_in_a_pause(
    duo: Duo, as_user: Callable[[User], Client], is_child: bool
) -> None:
    """It would come back with the lessons, whose pause the teacher may end."""
    if is_child:
        make_child_login(duo.mia, duo.mias)
    client = child_client(duo.mia, duo.mias) if is_child else as_user(duo.mias)
    page = reverse("ensembles:student-ensembles", args=[duo.mia.pk])
    end = reverse("ensembles:membership-end", args=[duo.mia_plays.pk])
    pause_teaching(teaching=lessons(duo), by=duo.mias, since=NOW(), reason="", now=NOW())
    shown = client.get(page).content.decode()
    assert "At the moment nobody reads the name" in shown
    assert (end in shown, "Another name" in shown, "Ben" in shown) == (True, False, False)
    assert client.get(end).status_code == 200
    assert client.get(reverse("ensembles:membership-agree", args=[duo.mia_plays.pk])).status_code in (
        403,
        404,
    )
    assert as_user(duo.teacher).get(end).status_code in (403, 404)
    client.post(end)
    resume_teaching(teaching=lessons(duo), by=duo.mias, now=NOW())
    assert names_read_by(duo.ben, duo.bens) == []


def test_in_a_pause_nobody_is_asked_to_play(db: None) -> None:
    teacher = make_user("Theo")
    mia, mias = make_pupil(teacher, "Mia")
    make_ensemble(teacher, mia)
    pause_teaching(teaching=mia.teachings.get(), by=mias, since=NOW(), reason="", now=NOW())
    assert queries.news_of(mia, mias).players == []


def test_without_the_rule_the_name_would_stay(duo: Duo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what the tests above look at does show a name."""

    def there(rows: QuerySet[Membership]) -> QuerySet[Membership]:
        return rows.exclude(shown_name="")

    monkeypatch.setattr(models.MembershipQuerySet, "live", there)
    monkeypatch.setattr(models.MembershipQuerySet, "there", there)
    # The rule is in the statement, which is built once.
    monkeypatch.setattr(queries, "_students", Prepared(queries._build_students, student=UUID))
    lock_family(student=duo.mia, reason="An order", by=duo.teacher, now=NOW())
    assert names_read_by(duo.ben, duo.bens) == ["Mia"]


def test_before_both_have_agreed_nobody_reads_a_name(db: None) -> None:
    teacher = make_user("Theo")
    (mia, mias), (ben, bens) = make_pupil(teacher, "Mia"), make_pupil(teacher, "Ben")
    ensemble = make_ensemble(teacher, mia, ben)
    assert names_read_by(mia, mias) == names_read_by(ben, bens) == []
    agree(ensemble, mia, mias)
    assert names_read_by(mia, mias) == names_read_by(ben, bens) == []
    agree(ensemble, ben, bens)
    assert (names_read_by(mia, mias), names_read_by(ben, bens)) == (["Ben"], ["Mia"])


def test_whom_nobody_agreed_to_show_makes_no_difference(duo: Duo) -> None:
    """Not a name, and not that there is somebody: asked and silent, in other ensembles, or just a pupil."""
    mias, bens = duo.entry(), make_entry(duo.ben, duo.bens)
    services.confirm_part(part=duo.question(mias), by=duo.bens, entry=bens, now=NOW())
    untied = make_entry(duo.ben, duo.bens)
    before = everything_of_ben(duo, bens, untied)
    asked, _ = make_pupil(duo.teacher, "Qzasked")
    elsewhere, theirs = make_pupil(duo.teacher, "Qzelsewhere")
    make_pupil(duo.teacher, "Qzpupil")
    services.ask_pupils(ensemble=duo.ensemble, pupils=[asked.pk], by=duo.teacher, now=NOW())
    agree(make_ensemble(duo.teacher, elsewhere, name="Trio"), elsewhere, theirs)
    after = everything_of_ben(duo, bens, untied)
    assert "Qz" not in shape(after)
    assert shape(after) == shape(before)


def test_of_another_ensemble_of_the_same_teacher_nothing_is_heard(duo: Duo) -> None:
    zoe, zoes = make_pupil(duo.teacher, "Zoe")
    other = make_ensemble(duo.teacher, zoe, name="Trio")
    agree(other, zoe, zoes)
    assert names_read_by(duo.mia, duo.mias) == ["Ben"]
    assert names_read_by(zoe, zoes) == []


def test_a_question_says_a_name_a_day_and_minutes_and_follows_the_entry(duo: Duo) -> None:
    entry = duo.entry(minutes=30, notes="Qznotes", struggles="Qzstruggles")
    part = duo.question(entry)
    asked = queries.Question(part.pk, "Mia", "Duet", entry.practised_on, 30)
    assert questions_to(duo.ben, duo.bens) == [asked]
    client = Client()
    client.force_login(duo.bens)
    page = client.get(reverse("ensembles:part-answer", args=[part.pk])).content.decode()
    assert "Mia" in page
    assert "30 min" in page
    for word in ("Rose", "Qznotes", "Qzstruggles", duo.mias.display_name, duo.mias.email, "Minuet in G"):
        assert word not in page
    PracticeEntry.objects.filter(pk=entry.pk).update(minutes=45)
    assert questions_to(duo.ben, duo.bens)[0].minutes == 45


HIDES: dict[str, Callable[[Duo, PracticeEntry], object]] = {
    "deleted": lambda duo, entry: delete_entry(entry=entry, by=entry.logged_by or duo.mias, now=NOW()),
    "private": lambda duo, entry: PracticeEntry.objects.filter(pk=entry.pk).update(is_private=True),
    "for one teacher": lambda duo, entry: PracticeEntry.objects.filter(pk=entry.pk).update(
        addressed_to=duo.teacher.teachings.get(student=entry.student)
    ),
}


@pytest.mark.parametrize("hide", HIDES.values(), ids=HIDES.keys())
def test_what_its_owner_keeps_to_themselves_is_heard_of_no_more(
    duo: Duo, hide: Callable[[Duo, PracticeEntry], object]
) -> None:
    entry = duo.entry()
    confirmed, waiting = duo.question(entry), duo.question()
    bens = services.confirm_part(part=confirmed, by=duo.bens, minutes=20, now=NOW())
    hide(duo, entry)
    assert waiting.session.entry is not None
    hide(duo, waiting.session.entry)
    assert questions_to(duo.ben, duo.bens) == []
    for reader in (duo.bens, duo.teacher):
        found = queries.together_of(reader, bens)
        assert found is not None
        assert found.names == []


def test_a_no_a_silence_and_an_entry_kept_back_look_the_same(duo: Duo) -> None:
    def seen() -> tuple[list[str], list[str]]:
        found = queries.together_of(duo.mias, entry)
        assert found is not None
        return found.names, found.asked

    entry = duo.entry()
    part = duo.question(entry)
    assert seen() == ([], ["Ben"])
    services.decline_part(part=part, by=duo.bens, now=NOW())
    assert seen() == ([], ["Ben"])
    entry = duo.entry()
    bens = services.confirm_part(part=duo.question(entry), by=duo.bens, minutes=20, now=NOW())
    assert seen() == (["Ben"], [])
    PracticeEntry.objects.filter(pk=bens.pk).update(is_private=True)
    assert seen() == ([], ["Ben"])


def test_the_days_after_tell_no_more_of_an_entry_kept_back(duo: Duo) -> None:
    """A no is deleted when the question is over, a yes stays: so of both nothing is said then."""

    def told(reader: User) -> list[queries.Together | None]:
        return [queries.together_of(reader, each) for each in (first, second)]

    first, second = duo.entry(), duo.entry()
    bens = services.confirm_part(part=duo.question(first), by=duo.bens, minutes=20, now=NOW())
    PracticeEntry.objects.filter(pk=bens.pk).update(is_private=True)
    services.decline_part(part=duo.question(second), by=duo.bens, now=NOW())
    assert told(duo.mias) == [queries.Together("Duet", [], ["Ben"], is_first=True)] * 2
    GroupPart.objects.update(asked_at=NOW() - QUESTION_LIFE)
    GroupSession.objects.update(created_at=NOW() - QUESTION_LIFE)
    services.forget_questions(now=NOW())
    for reader in (duo.mias, duo.teacher):
        assert told(reader) == [queries.Together("Duet", [], [], is_first=True)] * 2


def test_the_page_that_asks_tells_no_more_either(duo: Duo, as_user: Callable[[User], Client]) -> None:
    """Its address stays when the links to it are gone, and an entry's day can be moved to a later one."""
    client, today = as_user(duo.mias), duo.mia.today(NOW())
    first, second = duo.entry(), duo.entry()
    bens = services.confirm_part(part=duo.question(first), by=duo.bens, minutes=20, now=NOW())
    PracticeEntry.objects.filter(pk=bens.pk).update(is_private=True)
    services.decline_part(part=duo.question(second), by=duo.bens, now=NOW())

    def told() -> list[str]:
        """The page itself, what it says to a question, and what the entry says then."""
        texts = []
        for each in (first, second):
            address = reverse("ensembles:entry-together", args=[each.pk])
            said = client.post(address, {"players": [str(duo.ben_plays.pk)]}, follow=True)
            detail = client.get(reverse("practice:entry-detail", args=[each.pk]))
            texts.append("".join(page.content.decode() for page in (client.get(address), said, detail)))
        return [shape(text) for text in texts]

    one, other = told()
    assert one == other
    assert "Asked already" in one
    GroupPart.objects.update(asked_at=NOW() - QUESTION_LIFE)
    GroupSession.objects.update(created_at=NOW() - QUESTION_LIFE)
    for days in (0, 20):
        PracticeEntry.objects.filter(student=duo.mia).update(practised_on=today - timedelta(days=days))
        services.forget_questions(now=NOW())
        one, other = told()
        assert one == other
        assert "nobody is asked about this session any more" in one
        assert "Ben" not in one
        assert not GroupPart.objects.exclude(state="confirmed").exists()


def test_a_question_is_over_after_its_days(duo: Duo) -> None:
    part = duo.question()
    GroupPart.objects.update(asked_at=NOW() - QUESTION_LIFE + timedelta(minutes=5))
    assert len(questions_to(duo.ben, duo.bens)) == 1
    GroupPart.objects.update(asked_at=NOW() - QUESTION_LIFE)
    assert questions_to(duo.ben, duo.bens) == []
    with pytest.raises(services.OverMeanwhile):
        services.confirm_part(part=part, by=duo.bens, minutes=20, now=NOW())


def test_who_reads_the_diary_besides_the_family_reads_no_name_of_others(duo: Duo) -> None:
    """Another teacher, and whoever has nothing to do with it; the ensemble's own teacher does."""
    entry = duo.entry()
    services.confirm_part(part=duo.question(entry), by=duo.bens, minutes=20, now=NOW())
    other = make_user("Thea")
    make_teaching(other, duo.mia, "Flute")
    client = Client()
    for user, is_shown in ((other, False), (duo.teacher, True), (duo.mias, True)):
        client.force_login(user)
        page = client.get(reverse("practice:entry-detail", args=[entry.pk])).content.decode()
        assert ("Duet" in page, "Ben" in page) == (is_shown, is_shown)


def test_the_teacher_learns_of_no_private_session(duo: Duo) -> None:
    """The teacher's page of an entry is the same with and without what others keep to themselves."""
    entry = duo.entry()
    bens = services.confirm_part(part=duo.question(entry), by=duo.bens, minutes=20, now=NOW())
    PracticeEntry.objects.filter(pk=bens.pk).update(is_private=True)
    with_it = queries.together_of(duo.teacher, entry)
    GroupPart.objects.all().delete()
    assert with_it == queries.together_of(duo.teacher, entry)
