"""Evidence for staff: to look at with an open case, never to write in (ADR 0016)."""

from base64 import b64encode
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ContentAdmin
from apps.core.shown_files import stored_picture

from .models import Evidence


@admin.register(Evidence)
class EvidenceAdmin(ContentAdmin):
    """The list says when and by whom; words and picture stand on its own page."""

    list_display = ("created_at", "kind", "student", "added_by", "deleted_at")
    list_filter = ("kind",)
    search_fields = ("=id", "student__name", "=student__id", "added_by__email")
    ordering = ("-created_at", "-pk")
    fields = (
        "student",
        "entry",
        "skill",
        "lesson",
        "kind",
        "body",
        "link",
        "file_name",
        "file_size",
        "shown_picture",
        "added_by",
        "created_at",
        "deleted_at",
    )
    readonly_fields = ("shown_picture",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("student", "added_by", "entry", "skill", "lesson")

    @admin.display(description=_("picture"))
    def shown_picture(self, obj: Evidence) -> str:
        """In this page, and nowhere else: so nobody sees one without the audit row of the reading."""
        data = stored_picture(obj.picture) if obj.picture else None
        if data is None:
            return "-"
        return format_html(
            '<img src="data:image/webp;base64,{}" alt="" width="480">', b64encode(data).decode()
        )
