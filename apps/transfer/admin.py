"""Imports for support: how far each is, never what is in it."""

from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin

from .models import Import, ImportRow


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "state", "importer", "row_count", "added", "attempts", "last_error")
    list_filter = ("state",)
    ordering = ("-created_at",)
    # Whose it is, what it is called and what stands in it are the family's business; the path would be enough
    # to fetch the file.
    exclude = ("student", "uploaded_by", "file_name", "path", "samples", "mapping", "options")
    show_full_result_count = False


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    """Which rows went in, for who looks for an error: numbers and verdicts."""

    list_display = ("batch", "number", "verdict", "is_handled", "is_added")
    list_filter = ("verdict",)
    list_select_related = ("batch",)
    ordering = ("-pk",)
    exclude = ("problems", "content", "fingerprint")
    show_full_result_count = False
