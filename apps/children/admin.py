"""Children's sign-ins, for staff: to be looked at when something is wrong; nobody opens one here."""

from django.contrib import admin

from apps.core.admin import AuditedReadAdmin, ReadOnlyAdmin

from .models import ChildLogin, SecretAttempt, TrustedDevice


@admin.register(ChildLogin)
class ChildLoginAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    """The secret and the card's link are nobody's to read."""

    list_display = ("username", "student", "kind", "created_at", "closed_at")
    list_filter = ("kind",)
    list_select_related = ("student",)
    list_per_page = 50
    search_fields = ("username", "student__name", "=student__id")
    ordering = ("-created_at", "pk")
    fields = ("student", "user", "username", "kind", "created_by", "created_at", "closed_at")


@admin.register(TrustedDevice)
class TrustedDeviceAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    list_display = ("name", "student", "trusted_by", "trusted_at", "last_used_at", "locked_at", "revoked_at")
    list_select_related = ("student", "trusted_by")
    list_per_page = 50
    search_fields = ("student__name", "=student__id")
    ordering = ("-trusted_at", "pk")
    fields = ("student", "name", "trusted_by", "trusted_at", "last_used_at", "locked_at", "revoked_at")


@admin.register(SecretAttempt)
class SecretAttemptAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    """How often somebody guesses, and where; what they typed is nowhere."""

    list_display = ("at", "device")
    list_select_related = ("device",)
    list_per_page = 50
    ordering = ("-at", "pk")
