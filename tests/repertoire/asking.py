"""Asking pages of pieces and skills for what they say."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.forms.page import Page

SignIn = Callable[[User], Client]


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(f"repertoire:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, name: str, target: object, /, **fields: object) -> Any:
    return client.post(reverse(f"repertoire:{name}", args=[target]), fields)


def said(answer: Any, name: str) -> str:
    assert answer.status_code == 200
    return Page(answer.content.decode()).said_beside(name)


def messages(answer: Any) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]
