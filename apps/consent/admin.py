"""The ledger for the staff: who agreed to what and when, by ids; nothing can be changed here."""

from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin

from .models import Confirmation, ConsentEvent


@admin.register(ConsentEvent)
class ConsentEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "student_id", "purpose", "given", "text_version", "method", "by")
    list_filter = ("purpose", "given", "method")
    list_select_related = ("by",)
    list_per_page = 50
    search_fields = ("=student_id", "by__email")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    """Whether a link was used; never the link."""

    list_display = ("event", "expires_at", "used_at")
    list_select_related = ("event",)
    list_per_page = 50
    fields = ("event", "expires_at", "used_at")
    ordering = ("-event",)
    show_full_result_count = False
