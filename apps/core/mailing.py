"""Turning templates into a mail: subject, text worth reading, and our design with its CSS inlined."""

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from .outbox import Email


@cache
def _inliner() -> css_inline.CSSInliner:
    """Keeps the style element too: its media queries make the mail dark where the reader's program is."""
    return css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)


def absolute_url(name: str, *args: object) -> str:
    """The full address of a page; mails have no page to be relative to."""
    return on_site(reverse(name, args=args))


def on_site(url: str) -> str:
    """The same page at the address that the settings name, by whatever host the request came."""
    site_url: str = settings.SITE_URL
    return site_url.rstrip("/") + urlsplit(url).path


def render_email(name: str, context: Mapping[str, object]) -> Email:
    """Render ``emails/<name>_subject.txt``, ``.txt`` and ``.html`` in the active language."""
    return Email(
        subject=" ".join(render_to_string(f"emails/{name}_subject.txt", dict(context)).split()),
        text=render_to_string(f"emails/{name}.txt", dict(context)).strip() + "\n",
        html=render_html(name, context),
    )


def render_html(name: str, context: Mapping[str, object]) -> str:
    """Render ``emails/<name>.html``, our sheet with the CSS inlined."""
    shared = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "language": translation.get_language(),
        **context,
    }
    html: str = _inliner().inline(render_to_string(f"emails/{name}.html", shared))
    return html
