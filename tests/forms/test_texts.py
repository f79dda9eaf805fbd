"""Long, foreign and dangerous words in every text field of every form.

The fields come from the forms: whoever adds a form without sending it in ``posts`` fails here.
"""

import inspect
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby, zip_longest
from uuid import uuid4

import pytest
from django import forms
from django.apps import apps
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from apps.accounts.forms import BrowserZoneField, CodeField
from apps.accounts.models import Invitation, Objection, Student, User
from apps.assignments.forms import AmountField
from apps.assignments.library_forms import TagsField
from apps.assignments.models import Assignment, Challenge, Template
from apps.core.forms import LineField, LinesField, LinkField, LongTextField
from apps.ensembles.forms import ShownNameField
from apps.gear.models import Care, Gear
from apps.lessons.models import Lesson
from apps.notifications import services
from apps.practice.models import EntryComment, PracticeEntry
from apps.private_teaching.models import (
    Application,
    ApplicationMessage,
    PublishedPage,
    TeacherProfile,
    Teaching,
)
from apps.repertoire.models import Note, Occasion, Piece, Skill
from apps.safeguarding.models import Report
from tests.conftest import Cast
from tests.sweep.world import sign_in

from .page import Page, lost
from .posts import POSTS, Post
from .scenes import KEY, with_factor
from .state import keys_now, snapshot
from .test_bad_input import NEVER_KEPT, _no_limits, address, browser

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

__all__ = ["_no_limits"]  # a fixture, used by every test here

LONG = "x🎻א" * 3334
FREE = (LineField, LinesField, LongTextField)
# Short enough for the shortest name.
MARKUP = "<script>alert(7)</script><img src=x>"
RAW = ("<script>alert", "<img src=x")
FIRST_PAGES = ("home:student", "home:roster", "parent_portal:overview", "home:start", "accounts:settings")
OF_A_STUDENT = (
    "practice:entry-list",
    "practice:entry-calendar",
    "practice:entry-resume",
    "practice:area-list",
    "ensembles:student-ensembles",
    "lessons:student-lessons",
    "assignments:student-assignments",
    "assignments:student-challenges",
    "desk:brief",
    "desk:timeline",
    "desk:snooze",
    "practice:entry-log",
    "private_teaching:student-people",
    "accounts:grant-list",
    "accounts:student-edit",
    "accounts:invitation-create",
    "gear:gear-list",
    "repertoire:occasion-list",
    "repertoire:piece-list",
    "repertoire:piece-add",
    "repertoire:skill-list",
)
OF_AN_ENTRY = (
    "practice:entry-detail",
    "practice:entry-edit",
    "practice:entry-delete",
    "practice:entry-revisions",
)


def text_fields(post: Post) -> list[tuple[str, forms.CharField]]:
    """What a person types words into, by the name that is sent."""
    found = []
    for form in post.forms:
        prefix = {"LineForm": "lines-0-", "StepForm": "steps-0-"}.get(form.__name__, "")
        found += [
            (prefix + name, field)
            for name, field in form.base_fields.items()
            if isinstance(field, forms.CharField)
            and not isinstance(field, forms.UUIDField | BrowserZoneField)
        ]
    return found


CASES = [(post, name, field) for post in POSTS for name, field in text_fields(post)]
IDS = [f"{post} {name}" for post, name, _field in CASES]
WORDS = [(post, name) for post, name, field in CASES if type(field) in FREE]
POSTS_OF_WORDS = list(dict.fromkeys(post for post, _name in WORDS))


def test_every_form_of_ours_is_sent() -> None:
    sent = {form for post in POSTS for form in post.forms}
    ours = {
        found
        for config in apps.get_app_configs()
        if config.name.startswith("apps.") and find_spec(f"{config.name}.forms")
        for found in vars(import_module(f"{config.name}.forms")).values()
        if inspect.isclass(found)
        and issubclass(found, forms.Form)
        and found.__module__.startswith(config.name)
    }
    unsent = {form for form in ours if not any(issubclass(known, form) for known in sent)}
    assert unsent == set(), "fill it in in tests/forms/posts.py"


def test_every_field_of_words_is_known_as_one() -> None:
    """A field of another kind of text would slip through the tests below."""
    others = {forms.EmailField, AmountField, CodeField, LinkField, ShownNameField, TagsField}
    assert {type(field) for _post, _name, field in CASES} == {*FREE, *others}


@pytest.mark.parametrize(("post", "name", "field"), CASES, ids=IDS)
def test_ten_thousand_letters_stay_on_the_page(
    cast: Cast, post: Post, name: str, field: forms.CharField
) -> None:
    client = browser(cast, post)
    known = keys_now()
    before = snapshot(known)
    sent = post.fields(cast) | {name: LONG}
    answer = client.post(address(cast, post), sent)
    assert answer.status_code == 200
    assert snapshot(known) == before
    html = answer.content.decode()
    assert Page(html).said_beside(name)
    assert lost(html, sent, but=NEVER_KEPT) == {}


@pytest.mark.parametrize(("post", "name"), WORDS, ids=[f"{post} {name}" for post, name in WORDS])
def test_words_that_nobody_can_see_are_none(cast: Cast, post: Post, name: str) -> None:
    client = browser(cast, post)
    answer = client.post(address(cast, post), post.fields(cast) | {name: "\u200b" * 12})
    assert answer.status_code == 200
    assert "can be seen" in Page(answer.content.decode()).said_beside(name)


@pytest.mark.parametrize("post", POSTS_OF_WORDS, ids=str)
@pytest.mark.parametrize(
    "words", ["🎻 👩‍👩‍👧 joy", "לנגן את כל הקטע", "دو دقيقة بعد", "练习第一段", "Ça va, naïve & co"]
)
def test_words_of_every_script_are_kept(cast: Cast, post: Post, words: str) -> None:
    client = browser(cast, post)
    typed = {name: f"{words} {number}" for number, (sent, name) in enumerate(WORDS) if sent == post}
    answer = client.post(address(cast, post), post.fields(cast) | typed)
    assert answer.status_code == 302
    assert [each for each in typed.values() if not is_stored(each)] == []


def is_stored(words: str) -> bool:
    return any(words in value for row in snapshot(keys_now()) for _name, value in row[1:])


def of_assignments() -> list[str]:
    pages = [f"assignments:assignment-{name}" for name in ("detail", "edit", "carry")]
    found = [reverse(page, args=[row.pk]) for page in pages for row in Assignment.objects.all()]
    found += [reverse(f"assignments:{name}") for name in ("library", "library-give", "challenge-list")]
    found += [reverse("assignments:challenge-detail", args=[row.pk]) for row in Challenge.objects.all()]
    return found + [reverse("assignments:template-edit", args=[row.pk]) for row in Template.objects.all()]


def pages_about(cast: Cast) -> list[str]:
    """Wherever a name, a word or a line may be shown."""
    found = [reverse(name) for name in FIRST_PAGES]
    for student in Student.objects.exclude(pk=cast.other_student.pk):
        found += [reverse(name, args=[student.pk]) for name in OF_A_STUDENT]
    for entry in PracticeEntry.objects.filter(student=cast.student):
        found += [reverse(name, args=[entry.pk]) for name in OF_AN_ENTRY]
    for name, model in (("piece", Piece), ("skill", Skill)):
        for key in model._default_manager.values_list("pk", flat=True):
            found += [reverse(f"repertoire:{name}-{page}", args=[key]) for page in ("detail", "edit")]
    for page in ("practice:occasion-detail", "repertoire:occasion-edit"):
        found += [reverse(page, args=[row.pk]) for row in Occasion.objects.all()]
    for page in ("gear:gear-detail", "gear:gear-edit"):
        found += [reverse(page, args=[row.pk]) for row in Gear.objects.all()]
    found += of_assignments()
    for page in ("lesson-detail", "lesson-edit", "lesson-notes"):
        found += [
            reverse(f"lessons:{page}", args=[row.pk]) for row in Lesson.objects.filter(cancelled_at=None)
        ]
    found += [reverse("gear:care-edit", args=[row.pk]) for row in Care.objects.all()]
    found += [reverse("accounts:invitation-show", args=[row.token]) for row in Invitation.objects.all()]
    found += [
        reverse(f"practice:comment-{page}", args=[row.pk])
        for row in EntryComment.objects.all()
        for page in ("delete", "edit")
    ]
    found += [reverse(name) for name in ("private_teaching:teacher-list", "private_teaching:page-show")]
    found += [
        reverse(f"private_teaching:application-{name}", args=[row.pk])
        for row in Application.objects.all()
        for name in ("show", "decline", "withdraw")
    ]
    return found


def office_pages() -> list[str]:
    """What staff see of it: each list, and each row's own page."""
    found = []
    lessons = (Teaching, TeacherProfile, PublishedPage, Application, ApplicationMessage)
    pieces = (Piece, Skill, Note, Occasion, Gear)
    for model in (
        User,
        Student,
        *lessons,
        *pieces,
        Invitation,
        Objection,
        PracticeEntry,
        EntryComment,
        Report,
    ):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        found += [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()[:5]]
    return found


def seen_by(user: User, urls: list[str]) -> list[str]:
    client, _cookies = sign_in(user)
    answers = [client.get(url) for url in urls]
    return [answer.content.decode() for answer in answers if answer.status_code == 200]


def write_markup(cast: Cast, post: Post, number: int) -> tuple[str, str]:
    """In all its fields, and how it must look where it is shown; with the answer's page."""
    words = f"{MARKUP}{number}"
    typed = {name: words for sent, name in WORDS if sent == post}
    client = browser(cast, post)
    sent = post.fields(cast) | typed
    if sent.get("key") == KEY:
        sent["key"] = str(uuid4())
    answer = client.post(address(cast, post), sent, follow=True)
    assert answer.redirect_chain, post
    assert is_stored(words), post
    return answer.content.decode(), escape(words)


def together() -> list[list[Post]]:
    """The walk takes long, so it is made once for several forms, of one app each: no scene comes twice."""
    posts = sorted(POSTS_OF_WORDS, key=app)
    rows = zip_longest(*(list(of_app) for _app, of_app in groupby(posts, key=app)))
    return [[post for post in row if post] for row in rows]


def app(post: Post) -> str:
    return post.route.partition(":")[0]


@pytest.mark.parametrize("posts", together(), ids=lambda posts: ", ".join(map(str, posts)))
def test_markup_is_words_wherever_it_is_shown(cast: Cast, posts: list[Post]) -> None:
    written = [write_markup(cast, post, number) for number, post in enumerate(posts)]
    with_factor(cast, "superuser")
    seen = [*(html for html, _words in written), *seen_by(cast.user("superuser"), office_pages())]
    for who in {"guardian", "teacher", *(post.who or "guardian" for post in posts)}:
        seen += seen_by(cast.user(who), pages_about(cast))
    shown = "".join(seen)
    unseen = [post for post, (_html, words) in zip(posts, written, strict=True) if words not in shown]
    assert not unseen, "nobody is shown what was written"
    assert [raw for raw in RAW for html in seen if raw in html] == []
    services.deliver_due(clock=timezone.now)
    for message in mail.outbox:
        assert isinstance(message, mail.EmailMultiAlternatives)
        assert [raw for raw in RAW if raw in str(message.alternatives)] == []
