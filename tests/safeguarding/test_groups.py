"""What each group of the staff gets in the admin, by equality: whatever is not listed is refused."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import Cast
from tests.factories.safeguarding import make_case, make_hold, make_look, make_member, make_report

# It walks through what the tests of each part measure.
pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], Client]
# group → {model: what it may do}. "write" is a change, "add" a new row; nobody deletes anything.
MAY: dict[str, dict[str, set[str]]] = {
    "support": {
        "account.emailaddress": {"view"},
        "accounts.user": {"view", "change"},
        "accounts.invitation": {"view", "cancel"},
        "notifications.delivery": {"view", "replay"},
        "notifications.notification": {"view"},
        "privacy.export": {"view"},
        "privacy.erasure": {"view"},
        "transfer.import": {"view"},
        "private_teaching.teacherprofile": {"view"},
        "safeguarding.readingcase": {"view", "add", "close"},
        "safeguarding.impersonation": {"view", "add"},
    },
    "safeguarding": {
        "accounts.user": {"view", "change"},
        "accounts.student": {"view"},
        "accounts.studentprofile": {"view"},
        "accounts.guardianship": {"view"},
        "accounts.objection": {"view"},
        "accounts.familylock": {"view", "add", "lift"},
        "accounts.studentgrant": {"view"},
        "accounts.invitation": {"view", "cancel"},
        "accounts.readerlink": {"view"},
        "admin.logentry": {"view"},
        "children.childlogin": {"view"},
        "children.trusteddevice": {"view"},
        "core.auditevent": {"view"},
        "core.auditseal": {"view"},
        "evidence.evidence": {"view"},
        "scores.score": {"view"},
        "desk.snippet": {"view"},
        "desk.snooze": {"view"},
        "desk.triagesettings": {"view"},
        "assignments.assignment": {"view"},
        "assignments.step": {"view"},
        "assignments.assignmentcompletion": {"view"},
        "assignments.template": {"view"},
        "assignments.templatestep": {"view"},
        "assignments.challenge": {"view"},
        "assignments.participation": {"view"},
        "lessons.lesson": {"view"},
        "lessons.lessonchange": {"view"},
        "lessons.ownnote": {"view"},
        "ensembles.ensemble": {"view"},
        "ensembles.membership": {"view"},
        "ensembles.groupsession": {"view"},
        "ensembles.grouppart": {"view"},
        "practice.practiceentry": {"view"},
        "practice.practiceentryrevision": {"view"},
        "practice.practiceitemrevision": {"view"},
        "practice.entryfocusarearevision": {"view"},
        "practice.entrycomment": {"view"},
        "practice.entrycommentrevision": {"view"},
        "practice.commentthanks": {"view"},
        "practice.weeksignoff": {"view"},
        "repertoire.piece": {"view"},
        "repertoire.skill": {"view"},
        "repertoire.note": {"view"},
        "repertoire.occasion": {"view"},
        "gear.gear": {"view"},
        "private_teaching.teaching": {"view", "end"},
        "private_teaching.teacherprofile": {"view", "change"},
        "private_teaching.publishedpage": {"view"},
        "private_teaching.application": {"view"},
        "private_teaching.applicationmessage": {"view"},
        "safeguarding.readingcase": {"view", "add", "close"},
        "safeguarding.impersonation": {"view"},
        "safeguarding.report": {"view", "change", "write"},
        "safeguarding.reportnote": {"view"},
        "safeguarding.legalhold": {"view", "add", "lift"},
    },
    "content": {"practice.focusarea": {"view", "add", "change"}},
    "metrics": {"practice.practiceday": {"view"}},
}
ACTIONS = ("cancel", "replay", "close", "end", "write", "lift", "end_connections")


def rights(user: User) -> dict[str, set[str]]:
    """What the admin of each model says to this person, its own actions included."""
    request = RequestFactory().get("/staff/")
    request.user = user
    found = {}
    for model, office in admin.site._registry.items():
        names = ("view", "add", "change", "delete", *ACTIONS)
        has = {name: getattr(office, f"has_{name}_permission", None) for name in names}
        may = {name for name, ask in has.items() if ask is not None and ask(request)}
        if may:
            found[model._meta.label_lower] = may
    return found


@pytest.mark.parametrize("group", MAY)
def test_each_group_has_exactly_its_rights(cast: Cast, group: str) -> None:
    assert rights(make_member(cast.user("staff"), group)) == MAY[group]


def fill(cast: Cast) -> None:
    owner = make_member(cast.user("superuser"))
    make_case(owner, cast.student)
    make_look(owner, cast.user("stranger"))
    make_report(cast.student, cast.user("student"))
    make_hold(cast.student, owner)


@pytest.mark.parametrize("group", MAY)
def test_the_pages_answer_as_the_rights_say(cast: Cast, as_user: SignIn, group: str) -> None:
    """Lists to who may view, forms to who may add, and 403 for all the rest, with each method."""
    fill(cast)
    client = as_user(make_member(cast.user("staff"), group))
    wrong, cells = [], 0
    for model, office in admin.site._registry.items():
        may = MAY[group].get(model._meta.label_lower, set())
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        pages = {"changelist": bool(may & {"view", "change"}), "add": "add" in may}
        for page, is_open in pages.items():
            for method in ("GET", "POST"):
                cells += 1
                status = client.generic(method, reverse(f"{name}_{page}")).status_code
                if (status != 403) != is_open:
                    wrong.append(f"{method} {name}_{page}: {status}")
        if row is not None and office.has_delete_permission is not None:
            for method in ("GET", "POST"):
                cells += 1
                status = client.generic(method, reverse(f"{name}_delete", args=[row.pk])).status_code
                # A page that the list makes needless sends back to the list.
                if status not in (302, 403):
                    wrong.append(f"{method} {name}_delete: {status}")
    assert wrong == []
    assert cells > 100


def test_nobody_in_no_group_gets_anything(cast: Cast) -> None:
    assert rights(make_member(cast.user("staff"))) == {}
