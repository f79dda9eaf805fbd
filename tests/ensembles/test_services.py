"""What is written, what is refused, and what a second press does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.services import CollectionIsOff
from apps.core.models import AuditEvent
from apps.ensembles import queries, services
from apps.ensembles.models import QUESTION_LIFE, Ensemble, GroupPart, GroupSession, Membership, PartState
from apps.practice.models import PracticeEntry
from apps.practice.services import DayIsTooLong, SessionIsTooLong, delete_entry
from apps.private_teaching.services import end_teaching, pause_teaching, resume_teaching
from apps.safeguarding.services import lift_hold
from tests.factories.accounts import make_student, make_user
from tests.factories.ensembles import agree, ask_players, make_ensemble, make_pupil, membership_of
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching
from tests.factories.safeguarding import make_hold

from .conftest import Duo

NOW = timezone.now


def actions(**about: Any) -> list[str]:
    rows = AuditEvent.objects.filter(action__startswith="ensemble.", **about)
    return list(rows.order_by("id").values_list("action", flat=True))


class TestMaking:
    def test_the_families_are_asked_and_nobody_is_shown(self, db: None) -> None:
        teacher = make_user("Theo")
        (mia, _), (ben, _) = make_pupil(teacher, "Mia"), make_pupil(teacher, "Ben")
        ensemble = make_ensemble(teacher, mia, ben)
        rows = Membership.objects.filter(ensemble=ensemble)
        assert set(rows.values_list("teaching__student", "shown_name", "agreed_at")) == {
            (mia.pk, "", None),
            (ben.pk, "", None),
        }
        assert not Membership.objects.live().exists()
        assert actions() == ["ensemble.created", "ensemble.asked", "ensemble.asked"]

    def test_the_same_form_makes_one(self, db: None) -> None:
        teacher = make_user("Theo")
        given: dict[str, Any] = {"key": uuid4(), "teacher": teacher, "pupils": [], "now": NOW()}
        first = services.create_ensemble(name="Duet", **given)
        assert services.create_ensemble(name="Duet", **given) == first
        with pytest.raises(services.KeyIsTaken):
            services.create_ensemble(name="Trio", **given)
        with pytest.raises(services.KeyIsTaken):
            services.create_ensemble(name="Duet", **given | {"teacher": make_user("Thea")})
        assert Ensemble.objects.count() == 1

    def test_only_pupils_of_today_whose_family_has_joined(self, db: None) -> None:
        teacher = make_user("Theo")
        alone = make_student("Alone")
        make_teaching(teacher, alone)
        foreign, _ = make_pupil(make_user("Thea"), "Foreign")
        gone, _ = make_pupil(teacher, "Gone")
        end_teaching(teaching=teacher.teachings.get(student=gone), by=teacher, now=NOW())
        for student in (alone, foreign, gone):
            with pytest.raises(services.NotYourPupils):
                make_ensemble(teacher, student)
        assert not Ensemble.objects.exists()

    def test_who_is_there_is_asked_no_second_time(self, duo: Duo) -> None:
        zoe, _ = make_pupil(duo.teacher, "Zoe")
        for _ in range(2):
            services.ask_pupils(ensemble=duo.ensemble, pupils=[duo.mia.pk, zoe.pk], by=duo.teacher, now=NOW())
        assert Membership.objects.filter(ensemble=duo.ensemble).count() == 3
        assert membership_of(duo.ensemble, duo.mia).shown_name == "Mia"

    def test_limits(self, duo: Duo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MOST_ENSEMBLES", 1)
        monkeypatch.setattr(services, "MOST_MEMBERS", 2)
        with pytest.raises(services.TooMany):
            make_ensemble(duo.teacher)
        zoe, _ = make_pupil(duo.teacher, "Zoe")
        with pytest.raises(services.TooMany):
            services.ask_pupils(ensemble=duo.ensemble, pupils=[zoe.pk], by=duo.teacher, now=NOW())

    def test_an_ended_one_asks_nobody(self, duo: Duo) -> None:
        zoe, _ = make_pupil(duo.teacher, "Zoe")
        for _ in range(2):
            services.end_ensemble(ensemble=duo.ensemble, by=duo.teacher, now=NOW())
        assert not Membership.objects.exclude(shown_name="", agreed_by=None).exists()
        with pytest.raises(services.OverMeanwhile):
            services.ask_pupils(ensemble=duo.ensemble, pupils=[zoe.pk], by=duo.teacher, now=NOW())
        assert actions(target_id=duo.ensemble.pk) == ["ensemble.created", "ensemble.ended"]


class TestAgreeing:
    def test_another_name_takes_the_place_of_the_first(self, duo: Duo) -> None:
        found = agree(duo.ensemble, duo.mia, duo.mias, "Mimi")
        assert (found.shown_name, found.agreed_by) == ("Mimi", duo.mias)
        assert actions(target_id=found.pk) == ["ensemble.asked", "ensemble.agreed", "ensemble.agreed"]

    def test_not_by_the_teacher_nor_by_another_family(self, duo: Duo) -> None:
        for user in (duo.teacher, duo.bens, make_user("Stranger")):
            with pytest.raises(services.OverMeanwhile):
                agree(duo.ensemble, duo.mia, user, "Mimi")
        assert membership_of(duo.ensemble, duo.mia).shown_name == "Mia"

    def test_leaving_takes_the_name_and_may_be_asked_anew(self, duo: Duo) -> None:
        for _ in range(2):
            services.end_membership(membership=duo.mia_plays, by=duo.mias, now=NOW())
        duo.mia_plays.refresh_from_db()
        assert (duo.mia_plays.shown_name, duo.mia_plays.agreed_by) == ("", None)
        assert actions(target_id=duo.mia_plays.pk)[-2:] == ["ensemble.agreed", "ensemble.left"]
        with pytest.raises(services.OverMeanwhile):
            services.agree_to_play(membership=duo.mia_plays, shown_name="Mia", by=duo.mias, now=NOW())
        services.ask_pupils(ensemble=duo.ensemble, pupils=[duo.mia.pk], by=duo.teacher, now=NOW())
        assert membership_of(duo.ensemble, duo.mia).agreed_at is None


class TestSaying:
    def test_the_other_is_asked_and_the_entry_stays_as_it_is(self, duo: Duo) -> None:
        entry = duo.entry()
        before = PracticeEntry.objects.values().get(pk=entry.pk)
        part = duo.question(entry)
        assert (part.membership, part.state, part.entry) == (duo.ben_plays, PartState.ASKED, None)
        assert part.session.entry == entry
        assert PracticeEntry.objects.values().get(pk=entry.pk) == before

    def test_pressing_twice_asks_once(self, duo: Duo) -> None:
        entry = duo.entry()
        assert duo.question(entry) == duo.question(entry)
        assert GroupSession.objects.count() == GroupPart.objects.count() == 1

    def test_a_third_can_be_asked_later(self, duo: Duo) -> None:
        zoe, zoes = make_pupil(duo.teacher, "Zoe")
        services.ask_pupils(ensemble=duo.ensemble, pupils=[zoe.pk], by=duo.teacher, now=NOW())
        zoe_plays, entry = agree(duo.ensemble, zoe, zoes), duo.entry()
        first = duo.question(entry)
        second, third = ask_players(entry, duo.ben_plays, zoe_plays, by=duo.mias)
        assert (first, first.session) == (second, third.session)

    @pytest.mark.parametrize("content", [{"is_private": True}, {"addressed_to": "theirs"}])
    def test_what_not_every_teacher_reads_is_told_to_nobody(self, duo: Duo, content: dict[str, Any]) -> None:
        if "addressed_to" in content:
            content = {"addressed_to": duo.teacher.teachings.get(student=duo.mia)}
        with pytest.raises(services.OverMeanwhile):
            duo.question(duo.entry(**content))
        assert not GroupSession.objects.exists()

    def test_a_deleted_entry_tells_nobody(self, duo: Duo) -> None:
        entry = duo.entry()
        delete_entry(entry=entry, by=duo.mias, now=NOW())
        with pytest.raises(services.OverMeanwhile):
            duo.question(entry)

    def test_what_is_two_weeks_old_raises_no_question(self, duo: Duo) -> None:
        today = duo.mia.today(NOW())
        duo.question(duo.entry(practised_on=today - QUESTION_LIFE + timedelta(days=1)))
        with pytest.raises(services.SessionIsTooOld):
            duo.question(duo.entry(practised_on=today - QUESTION_LIFE))

    def test_nobody_is_named_whom_one_does_not_play_with(self, duo: Duo) -> None:
        """Not oneself, not somebody who has not agreed, not somebody of another ensemble."""
        zoe, zoes = make_pupil(duo.teacher, "Zoe")
        other = make_ensemble(duo.teacher, zoe, name="Trio")
        asked = membership_of(other, zoe)
        entry = duo.entry()
        for players in ([duo.mia_plays], [asked], [duo.ben_plays, asked], []):
            with pytest.raises(services.NotAPlayer):
                ask_players(entry, *players, by=duo.mias)
        foreign = agree(other, zoe, zoes)
        with pytest.raises(services.NotAPlayer):
            ask_players(entry, foreign, by=duo.mias)
        with pytest.raises(services.SeveralEnsembles):
            ask_players(entry, foreign, duo.ben_plays, by=duo.mias)
        assert not GroupPart.objects.exists()

    def test_an_entry_is_one_session_of_one_ensemble(self, duo: Duo) -> None:
        other = make_ensemble(duo.teacher, duo.mia, duo.ben, name="Trio")
        agree(other, duo.mia, duo.mias)
        there = agree(other, duo.ben, duo.bens)
        entry = duo.entry()
        part = duo.question(entry)
        with pytest.raises(services.PlayedOtherwise):
            ask_players(entry, there, by=duo.mias)
        bens = services.confirm_part(part=part, by=duo.bens, minutes=10, now=NOW())
        zoe, zoes = make_pupil(duo.teacher, "Zoe")
        services.ask_pupils(ensemble=duo.ensemble, pupils=[zoe.pk], by=duo.teacher, now=NOW())
        with pytest.raises(services.PlayedOtherwise):
            ask_players(bens, agree(duo.ensemble, zoe, zoes), by=duo.bens)

    def test_nobody_is_asked_without_end(self, duo: Duo, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever came of the questions: a no would tell by it."""
        monkeypatch.setattr(services, "MOST_QUESTIONS", 2)
        services.decline_part(part=duo.question(), by=duo.bens, now=NOW())
        duo.question()
        with pytest.raises(services.TooOften):
            duo.question()
        GroupPart.objects.update(asked_at=NOW() - QUESTION_LIFE - timedelta(hours=1))
        duo.question()


class TestAnswering:
    def test_yes_makes_an_entry_of_ones_own(self, duo: Duo) -> None:
        part = duo.question(duo.entry(minutes=30, notes="Mia's own words", enjoyment=5))
        entry = services.confirm_part(part=part, by=duo.bens, minutes=25, now=NOW())
        part.refresh_from_db()
        assert (part.state, part.entry) == (PartState.CONFIRMED, entry)
        assert (entry.student, entry.logged_by, entry.minutes) == (duo.ben, duo.bens, 25)
        assert part.session.entry is not None
        assert entry.practised_on == part.session.entry.practised_on
        assert [line.title for line in entry.shown_lines] == ["Duet"]
        assert (entry.notes, entry.enjoyment, entry.is_private) == ("", None, False)

    def test_yes_twice_is_one_entry(self, duo: Duo) -> None:
        part = duo.question()
        first = services.confirm_part(part=part, by=duo.bens, minutes=25, now=NOW())
        assert services.confirm_part(part=part, by=duo.bens, minutes=40, now=NOW()) == first
        assert PracticeEntry.objects.filter(student=duo.ben).get().minutes == 25

    def test_yes_with_an_entry_that_is_there(self, duo: Duo) -> None:
        part, mine = duo.question(), make_entry(duo.ben, duo.bens, minutes=12)
        assert services.confirm_part(part=part, by=duo.bens, entry=mine, now=NOW()) == mine
        assert PracticeEntry.objects.filter(student=duo.ben).count() == 1

    def test_no_entry_of_others_of_another_day_or_tied_already(self, duo: Duo) -> None:
        first, second = duo.question(), duo.question()
        mine = make_entry(duo.ben, duo.bens)
        services.confirm_part(part=first, by=duo.bens, entry=mine, now=NOW())
        yesterday = duo.ben.today(NOW()) - timedelta(days=1)
        wrong = [
            mine,
            duo.entry(),
            make_entry(duo.ben, duo.bens, practised_on=yesterday),
            make_entry(duo.ben, duo.bens, is_private=True),
        ]
        for entry in wrong:
            with pytest.raises(services.PlayedOtherwise):
                services.confirm_part(part=second, by=duo.bens, entry=entry, now=NOW())

    def test_what_the_diary_refuses_answers_nothing(self, duo: Duo) -> None:
        part = duo.question()
        with pytest.raises(SessionIsTooLong):
            services.confirm_part(part=part, by=duo.bens, minutes=301, now=NOW())
        for _ in range(4):
            make_entry(duo.ben, duo.bens, minutes=300)
        with pytest.raises(DayIsTooLong):
            services.confirm_part(part=part, by=duo.bens, minutes=241, now=NOW())
        part.refresh_from_db()
        assert part.state == PartState.ASKED

    def test_no_writes_nothing_and_is_no_yes_later(self, duo: Duo) -> None:
        part = duo.question()
        for _ in range(2):
            services.decline_part(part=part, by=duo.bens, now=NOW())
        with pytest.raises(services.OverMeanwhile):
            services.confirm_part(part=part, by=duo.bens, minutes=10, now=NOW())
        assert not PracticeEntry.objects.filter(student=duo.ben).exists()
        yes = duo.question()
        services.confirm_part(part=yes, by=duo.bens, minutes=10, now=NOW())
        with pytest.raises(services.OverMeanwhile):
            services.decline_part(part=yes, by=duo.bens, now=NOW())

    def test_nobody_answers_for_another_family(self, duo: Duo) -> None:
        part = duo.question()
        for user in (duo.mias, duo.teacher, make_user("Stranger")):
            with pytest.raises(services.OverMeanwhile):
                services.confirm_part(part=part, by=user, minutes=10, now=NOW())
            with pytest.raises(services.OverMeanwhile):
                services.decline_part(part=part, by=user, now=NOW())

    def test_where_nothing_may_be_kept_nothing_is(self, duo: Duo) -> None:
        part = duo.question()
        type(duo.ben).objects.filter(pk=duo.ben.pk).update(collecting=False)
        with pytest.raises((services.OverMeanwhile, CollectionIsOff)):
            services.confirm_part(part=part, by=duo.bens, minutes=10, now=NOW())
        assert not PracticeEntry.objects.filter(student=duo.ben).exists()


def test_questions_are_forgotten_and_confirmed_sessions_stay(duo: Duo) -> None:
    _asked, declined, confirmed = duo.question(), duo.question(), duo.question()
    services.decline_part(part=declined, by=duo.bens, now=NOW())
    services.confirm_part(part=confirmed, by=duo.bens, minutes=5, now=NOW())
    services.forget_questions(now=NOW())
    assert GroupPart.objects.count() == GroupSession.objects.count() == 3
    services.forget_questions(now=NOW() + QUESTION_LIFE + timedelta(minutes=1))
    assert list(GroupPart.objects.all()) == [confirmed]
    # That they played with others is the entry's own, and its end would tell that nobody said yes.
    assert GroupSession.objects.count() == 3
    GroupSession.objects.update(entry=None)
    services.forget_questions(now=NOW())
    assert list(GroupSession.objects.all()) == [confirmed.session]
    assert PracticeEntry.objects.filter(student=duo.mia).count() == 3


def test_names_go_when_the_lessons_are_over_and_stay_in_a_pause(duo: Duo) -> None:
    """The others read them no more from the end of the lessons on; here they leave the table."""
    mias, bens = (duo.teacher.teachings.get(student=each) for each in (duo.mia, duo.ben))
    end_teaching(teaching=mias, by=duo.mias, now=NOW())
    pause_teaching(teaching=bens, by=duo.bens, since=NOW(), reason="", now=NOW())
    services.forget_names(now=NOW())
    for row in (duo.mia_plays, duo.ben_plays):
        row.refresh_from_db()
    assert (duo.mia_plays.shown_name, duo.mia_plays.agreed_by, duo.mia_plays.ended_at is None) == (
        "",
        None,
        False,
    )
    assert (duo.ben_plays.shown_name, duo.ben_plays.ended_at) == ("Ben", None)


def test_what_somebody_holds_stays_until_they_let_go(duo: Duo) -> None:
    staff = make_user("Staff")
    hold = make_hold(duo.ben, staff)
    part, late = duo.question(), NOW() + QUESTION_LIFE + timedelta(minutes=1)
    end_teaching(teaching=duo.teacher.teachings.get(student=duo.ben), by=duo.bens, now=NOW())

    def left() -> tuple[bool, str]:
        services.forget_questions(now=late)
        services.forget_names(now=late)
        duo.ben_plays.refresh_from_db()
        return GroupPart.objects.filter(pk=part.pk).exists(), duo.ben_plays.shown_name

    assert left() == (True, "Ben")
    # Read it is by nobody.
    found = queries.together_of(duo.mias, part.session.entry or duo.entry())
    assert (found and found.asked, queries.news_of(duo.mia, duo.mias).players[0].others) == ([], [])
    lift_hold(hold=hold, by=staff, now=NOW())
    assert left() == (False, "")


def test_lessons_that_go_on_bring_no_second_place(duo: Duo) -> None:
    """Asked anew by other lessons, while the first pause: the first place does not come back beside it."""
    first = duo.teacher.teachings.get(student=duo.mia)
    pause_teaching(teaching=first, by=duo.mias, since=NOW(), reason="", now=NOW())
    make_teaching(duo.teacher, duo.mia, "Flute")
    services.ask_pupils(ensemble=duo.ensemble, pupils=[duo.mia.pk], by=duo.teacher, now=NOW())
    agree(duo.ensemble, duo.mia, duo.mias, "Mimi")
    resume_teaching(teaching=first, by=duo.mias, now=NOW())
    live = Membership.objects.live().filter(teaching__student=duo.mia)
    assert [row.shown_name for row in live] == ["Mimi"]


class TestBothSaySo:
    """The second is the answer to the first: nobody's minutes count twice."""

    def test_the_own_entry_becomes_the_answer(self, duo: Duo) -> None:
        part, bens = duo.question(), make_entry(duo.ben, duo.bens)
        for _ in range(2):
            session = services.say_together(entry=bens, players=[duo.mia_plays.pk], by=duo.bens, now=NOW())
        part.refresh_from_db()
        assert (session, part.state, part.entry) == (part.session, PartState.CONFIRMED, bens)
        assert GroupSession.objects.count() == GroupPart.objects.count() == 1
        found = queries.together_of(duo.mias, part.session.entry or bens)
        assert found is not None
        assert found.names == ["Ben"]

    def test_also_after_a_no(self, duo: Duo) -> None:
        part = duo.question()
        services.decline_part(part=part, by=duo.bens, now=NOW())
        bens = make_entry(duo.ben, duo.bens)
        services.say_together(entry=bens, players=[duo.mia_plays.pk], by=duo.bens, now=NOW())
        part.refresh_from_db()
        assert (part.state, part.entry) == (PartState.CONFIRMED, bens)

    def test_not_of_another_day_nor_what_is_hidden_since(self, duo: Duo) -> None:
        yesterday = duo.mia.today(NOW()) - timedelta(days=1)
        duo.question(duo.entry(practised_on=yesterday))
        hidden = duo.entry()
        duo.question(hidden)
        PracticeEntry.objects.filter(pk=hidden.pk).update(is_private=True)
        bens = make_entry(duo.ben, duo.bens)
        (part,) = ask_players(bens, duo.mia_plays, by=duo.bens)
        assert (part.state, part.session.entry) == (PartState.ASKED, bens)

    def test_whoever_names_a_third_asks_unless_the_first_has(self, duo: Duo) -> None:
        zoe, zoes = make_pupil(duo.teacher, "Zoe")
        services.ask_pupils(ensemble=duo.ensemble, pupils=[zoe.pk], by=duo.teacher, now=NOW())
        zoe_plays = agree(duo.ensemble, zoe, zoes)
        both = [duo.mia_plays.pk, zoe_plays.pk]
        yesterday = duo.mia.today(NOW()) - timedelta(days=1)
        duo.question(duo.entry(practised_on=yesterday))
        bens = make_entry(duo.ben, duo.bens, practised_on=yesterday)
        own = services.say_together(entry=bens, players=both, by=duo.bens, now=NOW())
        assert own.entry == bens
        assert own.parts.count() == 2
        ask_players(duo.entry(), duo.ben_plays, zoe_plays, by=duo.mias)
        later = make_entry(duo.ben, duo.bens)
        theirs = services.say_together(entry=later, players=both, by=duo.bens, now=NOW())
        assert theirs.membership == duo.mia_plays

    def test_who_came_back_says_it_as_who_they_are_now(self, duo: Duo) -> None:
        """A place of before is shown nobody, so what was said there would ask nobody."""
        entry = duo.entry()
        duo.question(entry)
        services.end_membership(membership=duo.mia_plays, by=duo.mias, now=NOW())
        services.ask_pupils(ensemble=duo.ensemble, pupils=[duo.mia.pk], by=duo.teacher, now=NOW())
        again = agree(duo.ensemble, duo.mia, duo.mias, "Mimi")
        assert not GroupPart.objects.open().exists()
        session = services.say_together(entry=entry, players=[duo.ben_plays.pk], by=duo.mias, now=NOW())
        assert session.membership == again
        assert [each.name for each in queries.news_of(duo.ben, duo.bens).questions] == ["Mimi"]
