"""The outbox for staff: what waits, what left, what was given up and can be sent again."""

from contextlib import suppress

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.http import UserRequest
from apps.core.admin import ReadOnlyAdmin

from . import services
from .models import Delivery, DeliveryState, Notification


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Read-only; payloads hold links that are secrets, so they are not shown."""

    list_display = ["kind", "state", "email", "due_at", "attempts", "last_error", "sent_at"]
    list_filter = ["state", "kind", "channel"]
    search_fields = ["key", "kind", "email"]
    ordering = ["-created_at"]
    exclude = ["payload"]
    actions = ["send_again"]
    show_full_result_count = False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_delivery")

    @admin.action(description=_("Send again what was given up"), permissions=["replay"])
    def send_again(self, request: UserRequest, queryset: QuerySet[Delivery]) -> None:
        count = 0
        for delivery in queryset.filter(state=DeliveryState.FAILED):
            # A colleague may have been quicker.
            with suppress(services.DeliveryHasNotFailed):
                services.replay(delivery=delivery, by=request.user, now=timezone.now())
                count += 1
        self.message_user(
            request,
            ngettext("%d message will be sent again.", "%d messages will be sent again.", count) % count,
            messages.SUCCESS,
        )


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Who was told of what kind of thing, and when; the words are not kept."""

    list_display = ["created_at", "kind", "recipient", "read_at"]
    list_filter = ["kind"]
    search_fields = ["=id", "recipient__email"]
    ordering = ["-created_at", "pk"]
    list_select_related = ["recipient"]
    fields = ["kind", "recipient", "created_at", "read_at"]
    show_full_result_count = False
