"""Challenges as families join them: counted from diaries, and never who did more."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.assignments import services
from apps.assignments.challenge_queries import (
    FEW,
    Standing,
)
from apps.assignments.challenge_words import family_words, standing_words
from apps.assignments.models import Challenge
from apps.core.models import AuditEvent
from apps.practice import services as diary
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import end_teaching
from apps.repertoire.services import GoneMeanwhile
from apps.safeguarding.models import Report
from tests.conftest import Cast
from tests.factories.accounts import make_student, make_user
from tests.factories.challenges import (
    asked,
    far,
    join,
    make_challenge,
    place_challenge,
    place_participation,
    pupils,
    seen_by_family,
)
from tests.factories.practice import make_entry
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
LIST = reverse("assignments:challenge-list")


@pytest.fixture
def ben(db: None) -> tuple[Student, User, Teaching]:
    """A child without any entry, the guardian, and the lessons with a teacher of its own."""
    return pupils(make_user("Teacher of Ben"), 1)[0]


def today_of(cast: Cast) -> date:
    return cast.student.today(timezone.now())


class TestAnswering:
    def test_a_guardian_says_yes_and_no_and_yes(self, cast: Cast, as_user: SignIn) -> None:
        part = asked(make_challenge(cast.teaching), cast.student)
        client = as_user(cast.user("guardian"))
        address = reverse("assignments:participation-answer", args=[part.pk])
        for answer, is_in in (("yes", True), ("no", False), ("yes", True)):
            back = client.post(address, {"answer": answer})
            assert back["Location"] == reverse("assignments:student-challenges", args=[cast.student.pk])
            part.refresh_from_db()
            assert (part.is_in, part.answered_by) == (is_in, cast.user("guardian"))
        actions = AuditEvent.objects.filter(action__startswith="challenge.").exclude(action="challenge.set")
        assert sorted(actions.values_list("action", flat=True)) == [
            "challenge.joined",
            "challenge.joined",
            "challenge.left",
        ]

    def test_a_minor_says_no_and_not_yes(self, cast: Cast, as_user: SignIn) -> None:
        part = asked(make_challenge(cast.teaching), cast.student)
        client = as_user(cast.user("student"))
        address = reverse("assignments:participation-answer", args=[part.pk])
        page = client.get(reverse("assignments:student-challenges", args=[cast.student.pk]))
        assert "Ask a grown-up of your family" in page.content.decode()
        assert client.post(address, {"answer": "yes"}).status_code == 403
        join(part.challenge, cast.student, cast.user("guardian"))
        assert client.post(address, {"answer": "no"}).status_code == 302
        part.refresh_from_db()
        assert not part.is_in

    def test_what_a_guardian_said_ends_with_them(self, cast: Cast) -> None:
        row = make_challenge(cast.teaching)
        join(row, cast.student, cast.user("guardian"))
        assert far(row).people == 1
        Guardianship.objects.filter(guardian=cast.user("guardian")).update(ended_at=timezone.now())
        assert far(row).people == 0
        join(row, cast.student, cast.user("second_guardian"))
        assert far(row).people == 1

    @pytest.mark.parametrize("change", ["ended_at", "paused_at"])
    def test_who_leaves_the_teacher_counts_no_more(self, cast: Cast, change: str) -> None:
        row = make_challenge(cast.teaching)
        join(row, cast.student, cast.user("guardian"))
        Teaching.objects.filter(pk=cast.teaching.pk).update(**{change: timezone.now() - timedelta(seconds=1)})
        assert far(row).people == 0
        assert seen_by_family(cast.student) == []

    def test_when_it_was_taken_back_a_second_ago(self, cast: Cast, as_user: SignIn) -> None:
        row = make_challenge(cast.teaching)
        part = asked(row, cast.student)
        services.take_back_challenge(challenge=row, by=cast.user("teacher"), now=timezone.now())
        with pytest.raises(GoneMeanwhile):
            services.answer_challenge(
                participation=part, is_in=True, by=cast.user("guardian"), now=timezone.now()
            )
        address = reverse("assignments:participation-answer", args=[part.pk])
        assert as_user(cast.user("guardian")).post(address, {"answer": "yes"}).status_code == 404


class TestCounting:
    def test_sessions_minutes_and_days_of_its_days_alone(self, ben: tuple[Student, User, Teaching]) -> None:
        student, by, lessons = ben
        today = student.today(timezone.now())
        first = today - timedelta(days=2)
        rows = {
            measure: make_challenge(
                lessons, measure=measure, target=200, starts_on=first, ends_on=today + timedelta(days=1)
            )
            for measure in ("sessions", "minutes", "days")
        }
        for row in rows.values():
            join(row, student, by)
        for days in (0, 0, 2, 3):
            make_entry(student, by, practised_on=today - timedelta(days=days), minutes=20)
        found = {name: far(row).reached for name, row in rows.items()}
        assert found == {"sessions": 3, "minutes": 60, "days": 2}

    def test_private_sessions_and_those_for_another_teacher_never_count(
        self, ben: tuple[Student, User, Teaching]
    ) -> None:
        student, by, lessons = ben
        row, other = make_challenge(lessons), make_teaching(make_user("Another"), student, "Flute")
        join(row, student, by)
        make_entry(student, by, is_private=True)
        make_entry(student, by, addressed_to=other)
        assert far(row).reached == 0
        make_entry(student, by, addressed_to=lessons)
        assert far(row).reached == 1

    def test_deleted_it_counts_no_more(self, ben: tuple[Student, User, Teaching]) -> None:
        student, by, lessons = ben
        row = make_challenge(lessons)
        join(row, student, by)
        entry = make_entry(student, by)
        assert far(row).reached == 1
        diary.delete_entry(entry=entry, by=by, now=timezone.now())
        assert far(row).reached == 0

    def test_who_does_not_take_part_adds_nothing(self, cast: Cast) -> None:
        row = make_challenge(cast.teaching)
        make_entry(cast.student, cast.user("guardian"))
        assert far(row) == Standing(0, 10, 0)
        assert standing_words(row, far(row)) == "Nobody takes part yet."

    def test_each_for_themselves(self, db: None) -> None:
        found = pupils(make_user("Teacher of two"), 2)
        row = make_challenge(*(each[2] for each in found), aim="each", target=2)
        for number, (student, guardian, _lessons) in enumerate(found):
            join(row, student, guardian)
            for _session in range(number + 1):
                make_entry(student, guardian)
        assert far(row) == Standing(reached=1, size=2, people=2)
        assert standing_words(row, far(row)) == "1 of 2 have got there"
        first, second = (seen_by_family(each[0])[0] for each in found)
        assert (first.mine, first.is_mine_reached) == (1, False)
        assert (second.mine, second.is_mine_reached) == (2, True)

    @given(parts=st.lists(st.integers(0, 40), min_size=0, max_size=8), target=st.integers(1, 100))
    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_few_learn_no_sum(self, parts: list[int], target: int) -> None:
        standing = Standing(sum(parts), target, len(parts))
        assert standing.is_few is (len(parts) < FEW)
        assert 0 <= standing.quarters <= 4
        assert (standing.quarters == 4) is (sum(parts) >= target)


class TestWhatFamiliesSee:
    def test_of_few_quarters_and_no_number(self, db: None, as_user: SignIn) -> None:
        found = pupils(make_user("Teacher of many"), FEW)
        row = make_challenge(*(each[2] for each in found), target=8)
        for student, guardian, _lessons in found[:-1]:
            join(row, student, guardian)
        for _session in range(5):
            make_entry(found[0][0], found[0][1])
        student, guardian, _lessons = found[1]
        (seen,) = seen_by_family(student)
        assert family_words(seen) == "Half of the way"
        page = as_user(guardian).get(reverse("assignments:student-challenges", args=[student.pk]))
        text = page.content.decode()
        assert "5 of 8" not in text
        assert '<progress value="2" max="4"' in text
        assert found[0][0].name not in text
        join(row, found[-1][0], found[-1][1])
        text = (
            as_user(guardian)
            .get(reverse("assignments:student-challenges", args=[student.pk]))
            .content.decode()
        )
        assert "5 of 8" in text
        assert found[0][0].name not in text

    def test_on_the_first_pages(self, cast: Cast, as_user: SignIn) -> None:
        row = make_challenge(cast.teaching)
        pages = {"student": "home:student", "guardian": "parent_portal:overview"}
        for who, page in pages.items():
            text = as_user(cast.user(who)).get(reverse(page)).content.decode()
            assert "Ten before Sunday" in text
            assert "Take part? Nobody has answered yet." in text
        join(row, cast.student, cast.user("guardian"))
        for _session in range(3):
            make_entry(cast.student, cast.user("guardian"))
        for who, page in pages.items():
            text = as_user(cast.user(who)).get(reverse(page)).content.decode()
            assert "A quarter of the way" in text
        part = asked(row, cast.student)
        services.answer_challenge(
            participation=part, is_in=False, by=cast.user("guardian"), now=timezone.now()
        )
        for who, page in pages.items():
            assert "Ten before Sunday" not in as_user(cast.user(who)).get(reverse(page)).content.decode()

    def test_an_adult_decides_alone(self, cast: Cast, as_user: SignIn) -> None:
        adult = make_student("Ada", user=cast.user("stranger"), age_band=AgeBand.ADULT)
        lessons = make_teaching(cast.user("teacher"), adult)
        part = asked(make_challenge(lessons), adult)
        client = as_user(cast.user("stranger"))
        address = reverse("assignments:participation-answer", args=[part.pk])
        assert client.post(address, {"answer": "yes"}).status_code == 302
        part.refresh_from_db()
        assert part.is_in


class TestClosing:
    def over(self, cast: Cast, days: int, **fields: Any) -> Challenge:
        """One whose last day was so many days ago, with Mia in it and three sessions."""
        last = today_of(cast) - timedelta(days=days)
        row = place_challenge(
            cast.user("teacher"),
            today_of(cast),
            target=3,
            starts_on=last - timedelta(days=6),
            ends_on=last,
            **fields,
        )
        place_participation(row, cast.teaching, cast.user("guardian"))
        for _session in range(3):
            make_entry(cast.student, cast.user("guardian"), practised_on=last)
        return row

    def test_what_was_reached_stays_reached(self, cast: Cast) -> None:
        row = self.over(cast, 10)
        assert services.close_challenges(now=timezone.now()) == 1
        assert services.close_challenges(now=timezone.now()) == 0
        row.refresh_from_db()
        assert (row.result, row.people) == (3, 1)
        end_teaching(teaching=cast.teaching, by=cast.user("guardian"), now=timezone.now())
        assert far(row) == Standing(3, 3, 1)
        (seen,) = seen_by_family(cast.student)
        assert (seen.is_over, seen.standing.is_reached, seen.mine) == (True, True, None)

    def test_there_are_days_to_write_down_what_was_done(self, cast: Cast) -> None:
        row = self.over(cast, 2)
        assert services.close_challenges(now=timezone.now()) == 0
        entry = make_entry(cast.student, cast.user("guardian"), practised_on=row.ends_on)
        assert far(row).reached == 4
        diary.delete_entry(entry=entry, by=cast.user("guardian"), now=timezone.now())
        assert far(row).reached == 3

    def test_what_was_taken_back_is_not_counted(self, cast: Cast) -> None:
        row = self.over(cast, 10, ended_at=timezone.now())
        assert services.close_challenges(now=timezone.now()) == 0
        row.refresh_from_db()
        assert row.result is None

    def test_closed_nobody_joins_or_leaves(self, cast: Cast, as_user: SignIn) -> None:
        row = self.over(cast, 10)
        services.close_challenges(now=timezone.now())
        part = asked(row, cast.student)
        address = reverse("assignments:participation-answer", args=[part.pk])
        for answer in ("yes", "no"):
            assert as_user(cast.user("guardian")).post(address, {"answer": answer}).status_code == 403
        remove = reverse("assignments:participation-remove", args=[part.pk])
        assert as_user(cast.user("teacher")).post(remove).status_code == 404

    def test_lists_of_the_teacher_and_the_family(self, cast: Cast, as_user: SignIn) -> None:
        row = self.over(cast, 10)
        services.close_challenges(now=timezone.now())
        for who, address in (
            ("teacher", LIST),
            ("guardian", reverse("assignments:student-challenges", args=[cast.student.pk])),
        ):
            answer = as_user(cast.user(who)).get(address)
            assert [each.row.pk for each in answer.context["over"]] == [row.pk]
            assert not answer.context["running"]

    def test_a_report_holds_its_words(self, cast: Cast, as_user: SignIn) -> None:
        part = asked(make_challenge(cast.teaching, description="Faster than Ben"), cast.student)
        address = reverse("assignments:participation-report", args=[part.pk])
        answer = as_user(cast.user("guardian")).post(address, {"category": "other", "words": "Hm."})
        assert answer.status_code == 302
        report = Report.objects.get()
        assert (report.kind, report.author) == ("challenge", cast.user("teacher"))
        assert report.evidence == "Ten before Sunday\nFaster than Ben"
