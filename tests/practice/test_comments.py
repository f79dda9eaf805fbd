"""Talk under an entry: who speaks in which thread, who reads it, and what cannot be said."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from apps.practice import services
from apps.practice.models import EntryComment, NewMark
from tests.conftest import Cast
from tests.practice.test_entry_pages import locked


def say(client: Client, cast: Cast, name: str, **sent: object) -> EntryComment:
    client.force_login(cast.user(name))
    key = uuid4()
    answer = client.post(f"/entries/{cast.entry.pk}/comments/", {"key": key, "body": "Well done", **sent})
    assert answer.headers["Location"] == f"/entries/{cast.entry.pk}/#comment-{key}"
    return EntryComment.objects.get(pk=key)


def test_each_speaks_in_their_role_and_thread(client: Client, cast: Cast) -> None:
    found = {
        name: say(client, cast, name)
        for name in ("student", "guardian", "teacher", "second_teacher", "commenter")
    }
    assert {name: (c.author_role, c.thread) for name, c in found.items()} == {
        "student": ("student", None),
        "guardian": ("guardian", None),
        "teacher": ("teacher", cast.teaching),
        "second_teacher": ("teacher", cast.second_teaching),
        "commenter": ("guest", None),
    }


def test_the_family_chooses_the_thread(client: Client, cast: Cast) -> None:
    assert say(client, cast, "guardian", thread=str(cast.second_teaching.pk)).thread == cast.second_teaching
    client.force_login(cast.user("teacher"))
    assert "Well done" not in client.get(f"/entries/{cast.entry.pk}/").content.decode()
    client.force_login(cast.user("second_teacher"))
    assert "Well done" in client.get(f"/entries/{cast.entry.pk}/").content.decode()


def test_threads_are_grouped_for_the_family_only(client: Client, cast: Cast) -> None:
    say(client, cast, "teacher")
    say(client, cast, "second_teacher")
    client.force_login(cast.user("guardian"))
    threads = [thread for thread, _ in client.get(f"/entries/{cast.entry.pk}/").context["threads"]]
    assert [(t.teaching_id, len(t.comments)) for t in threads] == [
        (None, 0),
        (cast.teaching.pk, 1),
        (cast.second_teaching.pk, 1),
    ]
    page = client.get(f"/entries/{cast.entry.pk}/").content.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    client.force_login(cast.user("teacher"))
    threads = [thread for thread, _ in client.get(f"/entries/{cast.entry.pk}/").context["threads"]]
    assert [(t.title, len(t.comments)) for t in threads] == [("", 1)]


@pytest.mark.parametrize("name", ["teacher", "commenter"])
def test_others_have_no_choice_of_thread(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.user(name))
    sent = {"key": uuid4(), "body": "Psst", "thread": str(cast.second_teaching.pk)}
    answer = client.post(f"/entries/{cast.entry.pk}/comments/", sent)
    assert answer.status_code == 200
    assert not EntryComment.objects.exists()


def test_what_the_family_says_is_new_to_the_teachers(client: Client, cast: Cast) -> None:
    NewMark.objects.all().delete()
    say(client, cast, "guardian")
    assert set(NewMark.objects.values_list("teaching", flat=True)) == {
        cast.teaching.pk,
        cast.second_teaching.pk,
    }


@pytest.mark.parametrize("body", ["", "   ", "x" * 2001, "🎻" * 10_000])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_comment_that_cannot_be_stays_on_the_page(
    client: Client, cast: Cast, body: str, headers: dict[str, str]
) -> None:
    client.force_login(cast.user("guardian"))
    answer = client.post(
        f"/entries/{cast.entry.pk}/comments/", {"key": uuid4(), "body": body}, headers=headers
    )
    assert answer.status_code == 200
    assert answer.context["comment_form"].errors["body"]
    assert answer.context["comment_form"]["body"].value() == body
    assert not EntryComment.objects.exists()


def send(client: Client, cast: Cast, headers: dict[str, str] | None = None, **sent: object) -> str:
    url = f"/entries/{cast.entry.pk}/comments/"
    answer = client.post(url, {"key": uuid4(), **sent}, headers=headers or {})
    assert answer.status_code == 200
    return answer.content.decode()


HTMX = {"HX-Request": "true"}


def test_the_part_alone_for_htmx(client: Client, cast: Cast) -> None:
    """With the comment in the focus, and a sentence for who cannot see it that ends its draft."""
    client.force_login(cast.user("teacher"))
    text = send(client, cast, HTMX, body="<b>Bravo</b>")
    assert "&lt;b&gt;Bravo&lt;/b&gt;" in text
    assert "<html" not in text
    said = EntryComment.objects.get()
    assert re.findall(r"<(\w+)[^>]* id=\"([^\"]+)\"[^>]*autofocus>", text) == [("li", f"comment-{said.pk}")]
    draft = f"comment:{cast.user('teacher').pk}:{cast.entry.pk}"
    assert f'<p data-draft-saved="{draft}">Your words are there.</p>' in text
    assert client.get(f"/entries/{cast.entry.pk}/").content.decode().count("data-draft-saved") == 0


def test_the_page_loads_htmx_without_what_its_policy_forbids(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("guardian"))
    page = client.get(f"/entries/{cast.entry.pk}/").content.decode()
    assert page.count('<script defer src="/static/django_htmx/htmx-2.min.js">') == 1
    assert '"includeIndicatorStyles":false' in page
    assert '"allowEval":false' in page
    forms = re.findall(r'<form[^>]*action="(/entries/[^"]+/comments/)"[^>]*>', page)
    assert re.findall(r'hx-post="([^"]+)"', page) == forms
    assert "htmx" not in client.get(f"/students/{cast.student.pk}/diary/log/").content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_mistake_comes_back_where_it_was_made(client: Client, cast: Cast, headers: dict[str, str]) -> None:
    """In the fold that was open, under the focus; the other forms of the page stay as they were."""
    client.force_login(cast.user("guardian"))
    thread = str(cast.second_teaching.pk)
    say(client, cast, "guardian", thread=thread)
    text = send(client, cast, headers, body=" ", thread=thread, kind="reply")
    assert re.findall(r"<textarea[^>]*autofocus[^>]*>", text) == re.findall(
        rf"<textarea[^>]*id_{thread}_body[^>]*>", text
    )
    assert text.count('<details class="fold" open>') == 1
    assert text.count('aria-invalid="true"') == 1
    locked(cast.entry)
    text = send(client, cast, headers, body="", kind="amendment")
    assert text.count('<details class="fold" id="correction" open>') == 1
    assert "What should be corrected?" in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "data-draft-saved" not in text


def test_each_form_keeps_a_draft_of_its_own(client: Client, cast: Cast) -> None:
    thread = str(cast.second_teaching.pk)
    say(client, cast, "guardian", thread=thread)
    locked(cast.entry)
    key = f"comment:{cast.user('guardian').pk}:{cast.entry.pk}"
    page = client.get(f"/entries/{cast.entry.pk}/").content.decode()
    assert set(re.findall(r'data-draft="([^"]+)"', page)) == {key, f"{key}:{thread}", f"{key}:amendment"}
    for sent, draft in [
        ({"thread": thread}, key),
        ({"thread": thread, "kind": "reply"}, f"{key}:{thread}"),
        ({"kind": "amendment"}, f"{key}:amendment"),
    ]:
        assert f'data-draft-saved="{draft}"' in send(client, cast, HTMX, body="Words", **sent)
    text = send(client, cast, HTMX, body="Words", kind="reply", thread="nobody's")
    assert "data-draft-saved" not in text
    assert re.findall(r"<textarea[^>]*autofocus[^>]*>", text) == re.findall(
        r"<textarea[^>]*id__body[^>]*>", text
    )


def test_a_comment_sent_twice_stands_once_and_a_taken_key_is_exchanged(client: Client, cast: Cast) -> None:
    comment = say(client, cast, "guardian")
    client.post(f"/entries/{cast.entry.pk}/comments/", {"key": comment.pk, "body": "Well done"})
    assert EntryComment.objects.count() == 1
    client.force_login(cast.user("teacher"))
    answer = client.post(f"/entries/{cast.entry.pk}/comments/", {"key": comment.pk, "body": "Mine"})
    form = answer.context["comment_form"]
    assert "press Send again" in form.non_field_errors()[0]
    assert form["key"].value() != str(comment.pk)


@pytest.mark.parametrize("other", [{"body": "Better words"}, {"kind": "amendment"}, {"thread": "second"}])
def test_the_same_key_with_other_words_loses_none(client: Client, cast: Cast, other: dict[str, str]) -> None:
    """Somebody went back and wrote it anew: the words come back to be sent under a fresh key."""
    locked(cast.entry)
    comment = say(client, cast, "guardian")
    if "thread" in other:
        other = {"thread": str(cast.second_teaching.pk)}
    sent = {"key": str(comment.pk), "body": comment.body} | other
    answer = client.post(f"/entries/{cast.entry.pk}/comments/", sent)
    assert "press Send again" in answer.content.decode()
    assert sent["body"] in answer.content.decode()
    assert EntryComment.objects.count() == 1


def test_an_entry_that_was_deleted_meanwhile_takes_no_words(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(**call: object) -> None:
        raise services.EntryIsLocked

    monkeypatch.setattr(services, "add_comment", late)
    client.force_login(cast.user("teacher"))
    text = send(client, cast, body="A long answer")
    assert "was deleted or closed to you meanwhile" in text
    assert "A long answer" in text


def test_corrections_are_for_the_family_and_closed_entries(client: Client, cast: Cast) -> None:
    url = f"/entries/{cast.entry.pk}/comments/"
    sent = {"body": "It was 20 minutes", "kind": "amendment"}
    client.force_login(cast.user("guardian"))
    assert client.post(url, {**sent, "key": uuid4()}).status_code == 403
    locked(cast.entry)
    assert client.post(url, {**sent, "key": uuid4(), "body": ""}).context["amend_form"].errors["body"]
    assert client.post(url, {**sent, "key": uuid4()}).status_code == 302
    assert EntryComment.objects.get().kind == "amendment"
    assert "Correction" in client.get(f"/entries/{cast.entry.pk}/").content.decode()
    client.force_login(cast.user("teacher"))
    assert client.post(url, {**sent, "key": uuid4()}).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("viewer", 403), ("stranger", 404), ("former_teacher", 404)])
def test_who_may_not_speak(client: Client, cast: Cast, name: str, status: int) -> None:
    client.force_login(cast.user(name))
    answer = client.post(f"/entries/{cast.entry.pk}/comments/", {"key": uuid4(), "body": "Hi"})
    assert answer.status_code == status
    assert not EntryComment.objects.exists()


def test_one_takes_back_ones_own_words(client: Client, cast: Cast) -> None:
    comment = say(client, cast, "teacher")
    client.force_login(cast.user("guardian"))
    assert client.post(f"/comments/{comment.pk}/delete/").status_code == 403
    client.force_login(cast.user("stranger"))
    assert client.post(f"/comments/{comment.pk}/delete/").status_code == 404
    client.force_login(cast.user("teacher"))
    assert "Well done" in client.get(f"/comments/{comment.pk}/delete/").content.decode()
    assert client.post(f"/comments/{comment.pk}/delete/").headers["Location"] == f"/entries/{cast.entry.pk}/"
    assert "Well done" not in client.get(f"/entries/{cast.entry.pk}/").content.decode()


def test_too_many_comments_in_a_minute_keep_what_was_typed(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.http.WRITES_A_MINUTE", 0)
    client.force_login(cast.user("guardian"))
    sent = {"key": uuid4(), "body": "A long answer"}
    for headers in ({}, HTMX):
        answer = client.post(f"/entries/{cast.entry.pk}/comments/", sent, headers=headers)
        assert answer.status_code == 200
        html = answer.content.decode()
        assert "That was very often" in html
        assert "A long answer</textarea>" in html
    assert not EntryComment.objects.exists()


@pytest.mark.parametrize(("headers", "status", "header"), [({}, 302, "Location"), (HTMX, 200, "HX-Redirect")])
def test_a_lost_session_comes_back_to_the_entry(
    client: Client, cast: Cast, headers: dict[str, str], status: int, header: str
) -> None:
    """htmx goes there as a whole page; the sign-in form never lands in the part that it swaps."""
    answer = client.post(f"/entries/{cast.entry.pk}/comments/", {"body": "Long"}, headers=headers)
    assert answer.status_code == status
    assert answer.headers[header] == f"/account/login/?next=/entries/{cast.entry.pk}/"
    assert answer.content == b""
    assert "You were signed out." in client.get(answer.headers[header]).content.decode()


@pytest.mark.parametrize(("headers", "refresh"), [({}, None), (HTMX, "true")])
def test_a_form_that_was_open_too_long_is_loaded_again(
    cast: Cast, headers: dict[str, str], refresh: str | None
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.user("guardian"))
    answer = client.post(f"/entries/{cast.entry.pk}/comments/", {"body": "Long"}, headers=headers)
    assert answer.status_code == 403
    assert answer.headers.get("HX-Refresh") == refresh


def test_the_words_of_somebody_who_left_stay(client: Client, cast: Cast) -> None:
    comment = say(client, cast, "commenter")
    EntryComment.objects.filter(pk=comment.pk).update(author=None)
    client.force_login(cast.user("student"))
    assert "Somebody who left" in client.get(f"/entries/{cast.entry.pk}/").content.decode()
