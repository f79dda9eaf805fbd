"""The quick log, and what the form costs."""

import re
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.practice.models import PracticeEntry
from tests.conftest import Cast
from tests.factories.practice import make_entry
from tests.practice.test_logging_pages import fields, log_url, logged


def quick(client: Client, cast: Cast, **sent: object) -> tuple[str, list[str]]:
    answer = client.post(f"/students/{cast.student.pk}/diary/quick/", {"next": "/practice/", **sent})
    messages = [str(message) for message in get_messages(answer.wsgi_request)]
    return answer.headers["Location"], messages


def test_one_tap_logs_and_offers_details(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    key = uuid4()
    where, messages = quick(client, cast, minutes=30, key=key)
    entry = logged(cast)
    assert (entry.pk, entry.minutes, entry.description) == (key, 30, "Quick log: 30 minutes")
    assert where == "/practice/"
    assert f"/entries/{key}/edit/" in messages[0]
    quick(client, cast, minutes=30, key=key)
    assert logged(cast).pk == key


def test_the_quick_log_speaks_the_loggers_language(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    quick(client, cast, minutes=1)
    assert logged(cast).description == "Quick log: 1 minute"


def test_one_tap_takes_the_pieces_along(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("guardian"))
    quick(client, cast, minutes=15, again=["piece:Minuet in G", "exercise:Scales"])
    entry = logged(cast)
    assert [(line.title, line.kind) for line in entry.shown_lines] == [
        ("Minuet in G", "piece"),
        ("Scales", "exercise"),
    ]
    assert entry.description == ""


@pytest.mark.parametrize("minutes", ["0", "-1", "301", "1441", "abc", ""])
def test_a_quick_log_that_cannot_be_leads_to_the_form(client: Client, cast: Cast, minutes: str) -> None:
    client.force_login(cast.user("student"))
    before = PracticeEntry.objects.count()
    where, messages = quick(client, cast, minutes=minutes)
    assert where == f"{log_url(cast)}?minutes={minutes}&next=%2Fpractice%2F"
    assert len(messages) == 1
    assert PracticeEntry.objects.count() == before


def test_what_was_tapped_stands_in_the_form_that_it_leads_to(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    where, _messages = quick(client, cast, minutes="301", again=["piece:Minuet in G", "piece:Never played"])
    page = client.get(where)
    form = page.context["form"]
    assert form["minutes"].value() == "301"
    (tapped,) = re.findall(r'<input type="checkbox"[^>]*name="again"[^>]*>', page.content.decode())
    assert 'value="piece:Minuet in G"' in tapped
    assert " checked" in tapped
    assert page.context["next"] == "/practice/"
    assert client.get(log_url(cast), {"minutes": "x"}).context["form"]["minutes"].value() is None
    bare = client.post(f"/students/{cast.student.pk}/diary/quick/", {})
    assert bare.headers["Location"] == log_url(cast)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_form_costs_few_queries(
    client: Client, cast: Cast, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_entry(cast.student, cast.user("student"), minutes=1, lines=[], description="Without a line")
    client.force_login(cast.user("student"))
    with django_assert_max_num_queries(9):
        client.get(log_url(cast))


def test_saving_costs_eight_queries(
    client: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.user("student"))
    with django_assert_max_num_queries(8 + 2) as found:  # a savepoint and its release
        client.post(log_url(cast), fields())
    # The revision's author travels in front of each statement, savepoints included.
    real = [q["sql"] for q in found.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(real) == 8
