"""The pages of the desk, as a teacher meets them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.desk.models import Snooze, TriageSettings
from apps.practice.models import PracticeDay
from tests.conftest import Cast
from tests.factories.practice import make_entry

SignIn = Callable[[User], Client]


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """Mia was silent for a week."""
    cast.entry.delete()
    PracticeDay.objects.all().delete()
    then = timezone.now() - timedelta(days=7)
    make_entry(cast.student, cast.user("guardian"), now=then)
    return cast


def roster(client: Client) -> str:
    return client.get(reverse("home:roster")).content.decode()


def test_put_aside_and_back_again(quiet: Cast, as_user: SignIn) -> None:
    client, url = as_user(quiet.user("teacher")), reverse("desk:snooze", args=[quiet.student.pk])
    before = roster(client)
    assert "silent for 7 days" in before
    assert url in before
    assert "silent for 7 days" in client.get(url).content.decode()
    answer = client.post(url, {"days": "14", "reason": "<i>Ill</i>"}, follow=True)
    until = quiet.student.today(timezone.now()) + timedelta(days=14)
    assert [(row.until, row.reason) for row in Snooze.objects.all()] == [(until, "<i>Ill</i>")]
    page = answer.content.decode()
    assert "1 student put aside" in page
    assert "&lt;i&gt;Ill&lt;/i&gt;" in page
    assert "silent for 7 days" not in page
    answer = client.post(reverse("desk:wake", args=[quiet.student.pk]), follow=True)
    assert not Snooze.objects.exists()
    assert "silent for 7 days" in answer.content.decode()


def test_a_reason_is_asked_for_beside_its_field(quiet: Cast, as_user: SignIn) -> None:
    client, url = as_user(quiet.user("teacher")), reverse("desk:snooze", args=[quiet.student.pk])
    answer = client.post(url, {"days": "3", "reason": ""})
    assert list(answer.context["form"].errors) == ["reason"]
    answer = client.post(url, {"days": "5000", "reason": "Ill"})
    assert list(answer.context["form"].errors) == ["days"]
    assert 'value="Ill"' in answer.content.decode()
    assert not Snooze.objects.exists()


def test_of_whom_nothing_may_be_written_the_words_are_kept(quiet: Cast, as_user: SignIn) -> None:
    Student.objects.update(collecting=False)
    url = reverse("desk:snooze", args=[quiet.student.pk])
    answer = as_user(quiet.user("teacher")).post(url, {"days": "3", "reason": "On a trip"})
    assert 'value="On a trip"' in answer.content.decode()
    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize("who", ["student", "guardian", "viewer"])
def test_who_reads_the_diary_may_not_put_anybody_aside(quiet: Cast, as_user: SignIn, who: str) -> None:
    client = as_user(quiet.user(who))
    for name in ("desk:snooze", "desk:wake"):
        assert client.post(reverse(name, args=[quiet.student.pk]), {"days": "3"}).status_code == 403
    assert not Snooze.objects.exists()


def test_own_rules(quiet: Cast, as_user: SignIn) -> None:
    client, url = as_user(quiet.user("teacher")), reverse("desk:rules")
    said = {
        "silent_days": "8",
        "expected_days": "0",
        "missed_weeks": "2",
        "points": "20",
        "struggle_times": "2",
        "exam_weeks": "3",
    }
    for bad in ("-1", "61", "often", ""):
        answer = client.post(url, said | {"silent_days": bad})
        assert list(answer.context["form"].errors) == ["silent_days"]
    assert not TriageSettings.objects.exists()
    assert "silent for 7 days" not in client.post(url, said, follow=True).content.decode()
    assert TriageSettings.objects.get().silent_days == 8
    assert 'value="8"' in client.get(url).content.decode()
