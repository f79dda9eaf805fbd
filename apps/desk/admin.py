"""The desks for staff: to look at with an open case. Why somebody was put aside is the teacher's alone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ContentAdmin, ReadOnlyAdmin

from .models import Snippet, Snooze, TriageSettings


@admin.register(Snooze)
class SnoozeAdmin(ContentAdmin):
    student_path = "student_id"
    list_display = ("snoozed_at", "student", "teacher", "until")
    search_fields = ("=id", "student__name", "=student__id", "teacher__email")
    ordering = ("-snoozed_at", "pk")
    fields = ("student", "teacher", "until", "snoozed_at")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("student", "teacher").defer("reason")

    def student_id_of(self, obj: Snooze) -> Any:
        return obj.student_id


@admin.register(TriageSettings)
class TriageSettingsAdmin(ReadOnlyAdmin):
    list_display = ("teacher", "silent_days", "points", "changed_at")
    search_fields = ("teacher__email",)
    ordering = ("-changed_at", "pk")
    list_select_related = ("teacher",)


@admin.register(Snippet)
class SnippetAdmin(ReadOnlyAdmin):
    """Whose they are and since when; what somebody keeps at hand to say is theirs."""

    list_display = ("created_at", "owner")
    search_fields = ("=id", "owner__email")
    ordering = ("-created_at", "pk")
    fields = ("owner", "created_at")
    list_select_related = ("owner",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).defer("body")
