"""Filters under a name: one person's own, for one diary."""

import threading
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.test import Client

from apps.accounts.http import writes_too_often
from apps.accounts.models import User
from apps.core import access
from apps.practice.models import SavedFilter
from apps.practice.services import filters as services
from apps.practice.views import filters as views
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import child_client, make_child_login
from tests.factories.consent import make_consent
from tests.factories.practice import make_filter
from tests.factories.private_teaching import make_teaching

from .test_concurrency import together


def add_url(cast: Cast, query: str = "?exam=1") -> str:
    return f"/students/{cast.student.pk}/diary/filters/{query}"


def sent(**more: str) -> dict[str, str]:
    return {"key": str(uuid4()), "name": "Exam", **more}


def typed_in(answer: Any) -> dict[str, str]:
    """What the form that came back holds."""
    form = answer.context["form"]
    return {name: str(form[name].value()) for name in form.fields}


def test_what_was_understood_is_saved_and_stands_on_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("teacher"))
    answer = client.post(add_url(cast, "?exam=1&q=%20Bach%20&teacher=x&private=1&page=zzz"), sent())
    saved = SavedFilter.objects.get()
    assert (saved.user, saved.student, saved.query) == (cast.user("teacher"), cast.student, "exam=1&q=Bach")
    page = f"/students/{cast.student.pk}/diary/?exam=1&q=Bach"
    assert answer.headers["Location"] == page
    text = client.get(f"/students/{cast.student.pk}/diary/").content.decode()
    assert f'href="{page.replace("&", "&amp;")}"><bdi>Exam</bdi>' in text
    client.force_login(cast.user("guardian"))
    assert "<bdi>Exam</bdi>" not in client.get(f"/students/{cast.student.pk}/diary/").content.decode()


def test_sent_twice_it_is_saved_once(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    data = sent()
    assert [client.post(add_url(cast), data).status_code for _ in range(2)] == [302, 302]
    assert SavedFilter.objects.count() == 1


@pytest.mark.parametrize(("query", "name"), [("?exam=1", "Scales"), ("?q=Bach", "Exam")])
def test_sent_again_with_something_else_nothing_is_lost(
    client: Client, cast: Cast, query: str, name: str
) -> None:
    """Somebody went back to the form: what was typed stays, and the next press saves it."""
    client.force_login(cast.user("student"))
    data = sent()
    client.post(add_url(cast), data)
    answer = client.post(add_url(cast, query), data | {"name": name})
    assert answer.status_code == 200
    assert "is saved already" in answer.content.decode()
    assert SavedFilter.objects.get().name == "Exam"
    again = {**typed_in(answer), "name": name if name == "Scales" else "Bach"}
    assert again["key"] != data["key"]
    assert client.post(add_url(cast, query), again).status_code == 302
    saved = {(row.name, row.query) for row in SavedFilter.objects.all()}
    assert saved == {("Exam", "exam=1"), (again["name"], query.removeprefix("?"))}


def test_a_key_of_somebody_else_takes_nothing_over(client: Client, cast: Cast) -> None:
    other = make_filter(cast.user("teacher"), cast.student)
    client.force_login(cast.user("student"))
    answer = client.post(add_url(cast), sent(key=str(other.pk)))
    assert "was used before" in answer.content.decode()
    assert SavedFilter.objects.get().user == cast.user("teacher")
    assert client.post(add_url(cast), typed_in(answer)).status_code == 302
    assert SavedFilter.objects.get(user=cast.user("student")).name == "Exam"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u200b"])
def test_a_bad_name_is_said_beside_the_field(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.user("student"))
    answer = client.post(add_url(cast), sent(name=name))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["name"])
    assert not SavedFilter.objects.exists()


def test_a_name_is_there_once_whatever_its_case(client: Client, cast: Cast) -> None:
    make_filter(cast.user("student"), cast.student, "exam")
    make_filter(cast.user("student"), cast.other_student, "Other")
    make_filter(cast.user("guardian"), cast.student, "Other")
    client.force_login(cast.user("student"))
    assert "one with this name" in client.post(add_url(cast), sent(name="EXAM")).content.decode()
    assert client.post(add_url(cast), sent(name="Other")).status_code == 302


def test_without_filters_there_is_nothing_to_save(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    for answer in (client.get(add_url(cast, "")), client.post(add_url(cast, "?exam=perhaps"), sent())):
        assert "nothing to save yet" in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_filters_that_have_no_room_are_refused(client: Client, cast: Cast) -> None:
    """A clef takes twelve characters of an address."""
    teaching = make_teaching(cast.user("teacher"), cast.student, "\U0001d11e" * 60)
    client.force_login(cast.user("guardian"))
    asked = {"q": "\U0001d11e" * 100, "instrument": teaching.instrument, "teacher": str(teaching.pk)}
    asked |= {"from": "2026-01-01", "to": "2026-01-31", "exam": "1"}
    answer = client.post(add_url(cast, f"?{urlencode(asked)}"), sent())
    assert "too long to be kept" in answer.content.decode()
    assert typed_in(answer)["name"] == "Exam"
    assert client.post(add_url(cast, f"?{urlencode({'q': asked['q']})}"), sent()).status_code == 302
    assert len(SavedFilter.objects.get().query) == 1202


def test_there_are_twenty_at_most(client: Client, cast: Cast) -> None:
    for number in range(services.MOST_FILTERS):
        make_filter(cast.user("student"), cast.student, f"Number {number}")
    client.force_login(cast.user("student"))
    assert "Delete one first" in client.post(add_url(cast), sent()).content.decode()
    first = SavedFilter.objects.get(name="Number 0")
    assert client.post(add_url(cast), sent(key=str(first.pk), name=first.name)).status_code == 302
    answer = client.post(add_url(cast), sent(key=str(first.pk)))
    assert (answer.status_code, SavedFilter.objects.count()) == (200, services.MOST_FILTERS)


def test_it_is_renamed_and_deleted(client: Client, cast: Cast) -> None:
    saved = make_filter(cast.user("student"), cast.student)
    make_filter(cast.user("student"), cast.student, "Scales")
    client.force_login(cast.user("student"))
    url = f"/saved-filters/{saved.pk}/"
    assert "one with this name" in client.post(url, sent(name="scales")).content.decode()
    assert client.post(url, sent(name="EXAM")).status_code == 302
    saved.refresh_from_db()
    assert saved.name == "EXAM"
    assert client.post(url, {"remove": "1"}).status_code == 302
    assert [row.name for row in SavedFilter.objects.all()] == ["Scales"]


@pytest.mark.parametrize("press", [{"remove": "1"}, {"key": str(uuid4()), "name": "Scales"}])
def test_one_that_is_gone_is_said_to_be(client: Client, cast: Cast, press: dict[str, str]) -> None:
    """Sent twice, or deleted on another page. Nobody learns whether a key was ever somebody's."""
    client.force_login(cast.user("student"))
    saved = make_filter(cast.user("student"), cast.student)
    text = client.get(f"/saved-filters/{saved.pk}/").content.decode()
    back = f"/students/{cast.student.pk}/diary/?exam=1"
    assert text.count(f'name="next" value="{back}"') == 2
    gone, foreign = saved.pk, make_filter(cast.user("teacher"), cast.student)
    saved.delete()
    for key in (gone, foreign.pk):
        answer = client.post(f"/saved-filters/{key}/", press | {"next": back}, follow=True)
        assert answer.redirect_chain == [(back, 302)]
        assert "was deleted meanwhile" in answer.content.decode()
        for more in ({}, {"next": "https://elsewhere.example/"}):
            assert client.post(f"/saved-filters/{key}/", press | more).status_code == 404
        assert client.get(f"/saved-filters/{key}/?next={back}").status_code == 404
    assert SavedFilter.objects.get().name == "Exam"


@pytest.mark.parametrize("press", [{"remove": "1"}, {"key": str(uuid4()), "name": "Scales"}])
def test_one_that_goes_at_this_moment_is_said_to_be_gone(
    client: Client, cast: Cast, press: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = make_filter(cast.user("student"), cast.student)
    count = writes_too_often

    def delete_first(request: Any) -> bool:
        SavedFilter.objects.all().delete()
        return count(request)

    monkeypatch.setattr(views, "writes_too_often", delete_first)
    monkeypatch.setattr(views, "in_time", lambda request, form: not delete_first(request))
    client.force_login(cast.user("student"))
    answer = client.post(f"/saved-filters/{saved.pk}/", press, follow=True)
    assert "was deleted meanwhile" in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_who_may_not_read_the_diary_any_more_has_lost_theirs(cast: Cast) -> None:
    for name in ("student", "guardian", "teacher", "viewer", "former_teacher", "expired_guest", "stranger"):
        saved = make_filter(cast.user(name), cast.student)
        rows = SavedFilter.objects.filter(pk=saved.pk)
        people = vars(cast.people).items()
        who = {each for each, user in people if access.allowed(rows, "change", user).exists()}
        lost = name in ("former_teacher", "expired_guest", "stranger")
        assert who == (set() if lost else {name})


def test_what_may_no_longer_be_asked_is_left_out(client: Client, cast: Cast) -> None:
    """An address with a name is no more than an address."""
    saved = make_filter(
        cast.user("teacher"), cast.student, query=f"private=1&teacher={cast.second_teaching.pk}"
    )
    client.force_login(cast.user("teacher"))
    answer = client.get(f"/students/{cast.student.pk}/diary/?{saved.query}")
    assert [row.pk for row in answer.context["rows"]] == [cast.entry.pk]


def test_a_childs_session_saves_none(cast: Cast) -> None:
    child = make_student("Zoe")
    make_guardianship(child, cast.user("guardian"))
    make_child_login(child, cast.user("guardian"))
    client = child_client(child, cast.user("guardian"))
    assert client.get(f"/students/{child.pk}/diary/filters/?exam=1").status_code == 403
    assert "Save these filters" not in client.get(f"/students/{child.pk}/diary/?exam=1").content.decode()


def test_where_nothing_is_kept_no_name_is(client: Client, cast: Cast) -> None:
    saved = make_filter(cast.user("guardian"), cast.student)
    make_consent(cast.student, cast.user("guardian"), given=False)
    client.force_login(cast.user("guardian"))
    for url in (add_url(cast, "?q=Bach"), f"/saved-filters/{saved.pk}/"):
        page = client.post(url, sent(name="A lot of typed words")).content.decode()
        assert "A lot of typed words" in page, url
        assert "on the page Permissions" in page, url
    assert list(SavedFilter.objects.values_list("name", flat=True)) == ["Exam"]
    client.post(f"/saved-filters/{saved.pk}/", {"remove": "1"})
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_the_twentieth() -> None:
    user = make_user("Solo")
    student = make_student("Solo", user=user)
    for number in range(services.MOST_FILTERS - 1):
        make_filter(user, student, f"Number {number}")
    results = together(*(lambda name=name: make_filter(user, student, name) for name in ("One", "Two")))
    assert sorted(type(result).__name__ for result in results) == ["SavedFilter", "TooManyFilters"]
    assert SavedFilter.objects.count() == services.MOST_FILTERS


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both look before either writes."""
    user = make_user("Solo")
    student = make_student("Solo", user=user)
    for number in range(services.MOST_FILTERS - 1):
        make_filter(user, student, f"Number {number}")
    looked = threading.Barrier(2)

    def unlocked(user: User, student_id: UUID, *, but: UUID) -> list[str]:
        rows = SavedFilter.objects.filter(user=user, student=student_id)
        names = list(rows.values_list("name", flat=True))
        looked.wait(5)
        return names

    monkeypatch.setattr(services, "_others", unlocked)
    together(*(lambda name=name: make_filter(user, student, name) for name in ("One", "Two")))
    assert SavedFilter.objects.count() == services.MOST_FILTERS + 1
