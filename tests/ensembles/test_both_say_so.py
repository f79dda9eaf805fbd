"""Two who say the same of one session: one entry each, and nobody is asked twice."""

from datetime import timedelta

from apps.ensembles import queries, services
from apps.ensembles.models import GroupPart, GroupSession, PartState
from apps.practice.models import PracticeEntry
from tests.factories.ensembles import agree, ask_players, make_pupil
from tests.factories.practice import make_entry

from .conftest import Duo
from .test_services import NOW


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
