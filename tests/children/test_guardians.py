"""The guardian's pages: setting up, cards, devices, closing; with the password, and written down."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.accounts.models.students import AgeBand
from apps.accounts.services import (
    StudentHasALogin,
    StudentIsAdult,
)
from apps.children import secrets, services, usernames
from apps.children.models import ChildLogin, TrustedDevice
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.children import PICTURES, PIN, child_client, make_child_login, trust

from .conftest import Family

FOUR = {f"picture_{number + 1}": code for number, code in enumerate(PICTURES.split("-"))}


def come_in(user: User, *, fresh: bool = True) -> Client:
    client = Client()
    client.force_login(user)
    if fresh:
        client.post(reverse("account_reauthenticate"), {"password": "woodshed-demo"})
    return client


def edit(client: Client, child: Student, **fields: str) -> Any:
    return client.post(reverse("children:sign-in-edit", args=[child.pk]), fields)


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


class TestSetUp:
    def test_pictures(self, guardian: User, child: Student) -> None:
        assert edit(come_in(guardian), child, kind="pictures", **FOUR).status_code == 302
        login = ChildLogin.objects.get()
        assert secrets.matches(login, PICTURES)
        assert login.username.startswith("zoe")
        assert login.username[3:].isdigit()
        child.refresh_from_db()
        user = child.user
        assert user == login.user
        assert user is not None
        assert (user.is_child, user.display_name, user.has_usable_password()) == (True, "Zoë", False)
        actions = set(AuditEvent.objects.filter(student_id=child.pk).values_list("action", "actor_id"))
        assert actions == {("child.login-opened", guardian.pk), ("child.sign-in-set", guardian.pk)}

    def test_a_number_and_a_name(self, guardian: User, child: Student) -> None:
        edit(come_in(guardian), child, username=" ZoeCello7 ", kind="pin", pin="470 913")
        login = ChildLogin.objects.get()
        assert (login.username, secrets.matches(login, PIN)) == ("zoecello7", True)

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"kind": "pin"}, "pin"),
            ({"kind": "pin", "pin": "47091"}, "pin"),
            ({"kind": "pin", "pin": "٤٧٠٩١٣"}, "pin"),
            ({"kind": "pin", "pin": "123456"}, "pin"),
            ({"kind": "pin", "pin": "987654"}, "pin"),
            ({"kind": "pin", "pin": "121212"}, "pin"),
            ({"kind": "pictures", "picture_1": "cat"}, "picture_2"),
            ({"kind": "pictures", **dict.fromkeys(FOUR, "cat")}, "picture_4"),
            ({"kind": "pictures", **FOUR, "picture_1": "tiger"}, "picture_1"),
            ({"kind": "none"}, "kind"),
            ({"kind": "keep"}, "kind"),
            ({"username": ""}, "kind"),
            ({"kind": "pin", "pin": PIN, "username": "7zoe"}, "username"),
            ({"kind": "pin", "pin": PIN, "username": "zo"}, "username"),
            ({"kind": "pin", "pin": PIN, "username": "zoë47"}, "username"),
            ({"kind": "pin", "pin": PIN, "username": "zoeberg1"}, "username"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(
        self, guardian: User, child: Student, fields: dict[str, str], wrong: str
    ) -> None:
        response = edit(come_in(guardian), child, **fields)
        assert wrong in errors(response)
        assert not ChildLogin.objects.exists()
        assert not User.objects.filter(email__endswith="child.invalid").exists()

    def test_a_taken_name(self, guardian: User, child: Student) -> None:
        other = make_student("Ben")
        make_child_login(other, guardian, username="zoe47")
        response = edit(come_in(guardian), child, username="zoe47", kind="pin", pin=PIN)
        assert errors(response) == {"username": ["This name is taken. Try another number."]}
        child.refresh_from_db()
        assert child.user is None

    def test_a_suggested_name_that_is_taken(
        self, guardian: User, child: Student, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_child_login(make_student("Ben"), guardian, username="zoe47")
        names = iter(["zoe47", "zoe48"])
        monkeypatch.setattr(usernames, "suggest", lambda student: next(names))
        assert services.open_login(student=child, by=guardian, now=timezone.now()).username == "zoe48"
        monkeypatch.setattr(usernames, "suggest", lambda student: "zoe47")
        with pytest.raises(services.NameIsTaken):
            services.open_login(student=make_student("Zoe"), by=guardian, now=timezone.now())

    @pytest.mark.parametrize(
        ("name", "stem"), [("Zoë Berg", "zoe"), ("Жанна", "child"), ("Anna-Lena", "annalena"), ("ß", "ss")]
    )
    def test_names_of_every_script(self, guardian: User, name: str, stem: str) -> None:
        login = make_child_login(make_student(name), guardian)
        assert login.username.rstrip("0123456789") == stem

    def test_the_name_alone_changes_no_secret_and_ends_no_session(
        self, guardian: User, child: Student
    ) -> None:
        make_child_login(child, guardian)
        at_home = child_client(child, guardian)
        assert edit(come_in(guardian), child, username="zoe9", kind="keep").status_code == 302
        login = ChildLogin.objects.get()
        assert (login.username, secrets.matches(login, PICTURES)) == ("zoe9", True)
        assert at_home.get(reverse("home:student")).status_code == 200


class TestDoors:
    GUARDED = ("sign-in-edit", "sign-in-close", "card-show")

    @pytest.mark.parametrize("name", GUARDED)
    def test_the_password_is_asked_for(self, family: Family, name: str) -> None:
        url = reverse(f"children:{name}", args=[family.child.pk])
        answer = come_in(family.guardian, fresh=False).get(url)
        assert reverse("account_reauthenticate") in answer.headers["Location"]
        assert come_in(family.guardian).get(url).status_code == 200

    @pytest.mark.parametrize("name", ["card-make", "device-trust"])
    def test_and_for_buttons_that_let_somebody_in(self, family: Family, name: str) -> None:
        url = reverse(f"children:{name}", args=[family.child.pk])
        answer = come_in(family.guardian, fresh=False).post(url)
        assert reverse("account_reauthenticate") in answer.headers["Location"]
        assert not TrustedDevice.objects.exists()
        assert not ChildLogin.objects.get().has_card

    def test_teachers_and_strangers(self, family: Family) -> None:
        device = trust(Client(), family.child, family.guardian)
        for user, status in [(family.teacher, 403), (make_user("Sly"), 404)]:
            client = come_in(user)
            for name in ("sign-in-show", "sign-in-edit", "card-show"):
                assert client.get(reverse(f"children:{name}", args=[family.child.pk])).status_code == status
            for name in ("device-revoke", "device-unlock"):
                assert client.post(reverse(f"children:{name}", args=[device.pk])).status_code == 404
        device.refresh_from_db()
        assert device.revoked_at is None


class TestOwnLogins:
    """Who has an account with an address decides for themselves."""

    def test_a_teenager(self, guardian: User) -> None:
        teen = make_student("Mia", user=make_user("Mia"), age_band=AgeBand.TEEN)
        make_guardianship(teen, guardian)
        client = come_in(guardian)
        page = client.get(reverse("children:sign-in-show", args=[teen.pk])).content.decode()
        assert "There is a sign-in already" in page
        assert "Hand over to" not in page
        assert edit(client, teen, kind="pin", pin=PIN).status_code == 302
        client.post(reverse("children:hand-over", args=[teen.pk]))
        assert client.get(reverse("home:index")).wsgi_request.user == guardian
        assert not ChildLogin.objects.exists()
        with pytest.raises(StudentHasALogin):
            make_child_login(teen, guardian)

    def test_an_adult(self, guardian: User) -> None:
        adult = make_student("Ada", age_band=AgeBand.ADULT)
        make_guardianship(adult, guardian)
        assert come_in(guardian).get(reverse("children:sign-in-show", args=[adult.pk])).status_code == 403
        with pytest.raises(StudentIsAdult):
            make_child_login(adult, guardian)


class TestDevices:
    def test_trusting_sets_a_cookie_that_no_script_reads(self, family: Family) -> None:
        client = come_in(family.guardian)
        agent = "Mozilla/5.0 (iPad; CPU OS 17_0) AppleWebKit/605 Version/17.0 Safari/604 <b>x</b>"
        url = reverse("children:device-trust", args=[family.child.pk])
        assert client.post(url, headers={"User-Agent": agent}).status_code == 302
        cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert len(cookie.value) >= 43, "256 bits"
        device = TrustedDevice.objects.get()
        assert device.name == "Safari, iPad"
        assert cookie.value not in device.token_hash
        page = client.get(reverse("children:sign-in-show", args=[family.child.pk])).content.decode()
        assert "Safari, iPad" in page
        assert "This device" in page

    def test_a_browser_that_says_nothing(self, family: Family) -> None:
        client = come_in(family.guardian)
        client.post(reverse("children:device-trust", args=[family.child.pk]), headers={"User-Agent": "curl"})
        assert TrustedDevice.objects.get().name == "a browser"

    def test_a_copied_token_dies_at_the_next_trust(self, family: Family) -> None:
        client = come_in(family.guardian)
        url = reverse("children:device-trust", args=[family.child.pk])
        client.post(url)
        old = client.cookies[settings.DEVICE_COOKIE_NAME].value
        client.post(url)
        assert TrustedDevice.objects.count() == 1
        assert not TrustedDevice.objects.with_token(old).exists()

    def test_the_other_guardians_hear_of_a_new_device(self, family: Family) -> None:
        father = make_user("Paul Berg")
        make_guardianship(family.child, father)
        client = come_in(family.guardian)
        url = reverse("children:device-trust", args=[family.child.pk])
        client.post(url)
        client.post(url)
        deliver_due(clock=timezone.now)
        [sent] = mail.outbox
        assert sent.to == [father.email]
        assert sent.subject == "Zoë may sign in on one more device"
        assert "Nora Berg has let Zoë sign in on this device: a browser." in sent.body
        assert reverse("children:sign-in-show", args=[family.child.pk]) in sent.body

    def test_of_a_revoked_device_nobody_hears(self, family: Family) -> None:
        make_guardianship(family.child, make_user("Paul Berg"))
        device = trust(Client(), family.child, family.guardian)
        services.revoke_device(device=device, by=family.guardian, now=timezone.now())
        deliver_due(clock=timezone.now)
        assert mail.outbox == []

    def test_without_a_sign_in_nothing_is_trusted(self, guardian: User, child: Student) -> None:
        client = come_in(guardian)
        assert client.post(reverse("children:device-trust", args=[child.pk])).status_code == 302
        assert settings.DEVICE_COOKIE_NAME not in client.cookies

    def test_revoke_and_let_on_again(self, family: Family) -> None:
        device = trust(Client(), family.child, family.guardian)
        TrustedDevice.objects.update(locked_at=timezone.now())
        client = come_in(family.guardian)
        client.post(reverse("children:device-unlock", args=[device.pk]))
        device.refresh_from_db()
        assert device.locked_at is None
        client.post(reverse("children:device-revoke", args=[device.pk]))
        device.refresh_from_db()
        assert device.revoked_at is not None
        assert client.post(reverse("children:device-revoke", args=[device.pk])).status_code == 404
        actions = AuditEvent.objects.filter(target_id=device.pk).values_list("action", flat=True)
        assert list(actions.order_by("pk")) == [
            "child.device-trusted",
            "child.device-unlocked",
            "child.device-revoked",
        ]


class TestCards:
    def test_the_card_shows_the_first_name_and_the_link(self, family: Family) -> None:
        client = come_in(family.guardian)
        url = reverse("children:card-show", args=[family.child.pk])
        assert "There is no card" in client.get(url).content.decode()
        assert client.post(reverse("children:card-make", args=[family.child.pk])).headers["Location"] == url
        page = client.get(url).content.decode()
        assert "<svg" in page
        assert "Zoë" in page
        assert "Berg" not in page.partition("<main")[2]
        client.post(reverse("children:card-revoke", args=[family.child.pk]))
        assert not ChildLogin.objects.get().has_card

    def test_without_a_sign_in_there_is_none(self, guardian: User, child: Student) -> None:
        client = come_in(guardian)
        show = reverse("children:sign-in-show", args=[child.pk])
        for name in ("card-make", "card-revoke", "sign-in-close"):
            assert client.post(reverse(f"children:{name}", args=[child.pk])).headers["Location"] == show
        assert not ChildLogin.objects.exists()


class TestClosing:
    def test_nothing_leads_in_any_more_and_the_diary_stays(self, family: Family) -> None:
        at_home = child_client(family.child, family.guardian)
        services.make_card(student=family.child, by=family.guardian, now=timezone.now())
        client = come_in(family.guardian)
        client.post(reverse("children:sign-in-close", args=[family.child.pk]))
        login = ChildLogin.objects.get()
        assert (login.secret, login.card_hash, login.kind) == ("", None, "none")
        assert login.closed_at is not None
        family.child.refresh_from_db()
        assert family.child.user is None
        assert not User.objects.get(pk=login.user_id).is_active
        assert TrustedDevice.objects.get().revoked_at is not None
        assert at_home.get(reverse("home:student")).status_code == 302

    def test_opened_again_it_is_the_same_account(self, family: Family) -> None:
        services.close_login(student=family.child, by=family.guardian, now=timezone.now())
        again = make_child_login(family.child, family.guardian)
        assert (again.pk, again.user_id) == (family.login.pk, family.login.user_id)
        assert User.objects.get(pk=again.user_id).is_active
        family.child.refresh_from_db()
        assert family.child.user_id == again.user_id

    def test_closed_twice(self, family: Family) -> None:
        services.close_login(student=family.child, by=family.guardian, now=timezone.now())
        with pytest.raises(services.NoSignIn):
            services.close_login(student=family.child, by=family.guardian, now=timezone.now())
