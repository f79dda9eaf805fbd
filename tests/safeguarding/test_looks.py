"""Seeing the product as somebody else does: reads little, writes nothing, hides nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Invitation, User
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.models.students import AgeBand
from apps.accounts.services import invite_by_code
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from apps.practice.models import NewMark
from apps.safeguarding import middleware, services
from apps.safeguarding.middleware import LOOK, PAGES, STUDENT_PAGES, ImpersonationMiddleware
from apps.safeguarding.models import Impersonation
from tests.conftest import Cast
from tests.factories.accounts import make_guardianship, make_invitation, make_student, make_user
from tests.factories.children import make_child_login
from tests.factories.safeguarding import make_case, make_look, make_member
from tests.sweep.routes import all_routes
from tests.sweep.world import objects_of

SignIn = Callable[[User], Client]
ADD = "admin:safeguarding_impersonation_add"
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture
def helper(cast: Cast) -> User:
    return make_member(cast.user("staff"), "support")


@pytest.fixture
def desk(helper: User, as_user: SignIn) -> Client:
    return as_user(helper)


def begin(desk: Client, person: User) -> Any:
    return desk.post(reverse(ADD), {"person": str(person.pk), "reason": "They asked for help."})


def look() -> Impersonation:
    return Impersonation.objects.get()


def pages() -> list[tuple[str, int]]:
    rows = AuditEvent.objects.filter(action="look.page").order_by("pk")
    return [(row.details["page"], row.details["status"]) for row in rows]


# Beginning


def test_it_begins_with_a_reason_and_ends_in_half_an_hour(cast: Cast, desk: Client, helper: User) -> None:
    answer = begin(desk, cast.user("teacher"))
    assert answer["Location"] == reverse("home:start")
    assert desk.session[LOOK] == str(look().pk)
    assert (look().staff, look().person, look().reason) == (
        helper,
        cast.user("teacher"),
        "They asked for help.",
    )
    assert look().expires_at - look().started_at == timedelta(minutes=30)
    row = AuditEvent.objects.get(action="look.started")
    assert (row.actor_id, row.target_id, row.details) == (
        helper.pk,
        cast.user("teacher").pk,
        {"look": str(look().pk)},
    )


def test_only_with_a_reason(cast: Cast, desk: Client) -> None:
    answer = desk.post(reverse(ADD), {"person": str(cast.user("teacher").pk), "reason": "because"})
    assert answer.context["adminform"].form.errors.keys() == {"reason"}
    assert LOOK not in desk.session


def rank(user: User, how: str) -> None:
    if how == "a colleague":
        make_member(user)
    elif how == "a superuser":
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    elif how == "in a group":
        make_member(user, "metrics")
        User.objects.filter(pk=user.pk).update(is_staff=False)
    elif how == "with a right":
        user.user_permissions.add(Permission.objects.get(codename="view_user"))
    else:
        User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("how", ["a colleague", "a superuser", "in a group", "with a right", "closed"])
def test_nobody_looks_as_who_has_a_rank(cast: Cast, desk: Client, how: str) -> None:
    rank(cast.user("stranger"), how)
    answer = begin(desk, cast.user("stranger"))
    assert answer.context["adminform"].form.errors.keys() == {"person"}
    assert not Impersonation.objects.exists()


def test_nobody_looks_as_themselves(desk: Client, helper: User) -> None:
    assert begin(desk, helper).status_code == 200
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("group", ["safeguarding", "content", "metrics"])
def test_only_support(cast: Cast, as_user: SignIn, group: str) -> None:
    client = as_user(make_member(cast.user("staff"), group))
    assert begin(client, cast.user("teacher")).status_code == 403
    assert not Impersonation.objects.exists()


# What is shown


def test_the_page_is_the_persons_with_a_banner_and_a_row(cast: Cast, desk: Client, helper: User) -> None:
    begin(desk, cast.user("stranger"))
    answer = desk.get(reverse("accounts:settings"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert cast.user("stranger").display_name in html
    assert "You look as somebody else" in html
    assert reverse("safeguarding:look-leave") in html
    row = AuditEvent.objects.get(action="look.page")
    assert (row.actor_id, row.target_id, row.student_id) == (helper.pk, cast.user("stranger").pk, None)
    assert row.details == {
        "look": str(look().pk),
        "page": "accounts:settings",
        "status": 200,
        "case": None,
    }


def test_the_settings_name_no_child(cast: Cast, desk: Client, as_user: SignIn) -> None:
    """A case is about one student; this page would name all of a guardian's children."""
    guardian, zoe = cast.user("guardian"), make_student("Zoe", age_band=AgeBand.CHILD)
    make_guardianship(zoe, guardian)
    make_child_login(zoe, guardian)
    settings = reverse("accounts:settings")
    assert "Devices of Zoe" in as_user(guardian).get(settings).content.decode()
    begin(desk, guardian)
    html = desk.get(settings).content.decode()
    assert ("You look as somebody else" in html, "Zoe" in html) == (True, False)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_pages_that_may_be_seen(cast: Cast, desk: Client, name: str) -> None:
    begin(desk, cast.user("guardian"))
    assert desk.get(reverse(name)).status_code in (200, 302)
    assert pages()[-1][0] == name


@pytest.mark.no_cover
def test_everything_else_is_closed_before_any_view(
    cast: Cast, helper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address with GET and POST, open pages with every method: no view is reached."""
    found = make_look(helper, cast.user("guardian"))
    objects = objects_of(cast)
    reached: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        reached.append(f"{request.method} {request.path}")
        return HttpResponse()

    monkeypatch.setattr(middleware, "_refused", lambda request, look: HttpResponse(status=403))
    guard, asked = ImpersonationMiddleware(view), 0
    for route in all_routes():
        values = list(objects.get(route.carries, {"absent": {"object_id": "0"}}).values())[-1]
        for method in ("GET", *(METHODS if route.name in PAGES | STUDENT_PAGES else ("POST",))):
            if (route.name in PAGES and method == "GET") or route.name == "safeguarding:look-leave":
                continue
            request = RequestFactory().generic(method, route.url(values))
            request.user, vars(request)["session"] = helper, {LOOK: str(found.pk)}
            asked += 1
            assert (route.name, guard(request).status_code) == (route.name, 403)
    assert reached == []
    assert asked > 400
    assert AuditEvent.objects.filter(action="look.page").count() == asked
    print(f"\nAsked while looking: {asked} times.")


def test_no_page_of_a_look_lets_anybody_in(cast: Cast, desk: Client, helper: User) -> None:
    """Whoever has an invitation's link or code can accept it: neither is on any page that is shown."""
    mother, now = cast.user("guardian"), timezone.now()
    mine = invite_by_code(student=cast.student, role=InvitationRole.GUARDIAN, by=mother, now=now)
    theirs = invite_by_code(
        student=cast.other_student, role=InvitationRole.GUARDIAN, by=cast.user("other_guardian"), now=now
    )
    Invitation.objects.filter(pk=theirs.pk).update(opened_by=mother)
    mailed = make_invitation(cast.other_student, cast.user("other_guardian"), mother.email)
    begin(desk, mother)
    make_case(helper, cast.student)
    for name in sorted(PAGES | STUDENT_PAGES):
        html = desk.get(
            reverse(name, args=[cast.student.pk] if name in STUDENT_PAGES else [])
        ).content.decode()
        assert not re.search(r'/join/[^"]', html), name
        for row in (mine, theirs, mailed):
            assert row.token not in html, name
            assert not row.is_by_code or row.spaced_code not in html, name
    start = desk.get(reverse("home:start")).content.decode()
    assert "2 invitations wait." in start
    assert cast.other_student.name not in start


def test_the_person_themselves_gets_the_link(db: None, as_user: SignIn) -> None:
    nora = make_user("Nora")
    row = make_invitation(make_student("Ben"), make_user("Paul"), nora.email)
    html = as_user(nora).get(reverse("home:start")).content.decode()
    assert reverse("accounts:invitation-show", args=[row.token]) in html


def test_it_begins_on_a_page_that_is_shown(cast: Cast, desk: Client) -> None:
    """A guardian's first page is a diary's: nobody is sent there."""
    begun = begin(desk, cast.user("guardian"))
    assert desk.get(begun["Location"]).status_code == 200
    refused = desk.get(reverse("home:index"))
    assert refused.status_code == 403
    assert f'href="{reverse("home:start")}"' in refused.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"X-Requested-With": "fetch"}])
def test_nothing_is_marked_as_seen(cast: Cast, desk: Client, headers: dict[str, str]) -> None:
    begin(desk, cast.user("teacher"))
    marks = [str(pk) for pk in NewMark.objects.values_list("pk", flat=True)]
    assert marks
    answer = desk.post(reverse("practice:entry-mark-seen"), {"mark": marks}, headers=headers)
    assert answer.status_code == 403
    assert NewMark.objects.count() == len(marks)


def test_settings_are_read_and_not_written(cast: Cast, desk: Client) -> None:
    begin(desk, cast.user("stranger"))
    sent = {"display_name": "Other", "language": "de", "week_starts_on": "0", "time_zone": "UTC"}
    assert desk.post(reverse("accounts:settings"), sent).status_code == 403
    assert User.objects.get(pk=cast.user("stranger").pk).display_name == cast.user("stranger").display_name


def test_an_unknown_address_is_closed_too(cast: Cast, desk: Client) -> None:
    begin(desk, cast.user("stranger"))
    assert desk.get("/no-such-page/").status_code == 403
    assert pages() == [("", 403)]


def test_a_view_that_writes_anyway_is_stopped_by_the_database(cast: Cast, desk: Client, helper: User) -> None:
    """What no list of pages can promise: a GET that writes."""
    found = make_look(helper, cast.user("stranger"))

    def careless(request: HttpRequest) -> HttpResponse:
        assert request.user == cast.user("stranger")
        User.objects.filter(pk=request.user.pk).update(display_name="Changed")
        return HttpResponse()

    request = HttpRequest()
    request.user = helper
    with pytest.raises(DatabaseError, match="read-only transaction"):
        ImpersonationMiddleware(careless)._shown(request, found)
    assert User.objects.get(pk=cast.user("stranger").pk).display_name != "Changed"


# A child's diary


@pytest.mark.parametrize("name", sorted(STUDENT_PAGES))
def test_a_diary_needs_a_case_for_its_student(cast: Cast, desk: Client, helper: User, name: str) -> None:
    begin(desk, cast.user("guardian"))
    address = reverse(name, args=[cast.student.pk])
    make_case(helper, cast.other_student)
    answer = desk.get(address)
    assert answer.status_code == 403
    assert cast.canaries.found_in(answer.content.decode()) <= {"Qzguardian", "guardian@people.example"}
    case = make_case(helper, cast.student)
    assert desk.get(address).status_code == 200
    row = AuditEvent.objects.filter(action="look.page").latest("pk")
    assert (row.student_id, row.details["case"], row.details["status"]) == (
        cast.student.pk,
        str(case.pk),
        200,
    )
    assert desk.post(address).status_code == 403


def test_a_case_opens_no_diary_that_the_person_cannot_see(cast: Cast, desk: Client, helper: User) -> None:
    begin(desk, cast.user("stranger"))
    make_case(helper, cast.student)
    assert desk.get(reverse("practice:entry-list", args=[cast.student.pk])).status_code == 404


# The end


def test_leaving(cast: Cast, desk: Client, helper: User) -> None:
    begin(desk, cast.user("stranger"))
    answer = desk.post(reverse("safeguarding:look-leave"))
    assert answer["Location"] == reverse("admin:safeguarding_impersonation_changelist")
    assert LOOK not in desk.session
    assert look().ended_at is not None
    row = AuditEvent.objects.get(action="look.ended")
    assert (row.actor_id, row.target_id) == (helper.pk, cast.user("stranger").pk)
    assert helper.display_name in desk.get(reverse("accounts:settings")).content.decode()
    services.end_look(look=look(), by=helper, now=timezone.now())
    assert AuditEvent.objects.filter(action="look.ended").count() == 1


def test_without_a_look_there_is_nothing_to_leave(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("teacher"))
    assert client.post(reverse("safeguarding:look-leave"))["Location"] == reverse("home:index")
    assert client.get(reverse("safeguarding:look-leave")).status_code == 405
    assert Client().post(reverse("safeguarding:look-leave")).status_code == 302


def lose(how: str, helper: User, person: User) -> None:
    if how == "time":
        rows = Impersonation.objects.all()
        rows.update(started_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now())
    elif how == "group":
        helper.groups.clear()
    elif how == "factor":
        Authenticator.objects.filter(user=helper).delete()
    elif how == "flag":
        User.objects.filter(pk=helper.pk).update(is_staff=False)
    elif how == "ended elsewhere":
        Impersonation.objects.update(ended_at=timezone.now())
    else:
        make_member(person)


@pytest.mark.parametrize("how", ["time", "group", "factor", "flag", "ended elsewhere", "person joins staff"])
def test_whatever_is_lost_ends_it(cast: Cast, desk: Client, helper: User, how: str) -> None:
    begin(desk, cast.user("stranger"))
    lose(how, helper, cast.user("stranger"))
    answer = desk.get(reverse("accounts:settings"))
    assert answer["Location"] == reverse("admin:index")
    assert LOOK not in desk.session
    assert look().ended_at is not None
    assert pages() == []


@pytest.mark.parametrize("forged", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_a_forged_session_shows_nothing(cast: Cast, desk: Client, forged: str) -> None:
    session = desk.session
    session[LOOK] = forged
    session.save()
    assert desk.get(reverse("accounts:settings")).status_code == 302
    assert LOOK not in desk.session


def test_anothers_look_is_not_ones_own(cast: Cast, desk: Client) -> None:
    other = make_member(cast.user("former_teacher"), "support")
    session = desk.session
    session[LOOK] = str(make_look(other, cast.user("stranger")).pk)
    session.save()
    assert desk.get(reverse("accounts:settings"))["Location"] == reverse("admin:index")


# The person knows


def test_the_person_gets_a_mail_and_a_line_in_the_settings(cast: Cast, desk: Client, as_user: SignIn) -> None:
    begin(desk, cast.user("stranger"))
    deliver_due(clock=timezone.now)
    (sent,) = mail.outbox
    assert sent.to == [cast.user("stranger").email]
    assert sent.subject == "Support looks at Woodshed as you see it"
    assert "They can change nothing" in sent.body
    html = as_user(cast.user("stranger")).get(reverse("accounts:settings")).content.decode()
    assert "When Woodshed looked over your shoulder" in html
    html = as_user(cast.user("teacher")).get(reverse("accounts:settings")).content.decode()
    assert "looked over your shoulder" not in html


def test_a_look_without_its_person_is_no_news(cast: Cast, desk: Client) -> None:
    begin(desk, cast.user("stranger"))
    User.objects.filter(pk=cast.user("stranger").pk).update(is_active=False)
    deliver_due(clock=timezone.now)
    assert mail.outbox == []
