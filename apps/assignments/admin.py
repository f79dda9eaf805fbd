"""Assignments for staff: to look at with an open case, never to write in (ADR 0016)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ContentAdmin, ReadOnlyAdmin

from .models import (
    Assignment,
    AssignmentCompletion,
    Challenge,
    Participation,
    Step,
    Template,
    TemplateStep,
)


@admin.register(Assignment)
class AssignmentAdmin(ContentAdmin):
    student_path = "teaching__student_id"
    list_display = ("created_at", "title", "teaching", "due_on", "deleted_at")
    search_fields = ("=id", "teaching__student__name", "=teaching__student__id", "added_by__email")
    ordering = ("-created_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request)
        return rows.select_related("teaching__student", "teaching__teacher", "added_by")

    def student_id_of(self, obj: Assignment) -> Any:
        return obj.teaching.student_id


@admin.register(Step)
class StepAdmin(ContentAdmin):
    student_path = "assignment__teaching__student_id"
    list_display = ("label", "kind", "assignment", "position")
    list_filter = ("kind",)
    search_fields = ("=id", "=assignment__id")
    ordering = ("assignment", "position")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("assignment__teaching")

    def student_id_of(self, obj: Step) -> Any:
        return obj.assignment.teaching.student_id


@admin.register(AssignmentCompletion)
class AssignmentCompletionAdmin(ContentAdmin):
    student_path = "step__assignment__teaching__student_id"
    list_display = ("created_at", "step", "done_on", "done_by")
    search_fields = ("=id", "=step__id")
    ordering = ("-created_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("step__assignment__teaching", "done_by")

    def student_id_of(self, obj: AssignmentCompletion) -> Any:
        return obj.step.assignment.teaching.student_id


@admin.register(Template)
class TemplateAdmin(ReadOnlyAdmin):
    """Whose they are and since when; what somebody keeps in their library is theirs."""

    list_display = ("created_at", "owner")
    search_fields = ("=id", "owner__email")
    ordering = ("-created_at", "pk")
    fields = ("owner", "created_at", "changed_at")
    list_select_related = ("owner",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).only("owner", "created_at", "changed_at")


@admin.register(TemplateStep)
class TemplateStepAdmin(ReadOnlyAdmin):
    """Likewise."""

    list_display = ("template", "kind", "position")
    search_fields = ("=template__id",)
    ordering = ("template", "position")
    fields = ("template", "kind", "position")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request).select_related("template")
        return rows.only("template__id", "kind", "position")


@admin.register(Challenge)
class ChallengeAdmin(ReadOnlyAdmin):
    """The teacher's words, and nobody's name."""

    list_display = ("title", "teacher", "starts_on", "ends_on", "ended_at", "closed_at")
    list_select_related = ("teacher",)
    search_fields = ("=id", "title", "teacher__email")
    ordering = ("-created_at", "pk")


@admin.register(Participation)
class ParticipationAdmin(ContentAdmin):
    student_path = "teaching__student_id"
    list_display = ("asked_at", "challenge", "teaching", "is_in", "answered_at", "answered_by")
    search_fields = ("=id", "=challenge__id", "teaching__student__name", "=teaching__student__id")
    ordering = ("-asked_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request)
        return rows.select_related("challenge", "teaching__student", "teaching__teacher", "answered_by")

    def student_id_of(self, obj: Participation) -> Any:
        return obj.teaching.student_id
