"""A system check: whether pages can be drawn where this runs."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  (its name)

from .pdf import PdfIsNotPossible, draw_pages

# One empty page.
SMALLEST = (
    b"%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
    b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n"
    b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 90 120]>> endobj\n"
    b"trailer <</Root 1 0 R>>\n"
)


@register(Tags.compatibility, deploy=True)
def a_page_can_be_drawn(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A library that does not load, or a system without such limits, would call each PDF damaged."""
    try:
        draw_pages(SMALLEST, most_pages=1, side=120)
    except PdfIsNotPossible as error:
        return [Warning(f"No PDF can be drawn on this system ({error.fault}).", id="woodshed.W001")]
    return []
