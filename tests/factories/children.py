"""Children's sign-ins as the product makes them, and browsers in which a child is signed in."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Student, User
from apps.children import services
from apps.children.models import ChildLogin, TrustedDevice
from apps.children.sessions import MARK

PICTURES = "cat-sun-boat-key"
PIN = "470913"


def make_child_login(
    student: Student, by: User, *, kind: str = "pictures", value: str = PICTURES, username: str = ""
) -> ChildLogin:
    return services.set_up(
        student=student, username=username, kind=kind, value=value, by=by, now=timezone.now()
    )


def trust(client: Client, student: Student, by: User, name: str = "Firefox, Linux") -> TrustedDevice:
    """This browser is one of the child's devices from now on."""
    cookie = client.cookies.get(settings.DEVICE_COOKIE_NAME)
    token = services.trust_device(
        student=student, token=cookie.value if cookie else "", name=name, by=by, now=timezone.now()
    )
    client.cookies[settings.DEVICE_COOKIE_NAME] = token
    return TrustedDevice.objects.with_token(token).get(student=student)


def trusted_client(student: Student, by: User) -> Client:
    client = Client()
    trust(client, student, by)
    return client


def child_client(student: Student, by: User, **options: Any) -> Client:
    """A browser on a trusted device in which the child is signed in."""
    client = Client(**options)
    device = trust(client, student, by)
    login = ChildLogin.objects.get(student=student)
    client.force_login(login.user)
    session = client.session
    session[MARK] = {"device": str(device.pk)}
    session.save()
    return client


def handed_over_client(student: Student, by: User) -> Client:
    """The guardian's browser after they handed it over."""
    client = Client()
    client.force_login(by)
    client.post(f"/students/{student.pk}/sign-in/hand-over/")
    return client
