"""Copies and erasures for support: what was asked for and how far it is, never what is in it."""

from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin

from .models import Erasure, Export


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ("requested_at", "state", "requested_by", "attempts", "last_error", "expires_at")
    list_filter = ("state",)
    list_select_related = ("requested_by",)
    ordering = ("-requested_at",)
    # The path would be enough to fetch the file from the storage.
    exclude = ("path", "student")
    show_full_result_count = False


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ("asked_at", "subject", "state", "due_at", "step", "last_error")
    list_filter = ("state", "subject")
    search_fields = ("=subject_id",)
    ordering = ("-asked_at",)
    show_full_result_count = False
