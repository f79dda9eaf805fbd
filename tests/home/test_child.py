"""Beginning a child's diary: a name, and whoever made it looks after the child."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.core.models import AuditEvent
from tests.factories.accounts import make_student, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
URL = "/start/child/"


@pytest.fixture
def nora() -> User:
    return make_user("Nora", time_zone="Europe/Berlin")


def test_the_start_page_leads_there(as_user: SignIn, nora: User) -> None:
    assert f'href="{URL}"' in as_user(nora).get(reverse("home:start")).content.decode()


@pytest.mark.parametrize("name", ["Zoe", "W" * 100, "<b onclick=x>Zoe</b>", "זואי", "\u202eeoZ"])
def test_a_child_begins(as_user: SignIn, nora: User, name: str) -> None:
    answer = as_user(nora).post(URL, {"name": name, "key": str(uuid4()), "time_zone": ""})
    child = Student.objects.get()
    assert answer["Location"] == reverse("private_teaching:student-people", args=[child.pk])
    assert (child.created_by, child.user, child.time_zone, child.age_band) == (
        nora,
        None,
        "Europe/Berlin",
        AgeBand.UNKNOWN,
    )
    assert Guardianship.objects.current().get().guardian == nora
    assert AuditEvent.objects.filter(action="student.created", student_id=child.pk).count() == 1
    html = as_user(nora).get(answer["Location"]).content.decode()
    assert reverse("private_teaching:teacher-invite", args=[child.pk]) in html
    assert reverse("practice:entry-log", args=[child.pk]) in html
    assert "<b onclick" not in html
    assert "\u202e" not in html


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "W" * 200])
def test_a_name_is_needed(as_user: SignIn, nora: User, name: str) -> None:
    answer = as_user(nora).post(URL, {"name": name})
    assert list(answer.context["form"].errors) == ["name"]
    assert not Student.objects.exists()


def test_a_double_press_begins_one(as_user: SignIn, nora: User) -> None:
    client, sent = as_user(nora), {"name": "Zoe", "key": str(uuid4())}
    first, second = client.post(URL, sent), client.post(URL, sent)
    assert first["Location"] == second["Location"]
    assert Student.objects.count() == Guardianship.objects.count() == 1


def test_a_strangers_key_shows_nothing(as_user: SignIn, nora: User) -> None:
    taken = make_student("Other")
    answer = as_user(nora).post(URL, {"name": "Zoe", "key": str(taken.pk)})
    assert answer["Location"] == URL
    assert not Guardianship.objects.exists()


@pytest.mark.parametrize("band", [AgeBand.CHILD, AgeBand.TEEN])
def test_a_child_begins_no_childs_diary(as_user: SignIn, nora: User, band: AgeBand) -> None:
    make_student("Nora", user=nora, age_band=band)
    answer = as_user(nora).post(URL, {"name": "Zoe"})
    assert answer.status_code == 403
    assert "A grown-up has to do this" in answer.content.decode()
    assert Student.objects.count() == 1
    assert not Guardianship.objects.exists()


def test_not_too_often(as_user: SignIn, nora: User) -> None:
    client = as_user(nora)
    for _ in range(31):
        answer = client.post(URL, {"name": "Zoe"})
    assert "very often" in answer.content.decode()
    assert Student.objects.count() == 30
