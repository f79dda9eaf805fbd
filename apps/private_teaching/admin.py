"""Teachings, for staff: who teaches whom since when, and an end when somebody must go."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.http import UserRequest
from apps.core.admin import AuditedReadAdmin, ReadOnlyAdmin

from . import services
from .models import Teaching


@admin.register(Teaching)
class TeachingAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    list_display = ("student", "teacher", "instrument", "started_at", "paused_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "instrument")
    list_select_related = ("student", "teacher")
    list_per_page = 50
    search_fields = ("student__name", "teacher__email", "teacher__display_name", "instrument")
    ordering = ("-started_at", "pk")
    actions = ("end",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("private_teaching.change_teaching"))

    @admin.action(description=_("End the chosen teachings now"), permissions=["end"])
    def end(self, request: UserRequest, queryset: QuerySet[Teaching]) -> None:
        now, chosen = timezone.now(), list(queryset)
        for teaching in chosen:
            services.end_teaching(teaching=teaching, by=request.user, now=now)
        count = len(chosen)
        messages.success(request, ngettext("%d teaching ended.", "%d teachings ended.", count) % count)
