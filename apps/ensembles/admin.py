"""Ensembles for staff: what a teacher calls them, and behind glass who plays there (ADR 0016)."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ContentAdmin, ReadOnlyAdmin

from .models import Ensemble, GroupPart, GroupSession, Membership


@admin.register(Ensemble)
class EnsembleAdmin(ReadOnlyAdmin):
    """The teacher's words, and nobody's name."""

    list_display = ("name", "teacher", "created_at", "ended_at")
    list_select_related = ("teacher",)
    list_per_page = 50
    search_fields = ("=id", "name", "teacher__email")
    ordering = ("-created_at", "pk")


@admin.register(Membership)
class MembershipAdmin(ContentAdmin):
    """The list shows who was asked when; the name for the others stands on its own page."""

    student_path = "teaching__student_id"
    list_display = ("asked_at", "ensemble", "teaching", "agreed_at", "agreed_by", "ended_at")
    search_fields = ("=id", "=ensemble__id", "=teaching__student__id", "teaching__student__name")
    ordering = ("-asked_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request)
        return rows.select_related("ensemble", "teaching__student", "teaching__teacher", "agreed_by")

    def student_id_of(self, obj: Membership) -> UUID | None:
        return obj.teaching.student_id


@admin.register(GroupSession)
class GroupSessionAdmin(ContentAdmin):
    """Of whoever said so; where they left, it is nobody's, and stays closed."""

    student_path = "membership__teaching__student_id"
    list_display = ("created_at", "ensemble", "membership", "entry")
    search_fields = ("=id", "=ensemble__id", "=entry__id")
    ordering = ("-created_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("ensemble", "membership__teaching", "entry")

    def student_id_of(self, obj: GroupSession) -> UUID | None:
        return obj.membership.teaching.student_id if obj.membership else None


@admin.register(GroupPart)
class GroupPartAdmin(ContentAdmin):
    """What was asked of whom, and what became of it."""

    student_path = "membership__teaching__student_id"
    list_display = ("asked_at", "membership", "state", "session", "entry", "answered_at")
    list_filter = ("state",)
    search_fields = ("=id", "=session__id", "=entry__id")
    ordering = ("-asked_at", "pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("session", "membership__teaching", "entry")

    def student_id_of(self, obj: GroupPart) -> UUID | None:
        return obj.membership.teaching.student_id
