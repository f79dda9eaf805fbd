"""The words that somebody agrees to, wherever a page asks for it."""

from django import template

from apps.consent.texts import Text, text_of

register = template.Library()


@register.simple_tag
def consent_text(purpose: str) -> Text:
    """Today's words for a purpose: ``{% consent_text "core" as text %}``."""
    return text_of(purpose)
