"""The inbox's entries, joined in Python: thirty of them in a template would cost more than the database."""

from collections.abc import Collection, Iterable

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.addresses import addresses_of
from apps.core.templatetags.rows import entry_card, escape
from apps.core.templatetags.ui import glyph, per_language
from apps.desk.queries.inbox import News
from apps.practice.models import EntryComment
from apps.practice.queries.lists import NewOfOne

register = template.Library()


@per_language
def _done() -> str:
    return glyph("check") + escape(_("Done"))


@per_language
def _reply() -> str:
    return glyph("comment") + escape(_("Reply"))


@per_language
def _choose() -> str:
    return escape(_("Answer with others"))


@register.simple_tag
def inbox_news(news: Iterable[News], chosen: Collection[str]) -> SafeString:
    """``<ol class="inbox">``: each entry with what was said last and what can be done about it.

    The buttons belong to the page's two forms, ``seen`` and ``replies``.
    """
    address = addresses_of("practice:entry-detail")
    items = "".join(_item(each, address(each.entry.pk), chosen) for each in news)
    return SafeString(f'<ol class="inbox">{items}</ol>')


def _item(news: News, url: str, chosen: Collection[str]) -> str:
    entry = news.entry
    key, marks = escape(entry.pk), escape(news.marks)
    checked = " checked" if str(entry.pk) in chosen else ""
    card = entry_card(entry, url=url, comment_count=vars(entry)["comment_count"])
    return (
        f'<li class="inbox-item" data-news data-name="{escape(entry.student.name)}">{card}{_said(news.said)}'
        f'<p class="inbox-actions no-print">'
        f'<button class="btn btn-secondary btn-sm" form="seen" name="mark" value="{marks}">{_done()}</button>'
        f'<a class="btn btn-secondary btn-sm" href="{url}#comments" data-reply hx-get="{url}"'
        f' hx-target="next .inbox-talk" hx-swap="innerHTML">{_reply()}</a>'
        f'<label class="inbox-choose"><input class="form-check-input" type="checkbox" form="replies"'
        " data-draft-never"
        f' name="entry" value="{key}"{checked}>{_choose()}</label>'
        f'<input type="hidden" form="replies" name="marks-{key}" value="{marks}"></p>'
        f'<div class="inbox-talk"></div></li>'
    )


def _said(comment: EntryComment | None) -> str:
    if comment is None:
        return ""
    who = comment.author.get_full_name() if comment.author else _("Somebody who left")
    return (
        f'<blockquote class="inbox-said"><p dir="auto">{escape(comment.body)}</p>'
        f"<footer><bdi>{escape(who)}</bdi></footer></blockquote>"
    )


@register.simple_tag
def inbox_address(student: object) -> str:
    """The inbox from this pupil on, with the focus on the first entry."""
    return _from(student, reverse("desk:inbox"))


def _from(student: object, inbox: str) -> str:
    return f"{inbox}?from={student}#news"


@register.simple_tag
def inbox_waiting(waiting: Iterable[NewOfOne]) -> SafeString:
    """A link to each pupil of whom something waits, with how much."""
    inbox = reverse("desk:inbox")
    links = (
        f'<a class="chip" href="{escape(_from(each.student, inbox))}">'
        f"<bdi>{escape(each.name)}</bdi> {each.count}</a>"
        for each in waiting
    )
    return SafeString("".join(links))
