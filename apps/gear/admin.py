"""Gear for staff: to look at with an open case, never to write in (ADR 0016)."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ContentAdmin, ReadOnlyInline

from .models import Care, Gear


class CareInline(ReadOnlyInline):
    model = Care
    fk_name = "gear"
    fields = ("done_on", "kind", "words", "added_by", "deleted_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("added_by").order_by("-done_on", "pk")


@admin.register(Gear)
class GearAdmin(ContentAdmin):
    list_display = ("name", "kind", "student", "is_put_away", "created_at", "deleted_at")
    list_filter = ("kind", "is_put_away")
    list_select_related = ("student", "added_by", "changed_by")
    search_fields = ("=id", "student__name", "=student__id")
    ordering = ("-created_at", "-pk")
    fields = (
        "student",
        "kind",
        "name",
        "bought_on",
        "notes",
        "is_put_away",
        "remind_of",
        "remind_months",
        "remind_from",
        "hushed_on",
        "added_by",
        "changed_by",
        "created_at",
        "changed_at",
        "deleted_at",
    )
    inlines: ClassVar = [CareInline]
