"""Sheet music for staff: to look at with an open case, never to write in (ADR 0016)."""

from base64 import b64encode
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import (
    PICTURES_AT_ONCE,
    ContentAdmin,
    ReadOnlyInline,
    first_picture,
    ways_to_pictures,
)
from apps.core.shown_files import stored_picture

from .models import Score, ScorePage


class PageInline(ReadOnlyInline):
    """In this page, and nowhere else: so nobody sees one without the audit row of the reading."""

    model = ScorePage
    fields = ("number", "picture", "file_size", "shown_picture")
    readonly_fields = fields
    ordering = ("number",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        first = first_picture(request)
        return super().get_queryset(request).filter(number__gte=first, number__lt=first + PICTURES_AT_ONCE)

    @admin.display(description=_("picture"))
    def shown_picture(self, obj: ScorePage) -> str:
        data = stored_picture(obj.picture)
        if data is None:
            return "-"
        drawn = b64encode(data).decode()
        return format_html('<img src="data:image/webp;base64,{}" alt="" width="480">', drawn)


@admin.register(Score)
class ScoreAdmin(ContentAdmin):
    list_display = ("created_at", "student", "added_by", "deleted_at")
    search_fields = ("=id", "student__name", "=student__id", "added_by__email")
    ordering = ("-created_at", "-pk")
    fields = ("student", "piece", "title", "pages", "added_by", "created_at", "deleted_at")
    readonly_fields = ("pages",)
    inlines: ClassVar = [PageInline]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("student", "added_by", "piece")

    @admin.display(description=_("pages"))
    def pages(self, obj: Score) -> str:
        """How many, and ways to those that are not on this page."""
        count = obj.pages.count()
        return format_html("{} {}", count, ways_to_pictures(count))
