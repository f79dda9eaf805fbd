"""A name among forty."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.desk.models import Snooze
from apps.home.queries.roster import SHORT
from tests.factories.accounts import make_student, make_user
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
FIELD = 'id="find-student"'


@pytest.fixture
def teacher(db: None) -> User:
    teacher = make_user("Teacher")
    for number in range(SHORT):
        make_teaching(teacher, make_student(f"Pupil {number}"))
    return teacher


def rows(client: Client, query: str) -> str:
    answer = client.get(reverse("home:roster") + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_list_that_is_seen_at_a_glance_asks_nobody(teacher: User, as_user: SignIn) -> None:
    client = as_user(teacher)
    assert FIELD not in rows(client, "")
    make_teaching(teacher, make_student("Zoe"))
    assert FIELD in rows(client, "")


def test_whom_one_looks_for_whatever_the_capitals(teacher: User, as_user: SignIn) -> None:
    make_teaching(teacher, make_student("Zoë Löw"))
    html = rows(as_user(teacher), "?q=+zoë  löw ")
    assert ("Zoë Löw" in html, "Pupil 1" in html) == (True, False)
    assert 'value="zoë löw"' in html
    assert "0 of 9 students practised this week." in html


def test_also_who_is_put_aside(teacher: User, as_user: SignIn) -> None:
    student = make_student("Zoe")
    make_teaching(teacher, student)
    now = timezone.now()
    until = student.today(now) + timedelta(days=7)
    Snooze.objects.create(teacher=teacher, student=student, until=until, reason="On holiday", snoozed_at=now)
    assert 'class="roster-row"' in rows(as_user(teacher), "?q=zoe")


def test_nobody_is_called_that(teacher: User, as_user: SignIn) -> None:
    make_teaching(teacher, make_student("Zoe"))
    html = rows(as_user(teacher), "?q=%3Cb%3E")
    assert "Nobody of your students is called that." in html
    assert ("&lt;b&gt;" in html, "<b>" in html.partition("<main")[2]) == (True, False)
