"""How a verdict looks and reads."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.transfer.verdicts import Verdict

register = template.Library()

LOOKS = {
    Verdict.OK: ("success", "check"),
    Verdict.WARNING: ("warning", "warning"),
    Verdict.REFUSED: ("danger", "error"),
    Verdict.KNOWN: ("info", "info"),
}


@register.filter
def verdict_words(verdict: str) -> str:
    words = {
        Verdict.OK: _("right"),
        Verdict.WARNING: _("right, but look"),
        Verdict.REFUSED: _("cannot go in"),
        Verdict.KNOWN: _("left out"),
    }
    return words[Verdict(verdict)]


@register.simple_tag
def verdict_badge(verdict: str) -> SafeString:
    tone, icon = LOOKS[Verdict(verdict)]
    return render_to_string(
        "components/badge.html", {"text": verdict_words(verdict), "tone": tone, "icon": icon}
    )
