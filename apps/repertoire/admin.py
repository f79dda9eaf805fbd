"""Pieces, skills and notes for staff: to look at with an open case, never to write in (ADR 0016)."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ContentAdmin, ReadOnlyInline

from .models import Note, Occasion, OccasionPiece, Piece, PieceSection, PieceStatusChange, Skill


class SectionInline(ReadOnlyInline):
    model = PieceSection
    fields = ("name", "from_bar", "to_bar", "target_tempo", "status", "deleted_at")
    readonly_fields = fields


class StatusInline(ReadOnlyInline):
    model = PieceStatusChange
    fields = ("changed_at", "status", "was_called", "changed_by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("changed_by").order_by("changed_at", "pk")


class NoteInline(ReadOnlyInline):
    model = Note
    fields = ("created_at", "author", "body", "link", "is_private", "deleted_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("author").order_by("created_at", "pk")


class OccasionPieceInline(ReadOnlyInline):
    model = OccasionPiece
    fields = ("piece",)
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("piece").order_by("piece__title_key", "pk")


@admin.register(Piece)
class PieceAdmin(ContentAdmin):
    list_display = ("title", "composer", "student", "status", "created_at", "deleted_at")
    list_filter = ("status",)
    list_select_related = ("student", "added_by", "changed_by")
    search_fields = ("=id", "student__name", "=student__id")
    ordering = ("-created_at", "-pk")
    fields = (
        "student",
        "title",
        "composer",
        "difficulty",
        "status",
        "started_on",
        "added_by",
        "changed_by",
        "created_at",
        "changed_at",
        "deleted_at",
    )
    inlines: ClassVar = [SectionInline, StatusInline, NoteInline]


@admin.register(Skill)
class SkillAdmin(ContentAdmin):
    list_display = ("name", "category", "student", "is_archived", "created_at", "deleted_at")
    list_filter = ("category", "is_archived")
    list_select_related = ("student", "added_by", "changed_by")
    search_fields = ("=id", "student__name", "=student__id")
    ordering = ("-created_at", "-pk")
    fields = (
        "student",
        "name",
        "category",
        "is_archived",
        "added_by",
        "changed_by",
        "created_at",
        "changed_at",
        "deleted_at",
    )
    inlines: ClassVar = [NoteInline]


@admin.register(Occasion)
class OccasionAdmin(ContentAdmin):
    list_display = ("title", "kind", "held_on", "student", "created_at", "deleted_at")
    list_filter = ("kind",)
    list_select_related = ("student", "added_by", "changed_by")
    search_fields = ("=id", "student__name", "=student__id")
    ordering = ("-created_at", "-pk")
    fields = (
        "student",
        "kind",
        "title",
        "held_on",
        "board",
        "grade",
        "target_hours",
        "result",
        "added_by",
        "changed_by",
        "created_at",
        "changed_at",
        "deleted_at",
    )
    inlines: ClassVar = [OccasionPieceInline]


@admin.register(Note)
class NoteAdmin(ContentAdmin):
    """A report names a note by its id. The list shows when and by whom; words stand on its own page."""

    list_display = ("created_at", "student", "author", "is_private", "deleted_at")
    list_filter = ("is_private",)
    search_fields = ("=id", "student__name", "=student__id", "author__email")
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With all that a page names: a list's own setting would count no more beside this one."""
        rows = super().get_queryset(request)
        return rows.select_related("student", "author", "piece", "section", "skill", "addressed_to__teacher")
