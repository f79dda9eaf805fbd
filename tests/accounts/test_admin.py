"""Staff: a second factor at the door, the least permissions, and every reading of a child noted."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Invitation, Student, StudentGrant, StudentProfile, User
from apps.accounts.services import AgeNotAllowed, create_own_student
from apps.core.access import is_allowed
from apps.core.models import AuditEvent
from apps.notifications.models import Delivery, DeliveryState
from apps.private_teaching.models import Teaching
from config.staff_groups import STAFF_GROUPS, write_staff_groups
from tests.conftest import Cast
from tests.factories.accounts import birth_month, make_invitation
from tests.factories.safeguarding import make_case

SignIn = Callable[[User], Client]
AUDITED = [Student, StudentProfile, Guardianship, StudentGrant, Invitation, Teaching]


def with_factor(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x" * 32})
    return user


def member(user: User, group: str) -> User:
    write_staff_groups()
    user.groups.add(Group.objects.get(name=group))
    return with_factor(user)


@pytest.fixture
def office(cast: Cast, as_user: SignIn) -> Client:
    """A superuser's browser."""
    return as_user(with_factor(cast.user("superuser")))


def page(model: type[Any], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def reads() -> list[tuple[str, str, object]]:
    rows = AuditEvent.objects.filter(action="staff.read")
    return list(rows.values_list("target_type", "action", "student_id"))


# The door


def test_staff_without_a_second_factor_set_one_up(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.user("staff"))
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    with_factor(cast.user("staff"))
    assert client.get(reverse("admin:index")).status_code == 200


def test_others_are_led_away(cast: Cast, as_user: SignIn) -> None:
    with_factor(cast.user("teacher"))
    login = reverse("admin:login")
    assert as_user(cast.user("teacher")).get(login)["Location"] == reverse("home:index")
    wanted = reverse("admin:accounts_student_changelist")
    answer = Client().get(wanted, follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('account_login')}?next={wanted.replace('/', '%2F')}"


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/staff/accounts/student/", "/staff/accounts/student/"),
        ("https://evil.example/staff/", "/staff/"),
        ("/family/", "/staff/"),
        ("", "/staff/"),
    ],
)
def test_the_login_page_leads_staff_on(office: Client, target: str, leads: str) -> None:
    assert office.get(reverse("admin:login"), {"next": target})["Location"] == leads


def test_one_page_for_passwords(office: Client) -> None:
    assert office.get(reverse("admin:password_change"))["Location"] == reverse("account_change_password")
    assert office.get("/staff/accounts/user/1/password/").status_code in (302, 404)


def test_a_superuser_is_nobody_on_product_pages(cast: Cast, office: Client) -> None:
    url = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert office.get(url).status_code == 404
    assert not is_allowed("view", cast.user("superuser"), cast.student)


# Reading leaves a row


def test_each_reading_of_a_student_is_noted(cast: Cast, office: Client) -> None:
    for name in ("change", "history"):
        assert office.get(page(Student, name, cast.student.pk)).status_code == 200
    assert reads() == [("accounts.student", "staff.read", cast.student.pk)] * 2
    assert set(AuditEvent.objects.filter(action="staff.read").values_list("actor", "target_id")) == {
        (cast.user("superuser").pk, cast.student.pk)
    }


@pytest.mark.parametrize("model", AUDITED)
def test_every_audited_model(cast: Cast, office: Client, model: type[Any]) -> None:
    make_invitation(cast.student, cast.user("guardian"))
    for student in (cast.student, cast.other_student):
        make_case(cast.user("superuser"), student)
    row = model.objects.order_by("pk").first()
    assert office.get(page(model, "change", row.pk)).status_code == 200
    assert [target for target, _action, _student in reads()] == [model._meta.label_lower]
    assert reads()[0][2] is not None
    assert office.get(page(model, "changelist")).status_code == 200
    listed = AuditEvent.objects.get(action="staff.listed")
    listed.details.pop("case", None)
    assert listed.details == {"model": model._meta.label_lower, "rows": model.objects.count(), "page": 1}


def test_what_was_not_shown_was_not_read(cast: Cast, office: Client, as_user: SignIn) -> None:
    url = page(Student, "change", cast.student.pk)
    assert as_user(with_factor(cast.user("staff"))).get(url).status_code == 403
    sent = {"name": "Mia B", "time_zone": "UTC", "day_ends_at_hour": "3", "max_minutes": ""}
    assert office.post(url, sent).status_code == 302
    assert reads() == []
    assert office.post(url, sent | {"name": ""}).status_code == 200
    assert len(reads()) == 1


def test_a_failed_delete_page_is_no_reading(cast: Cast, office: Client) -> None:
    assert office.get(page(Student, "delete", cast.student.pk)).status_code == 403
    assert reads() == []


# What staff may change


def test_what_belongs_to_the_family_is_not_staffs(cast: Cast, office: Client) -> None:
    sent = {
        "name": "Mia B",
        "time_zone": "UTC",
        "day_ends_at_hour": "3",
        "max_minutes": "60",
        "user": cast.user("stranger").pk,
        "age_band": "adult",
    }
    office.post(page(Student, "change", cast.student.pk), sent)
    after = Student.objects.get(pk=cast.student.pk)
    assert (after.name, after.max_minutes) == ("Mia B", 60)
    assert (after.user, after.age_band) == (cast.user("student"), "teen")


def test_support_makes_nobody_staff(cast: Cast, as_user: SignIn) -> None:
    client = as_user(member(cast.user("staff"), "support"))
    target = cast.user("stranger")
    sent = {
        "display_name": "New Name",
        "language": "en",
        "time_zone": "UTC",
        "week_starts_on": "0",
        "is_active": "",
        "is_staff": "on",
        "is_superuser": "on",
        "email": "x@people.example",
    }
    assert client.post(page(User, "change", target.pk), sent).status_code == 302
    after = User.objects.get(pk=target.pk)
    assert (after.display_name, after.is_active) == ("New Name", False)
    assert (after.is_staff, after.is_superuser, after.email) == (False, False, target.email)
    assert client.post(page(User, "change", cast.user("superuser").pk), sent).status_code == 403
    assert client.get(page(Student, "changelist")).status_code == 403


def test_a_superuser_makes_staff(cast: Cast, office: Client) -> None:
    target = cast.user("stranger")
    sent = {
        "display_name": "S",
        "language": "en",
        "time_zone": "UTC",
        "week_starts_on": "0",
        "is_active": "on",
        "is_staff": "on",
    }
    assert office.post(page(User, "change", target.pk), sent).status_code == 302
    assert User.objects.get(pk=target.pk).is_staff


def test_safeguarding_ends_a_teaching_at_that_commit(cast: Cast, as_user: SignIn) -> None:
    client = as_user(member(cast.user("staff"), "safeguarding"))
    sent = {"action": "end", "_selected_action": [str(cast.teaching.pk)]}
    assert client.post(page(Teaching, "changelist"), sent).status_code == 302
    assert not is_allowed("view", cast.user("teacher"), cast.student)
    ended = AuditEvent.objects.get(action="teaching.ended")
    assert ended.actor_id == cast.user("staff").pk


def test_support_cancels_invitations(cast: Cast, as_user: SignIn) -> None:
    waiting = make_invitation(cast.student, cast.user("guardian"))
    answered = make_invitation(cast.student, cast.user("guardian"), "b@people.example")
    Invitation.objects.filter(pk=answered.pk).update(declined_at=timezone.now())
    client = as_user(member(cast.user("staff"), "support"))
    sent = {"action": "cancel", "_selected_action": [str(waiting.pk), str(answered.pk)]}
    html = client.post(page(Invitation, "changelist"), sent, follow=True).content.decode()
    assert "1 invitation cancelled." in html
    assert "was answered already" in html
    assert Invitation.objects.get(pk=waiting.pk).state(timezone.now()) == "cancelled"


def test_support_sees_why_a_mail_did_not_arrive_and_sends_it_again(cast: Cast, as_user: SignIn) -> None:
    make_invitation(cast.student, cast.user("guardian"), "away@people.example")
    Delivery.objects.update(state=DeliveryState.FAILED, last_error="mailbox unavailable")
    client = as_user(member(cast.user("staff"), "support"))
    html = client.get(page(Delivery, "changelist")).content.decode()
    assert "mailbox unavailable" in html
    chosen = [str(pk) for pk in Delivery.objects.values_list("pk", flat=True)]
    sent = {"action": "send_again", "_selected_action": chosen}
    assert (
        "1 message will be sent again."
        in client.post(page(Delivery, "changelist"), sent, follow=True).content.decode()
    )
    assert not Delivery.objects.filter(state=DeliveryState.FAILED).exists()


def test_the_link_is_not_shown_to_staff(cast: Cast, office: Client) -> None:
    row = make_invitation(cast.student, cast.user("guardian"))
    for url in (page(Invitation, "change", row.pk), page(Invitation, "changelist")):
        html = office.get(url).content.decode()
        assert row.token not in html
        assert row.token_hash not in html
        assert row.nonce not in html


def test_secrets_of_second_factors_are_in_no_admin() -> None:
    assert not admin.site.is_registered(Authenticator)


def test_every_model_of_people_is_registered() -> None:
    models = [
        model
        for label in ("accounts", "private_teaching", "core")
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model")
    ]
    assert [model.__name__ for model in models if not admin.site.is_registered(model)] == []


# Groups


def permissions(group: str) -> set[str]:
    found = Permission.objects.filter(group__name=group).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def test_migrating_gives_the_groups_what_the_code_says(db: None) -> None:
    Group.objects.all().delete()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    for group, listed in STAFF_GROUPS.items():
        expected = {f"{app}.{name}" for app, names in listed.items() for name in names}
        assert permissions(group) == expected


def test_what_was_added_by_hand_is_taken_back(db: None) -> None:
    write_staff_groups()
    Group.objects.get(name="support").permissions.add(Permission.objects.get(codename="delete_user"))
    write_staff_groups()
    assert "accounts.delete_user" not in permissions("support")


def test_no_group_deletes_and_no_group_reads_all(db: None) -> None:
    write_staff_groups()
    for group in STAFF_GROUPS:
        assert not {name for name in permissions(group) if ".delete_" in name}
    assert not permissions("support") & {"practice.view_practiceentry", "accounts.view_student"}


# Lists


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "europe/berlin "])
def test_a_zone_that_is_none_is_said_beside_its_field(cast: Cast, office: Client, zone: str) -> None:
    """A wrong zone would make every page of the student fail to say what day it is."""
    sent = {"name": "Mia B", "time_zone": zone, "day_ends_at_hour": "3", "max_minutes": ""}
    answer = office.post(page(Student, "change", cast.student.pk), sent)
    errors = answer.context["adminform"].form.errors
    assert "not a time zone that we know" in errors["time_zone"][0]
    assert Student.objects.get(pk=cast.student.pk).name == cast.student.name


@pytest.mark.parametrize(
    ("field", "value"), [("day_ends_at_hour", "12"), ("max_minutes", "1441"), ("name", "")]
)
def test_limits_of_the_database_are_answered_beside_the_field(
    cast: Cast, office: Client, field: str, value: str
) -> None:
    sent = {"name": "Mia B", "time_zone": "UTC", "day_ends_at_hour": "3", "max_minutes": "", field: value}
    answer = office.post(page(Student, "change", cast.student.pk), sent)
    assert answer.status_code == 200
    assert Student.objects.get(pk=cast.student.pk).name == cast.student.name


def test_an_address_is_one_whatever_its_case(cast: Cast) -> None:
    """For ``createsuperuser`` and whatever else looks an account up by its natural key."""
    found = User.objects.get_by_natural_key(cast.user("teacher").email.upper())
    assert found == cast.user("teacher")


@pytest.mark.parametrize(("age", "country"), [(15, "DE"), (12, "US"), (15, ""), (17, "IN")])
def test_no_diary_of_ones_own_without_an_age_that_allows_it(cast: Cast, age: int, country: str) -> None:
    """The page asks first; the service does not rely on it."""
    with pytest.raises(AgeNotAllowed):
        create_own_student(
            user=cast.user("stranger"),
            name="Kid",
            birth_month=birth_month(age),
            country=country,
            agreed=True,
            now=timezone.now(),
        )
    assert not Student.objects.filter(user=cast.user("stranger")).exists()
