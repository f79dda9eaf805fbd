"""The browser of whoever sends a form."""

from django.test import Client
from django.urls import reverse

from tests.conftest import Cast
from tests.sweep.world import sign_in

from .posts import Post


def sender(cast: Cast, post: Post) -> Client:
    """Signed in, if it is somebody; the password given anew where it is asked for."""
    client, _cookies = sign_in(cast.user(post.who) if post.who else None)
    if post.is_guarded:
        client.post(reverse("account_reauthenticate"), {"password": "woodshed-demo"})
    return client
