"""Pictures that a telephone reads."""

import segno
from django import template
from django.utils.safestring import SafeString

from apps.core.mailing import absolute_url

register = template.Library()

# A quarter of the picture may be hidden by a fold or a pin and it still scans.
ERROR_CORRECTION = "q"


@register.simple_tag
def qr(address: str, label: str) -> SafeString:
    """The address as a QR code, drawn in the page itself: sharp on paper, nothing fetched.

    Dark on light in both themes, with the four modules of quiet around it that readers need.
    """
    code = segno.make(address, error=ERROR_CORRECTION, micro=False)
    drawing = code.svg_inline(
        border=4, omitsize=True, light="white", dark="black", svgclass="qr", lineclass=None, title=label
    )
    return SafeString(drawing)


@register.simple_tag
def full_address(name: str, *values: object) -> str:
    """The page's address with the site's own, for paper and for other devices."""
    return absolute_url(name, *values)


@register.simple_tag
def short_address(name: str) -> str:
    """The same to read and type: without the scheme, which browsers add."""
    return absolute_url(name).partition("://")[2]
