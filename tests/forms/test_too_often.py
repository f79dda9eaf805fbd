"""Whatever a person can write, they can write so often in a minute and no oftener; nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from apps.accounts import http
from tests.conftest import Cast
from tests.sweep.world import sign_in

from .page import lost
from .posts import POSTS, Post
from .senders import sender
from .state import keys_now, snapshot

SAID = "That was very often in a short time."
# Without words to lose: they answer with the page that asks to wait.
BUTTONS = {
    "practice:entry-quick-log",
    "assignments:assignment-keep",
    "assignments:completion-remove",
    "assignments:challenge-end",
    "assignments:participation-answer",
    "assignments:participation-remove",
    "desk:wake",
    "lessons:lesson-attendance",
    "notifications:news-open",
    "notifications:news-read-all",
    "ensembles:ensemble-end",
    "ensembles:membership-end",
    "practice:entry-delete",
    "transfer:import-drop",
    "transfer:import-start",
    "transfer:import-undo",
    "practice:comment-delete",
    "practice:comment-thank",
    "practice:talk-seen",
    "practice:thanks-remove",
    "gear:gear-hush",
    "evidence:evidence-delete",
    "scores:score-delete",
    "repertoire:note-delete",
    "repertoire:piece-delete",
    "repertoire:piece-status",
    "private_teaching:teaching-end",
    "accounts:code-create",
    "private_teaching:teaching-resume",
    "private_teaching:page-submit",
    "private_teaching:sign-off-ask",
    "private_teaching:page-close",
    "private_teaching:application-accept",
    "private_teaching:application-wait",
    "private_teaching:application-agree",
    "private_teaching:application-withdraw",
    "private_teaching:message-delete",
    "accounts:guardianship-leave",
    "accounts:grant-revoke",
    "accounts:link-end",
    "parent_portal:link-open",
    "accounts:avatar-remove",
    "accounts:connection-end",
    "accounts:session-end",
    "accounts:session-end-others",
    "accounts:invitation-resend",
    "accounts:invitation-cancel",
    "accounts:invitation-decline",
    "consent:consent-give",
    "consent:consent-withdraw",
    "consent:confirmation-revoke",
    "privacy:person-export",
    "privacy:student-export",
    "privacy:erasure-stop",
    "children:sign-in-close",
    "children:card-make",
    "children:card-revoke",
    "children:device-trust",
    "children:device-revoke",
    "children:device-unlock",
    "children:hand-over",
    "set_language",
}
FREE = {
    "practice:entry-mark-seen": "sent by itself while somebody scrolls; takes away what is there and no more",
    "home:checklist-hide": "a second time changes nothing",
    "parent_portal:reading-close": "forgets a cookie; whoever wants to leave a computer must get away",
}
COUNTED = [
    post
    for post in POSTS
    # allauth counts on its own pages; staff are few, known and on the record.
    if not post.route.startswith(("account_", "admin:")) and post.route not in FREE
]

# No browser takes back a file, and nobody types these.
NEVER_KEPT = ("next", "kind", "version", "key", "at_once", "photo", "picture", "sheet", "file")


def address(cast: Cast, post: Post) -> str:
    return reverse(post.route, args=post.arguments(cast)) + post.query


def browser(cast: Cast, post: Post) -> Client:
    post.prepare(cast)
    return sender(cast, post)


@pytest.mark.parametrize("post", COUNTED, ids=str)
def test_one_more_is_too_often(cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 0)
    client = browser(cast, post)
    known = keys_now()
    before = snapshot(known)
    sent = post.fields(cast)
    answer = client.post(address(cast, post), sent)
    assert answer.status_code == (429 if post.route in BUTTONS else 200)
    html = answer.content.decode()
    assert SAID in html
    assert snapshot(known) == before
    if post.route not in BUTTONS:
        assert lost(html, sent, but=NEVER_KEPT) == {}


@pytest.mark.parametrize("post", [each for each in POSTS if each.route in FREE], ids=str)
def test_what_is_not_counted_goes_on(cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 0)
    assert browser(cast, post).post(address(cast, post), post.fields(cast)).status_code == 302


def test_whoever_read_along_always_gets_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page keeps nothing, so it has no row among the posts."""
    assert "parent_portal:reading-close" in FREE
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 0)
    assert client.post(reverse("parent_portal:reading-close")).status_code == 302


def test_each_person_and_each_address_is_counted_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 2)
    settings, language = reverse("accounts:settings"), reverse("set_language")
    sent = {"display_name": "Anna", "language": "en", "week_starts_on": "0", "time_zone": "Berlin"}
    one, two = (sign_in(cast.user(name))[0] for name in ("teacher", "guardian"))
    assert [one.post(settings, sent).status_code for _ in range(3)] == [302, 302, 200]
    assert two.post(settings, sent).status_code == 302
    assert one.post(language, {"language": "de"}).status_code == 302


def test_signed_out_the_place_of_the_net_is_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WRITES_A_MINUTE", 1)
    url = reverse("accounts:invitation-decline", args=["f" * 64])
    assert Client().post(url).status_code == 404, "a link that is none counts nothing"
    (post,) = [post for post in POSTS if post.route == "accounts:invitation-decline"]
    browser(cast, post)
    url = address(cast, post)
    answers = [Client(REMOTE_ADDR=place).post(url) for place in ("192.0.2.1", "192.0.2.1", "192.0.2.2")]
    assert [answer.status_code for answer in answers] == [302, 429, 410]


def test_hands_are_never_so_fast() -> None:
    assert http.WRITES_A_MINUTE >= 30
    assert SAID in gettext("That was very often in a short time. Wait a minute, then try again.")
