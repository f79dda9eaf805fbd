"""Challenges as their teacher sets them: asked, taken out, taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.assignments import services
from apps.assignments.challenge_queries import (
    Standing,
)
from apps.assignments.models import LONGEST_DAYS, Challenge, Participation
from apps.assignments.services.challenges import MOST_RUNNING
from apps.core.models import AuditEvent
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import end_teaching
from apps.repertoire.services import GoneMeanwhile, KeyIsTaken
from tests.conftest import Cast
from tests.factories.accounts import make_user
from tests.factories.challenges import (
    asked,
    content,
    far,
    join,
    make_challenge,
    place_challenge,
    pupils,
    seen_by_family,
)
from tests.factories.ensembles import make_ensemble
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
LIST = reverse("assignments:challenge-list")
ADD = reverse("assignments:challenge-add")


@pytest.fixture
def ben(db: None) -> tuple[Student, User, Teaching]:
    """A child without any entry, the guardian, and the lessons with a teacher of its own."""
    return pupils(make_user("Teacher of Ben"), 1)[0]


def today_of(cast: Cast) -> date:
    return cast.student.today(timezone.now())


def sent(cast: Cast, **fields: Any) -> dict[str, Any]:
    usual = {
        "key": str(uuid4()),
        "title": "Ten before Sunday",
        "description": "Scales count, too.",
        "aim": "together",
        "target": "10",
        "measure": "sessions",
        "starts_on": today_of(cast).isoformat(),
        "ends_on": (today_of(cast) + timedelta(days=6)).isoformat(),
        "students": [str(cast.teaching.pk)],
    }
    return usual | fields


class TestSetting:
    def test_sent_twice_it_is_set_once_and_families_are_asked(self, cast: Cast, as_user: SignIn) -> None:
        client, fields = as_user(cast.user("teacher")), sent(cast)
        for _time in range(2):
            answer = client.post(ADD, fields)
        row = Challenge.objects.get()
        assert answer["Location"] == reverse("assignments:challenge-detail", args=[row.pk])
        assert (row.title, row.target, row.aim, row.measure) == (
            "Ten before Sunday",
            10,
            "together",
            "sessions",
        )
        part = Participation.objects.get()
        assert (part.teaching, part.is_in, part.answered_at) == (cast.teaching, False, None)
        assert AuditEvent.objects.filter(action="challenge.set", actor=cast.user("teacher")).count() == 1

    def test_a_student_of_two_instruments_is_asked_once(self, cast: Cast, as_user: SignIn) -> None:
        second = make_teaching(cast.user("teacher"), cast.student, "Flute")
        client = as_user(cast.user("teacher"))
        offered = client.get(ADD).context["form"].fields["students"].choices
        assert [key for key, _name in offered] in ([str(cast.teaching.pk)], [str(second.pk)])
        row = make_challenge(cast.teaching, second)
        assert row.participations.count() == 1

    def test_everybody_in_an_ensemble_is_asked(self, cast: Cast, as_user: SignIn) -> None:
        ben, _bens, _lessons = pupils(cast.user("teacher"), 1)[0]
        ensemble = make_ensemble(cast.user("teacher"), cast.student, ben)
        as_user(cast.user("teacher")).post(ADD, sent(cast, students=[], groups=[str(ensemble.pk)]))
        found = Participation.objects.values_list("teaching__student", flat=True)
        assert set(found) == {cast.student.pk, ben.pk}

    def test_all_my_students(self, cast: Cast, as_user: SignIn) -> None:
        client = as_user(cast.user("teacher"))
        assert "groups" not in client.get(ADD).context["form"].fields
        ben, _bens, _lessons = pupils(cast.user("teacher"), 1)[0]
        (everybody,) = client.get(ADD).context["form"].fields["groups"].choices
        assert everybody[1] == "All my students"
        client.post(ADD, sent(cast, students=[], groups=[everybody[0]]))
        found = Participation.objects.values_list("teaching__student", flat=True)
        assert set(found) == {cast.student.pk, ben.pk}

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("title", "", "Please fill this in."),
            ("title", "x" * 61, "at most 60 characters"),
            ("target", "0", "A whole number from 1 to 100000, please."),
            ("target", "many", "A whole number from 1 to 100000, please."),
            ("measure", "stars", "Select a valid choice"),
            ("ends_on", "2026-02-30", "Enter a valid date."),
            ("students", [], "Choose at least one student."),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, field: str, value: Any, words: str
    ) -> None:
        answer = as_user(cast.user("teacher")).post(ADD, sent(cast, **{field: value}))
        assert list(answer.context["form"].errors) == [field]
        assert words in str(answer.context["form"].errors[field])
        assert "Scales count, too." in answer.content.decode()
        assert not Challenge.objects.exists()

    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [
            (0, -1, "The last day comes before the first."),
            (-9, -2, "That day is over already."),
            (0, LONGEST_DAYS, "A challenge has 92 days at most."),
        ],
    )
    def test_days_that_cannot_be(
        self, cast: Cast, as_user: SignIn, first: int, last: int, words: str
    ) -> None:
        days = {"starts_on": first, "ends_on": last}
        fields = {name: (today_of(cast) + timedelta(days=shift)).isoformat() for name, shift in days.items()}
        answer = as_user(cast.user("teacher")).post(ADD, sent(cast, **fields))
        assert answer.context["form"].errors["ends_on"] == [words]
        assert not Challenge.objects.exists()

    def test_the_longest_that_can_be(self, cast: Cast) -> None:
        last = today_of(cast) + timedelta(days=LONGEST_DAYS - 1)
        assert make_challenge(cast.teaching, ends_on=last).ends_on == last

    def test_whoever_left_a_second_ago_is_not_asked(self, cast: Cast, as_user: SignIn) -> None:
        fields = sent(cast)
        end_teaching(teaching=cast.teaching, by=cast.user("guardian"), now=timezone.now())
        ben = pupils(cast.user("teacher"), 1)[0][2]
        client = as_user(cast.user("teacher"))
        answer = client.post(ADD, fields)
        assert list(answer.context["form"].errors) == ["students"]
        client.post(ADD, sent(cast, students=[str(cast.teaching.pk), str(ben.pk)]))
        # What the page offered last, a choice that is none any more is told as one.
        assert not Participation.objects.filter(teaching=cast.teaching).exists()

    def test_of_whom_nothing_may_be_written_nobody_is_asked(self, cast: Cast) -> None:
        ben, _bens, lessons = pupils(cast.user("teacher"), 1)[0]
        Student.objects.filter(pk=ben.pk).update(collecting=False)
        row, left_out = services.set_challenge(
            key=uuid4(),
            teachings=[cast.teaching.pk, lessons.pk],
            by=cast.user("teacher"),
            content=content(today_of(cast)),
            now=timezone.now(),
        )
        assert left_out == ["Pupil 0"]
        assert [each.teaching for each in row.participations.all()] == [cast.teaching]

    def test_only_so_many_run_at_once(self, cast: Cast, as_user: SignIn) -> None:
        for _number in range(MOST_RUNNING):
            place_challenge(cast.user("teacher"), today_of(cast))
        answer = as_user(cast.user("teacher")).post(ADD, sent(cast))
        assert "30 challenges are running already. Take one back first." in answer.content.decode()
        Challenge.objects.filter(pk=Challenge.objects.all()[0].pk).update(ended_at=timezone.now())
        assert as_user(cast.user("teacher")).post(ADD, sent(cast)).status_code == 302

    def test_nobody_takes_anothers_key(self, cast: Cast) -> None:
        row = make_challenge(cast.teaching)
        with pytest.raises(KeyIsTaken):
            services.set_challenge(
                key=row.pk,
                teachings=[cast.second_teaching.pk],
                by=cast.user("second_teacher"),
                content=content(today_of(cast)),
                now=timezone.now(),
            )

    def test_another_one_like_this(self, cast: Cast, as_user: SignIn) -> None:
        row = make_challenge(cast.teaching, title="Softly", target=7, measure="days", aim="each")
        form = as_user(cast.user("teacher")).get(f"{ADD}?like={row.pk}").context["form"]
        assert [form[name].value() for name in ("title", "target", "measure", "aim")] == [
            "Softly",
            7,
            "days",
            "each",
        ]
        other = as_user(cast.user("second_teacher")).get(f"{ADD}?like={row.pk}").context["form"]
        assert not other["title"].value()


class TestAsking:
    def test_more_families_and_nobody_twice(self, cast: Cast, as_user: SignIn) -> None:
        row, (ben, _bens, lessons) = make_challenge(cast.teaching), pupils(cast.user("teacher"), 1)[0]
        client = as_user(cast.user("teacher"))
        address = reverse("assignments:challenge-detail", args=[row.pk])
        offered = client.get(address).context["form"].fields["students"].choices
        assert [key for key, _name in offered] == [str(lessons.pk)]
        assert client.post(address, {"students": [str(lessons.pk)]})["Location"] == address
        services.ask_more(challenge=row, teachings=[lessons.pk], by=cast.user("teacher"), now=timezone.now())
        assert row.participations.filter(teaching__student=ben).count() == 1

    def test_when_it_is_over_or_taken_back_nobody_is_asked(self, cast: Cast) -> None:
        lessons = pupils(cast.user("teacher"), 1)[0][2]
        over = place_challenge(
            cast.user("teacher"),
            today_of(cast),
            starts_on=today_of(cast) - timedelta(days=9),
            ends_on=today_of(cast) - timedelta(days=2),
        )
        gone = place_challenge(cast.user("teacher"), today_of(cast), ended_at=timezone.now())
        for row, error in ((over, services.LastDayIsOver), (gone, GoneMeanwhile)):
            with pytest.raises(error):
                services.ask_more(
                    challenge=row, teachings=[lessons.pk], by=cast.user("teacher"), now=timezone.now()
                )
        assert not Participation.objects.exists()

    def test_who_was_asked_by_mistake_is_taken_out(self, cast: Cast, as_user: SignIn) -> None:
        row = make_challenge(cast.teaching)
        part = join(row, cast.student, cast.user("guardian"))
        assert far(row).people == 1
        answer = as_user(cast.user("teacher")).post(
            reverse("assignments:participation-remove", args=[part.pk])
        )
        assert answer["Location"] == reverse("assignments:challenge-detail", args=[row.pk])
        assert not Participation.objects.exists()
        assert far(row) == Standing(0, 10, 0)

    def test_taken_back_it_leaves_every_page(self, cast: Cast, as_user: SignIn) -> None:
        row = make_challenge(cast.teaching)
        join(row, cast.student, cast.user("guardian"))
        client, address = (
            as_user(cast.user("teacher")),
            reverse("assignments:challenge-end", args=[row.pk]),
        )
        assert "Take Ten before Sunday back?" in client.get(address).content.decode()
        assert client.post(address)["Location"] == LIST
        assert seen_by_family(cast.student) == []
        assert "Ten before Sunday" not in client.get(LIST).content.decode().split("<main")[1]
        assert client.post(address).status_code == 404


def test_a_message_says_who_is_not_asked_any_more(cast: Cast, as_user: SignIn) -> None:
    part = asked(make_challenge(cast.teaching), cast.student)
    answer = as_user(cast.user("teacher")).post(reverse("assignments:participation-remove", args=[part.pk]))
    (said,) = get_messages(answer.wsgi_request)
    assert str(said) == f"{cast.student.name} is not asked any more."
