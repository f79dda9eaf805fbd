"""Lessons for staff: to look at with an open case, never to write in (ADR 0016).

A teacher's own notes are nobody else's: the staff see that there is one, and never its words.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ContentAdmin

from .models import Lesson, LessonChange, OwnNote


@admin.register(Lesson)
class LessonAdmin(ContentAdmin):
    student_path = "teaching__student_id"
    list_display = ("starts_at", "teaching", "attendance", "cancelled_at", "deleted_at")
    list_filter = ("attendance",)
    search_fields = ("=id", "teaching__student__name", "=teaching__student__id", "teacher__email")
    ordering = ("-starts_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request)
        return rows.select_related("teaching__student", "teaching__teacher", "teacher", "added_by")

    def student_id_of(self, obj: Lesson) -> Any:
        return obj.teaching.student_id


@admin.register(LessonChange)
class LessonChangeAdmin(ContentAdmin):
    student_path = "lesson__teaching__student_id"
    list_display = ("changed_at", "kind", "lesson", "was_at", "changed_by")
    list_filter = ("kind",)
    search_fields = ("=id", "=lesson__id")
    ordering = ("-changed_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("lesson__teaching", "changed_by")

    def student_id_of(self, obj: LessonChange) -> Any:
        return obj.lesson.teaching.student_id


@admin.register(OwnNote)
class OwnNoteAdmin(ContentAdmin):
    student_path = "lesson__teaching__student_id"
    list_display = ("changed_at", "lesson", "author")
    search_fields = ("=id", "=lesson__id", "author__email")
    ordering = ("-changed_at", "pk")
    fields = ("lesson", "author", "changed_at")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("lesson__teaching", "author").defer("body")

    def student_id_of(self, obj: OwnNote) -> Any:
        return obj.lesson.teaching.student_id
