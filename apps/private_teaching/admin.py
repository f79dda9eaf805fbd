"""For staff: who teaches whom, who may be found as a teacher, and who asked whom for lessons."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.http import UserRequest
from apps.accounts.services import NotGrownUp
from apps.core.admin import AuditedReadAdmin, GuardedReadAdmin, ModelAdmin, ReadOnlyAdmin

from . import services
from .models import Application, ApplicationMessage, PublishedPage, TeacherProfile, Teaching
from .page_forms import Verdict, VerdictForm


@admin.register(Teaching)
class TeachingAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    list_display = ("student", "teacher", "instrument", "started_at", "cover_until", "paused_at", "ended_at")
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


@admin.register(TeacherProfile)
class TeacherProfileAdmin(ModelAdmin):
    """Read the words, then decide: nothing of a page is changed by staff. What waits longest comes first."""

    form = VerdictForm
    list_display = ("display_name", "teacher", "state", "submitted_at", "decided_at", "decided_by")
    list_filter = ("state",)
    list_select_related = ("teacher", "decided_by")
    list_per_page = 50
    search_fields = ("display_name", "teacher__email", "=id")
    ordering = ("submitted_at", "pk")
    shown = (
        "teacher",
        "display_name",
        "bio",
        "instruments",
        "languages",
        "places",
        "is_taking",
        "state",
        "changed_at",
        "submitted_at",
        "decided_at",
        "decided_by",
    )
    readonly_fields = shown

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who may not decide reads the last reason."""
        decides = self.has_change_permission(request, obj)
        return (*self.shown, *(("verdict", "reason", "version") if decides else ("reason",)))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Teachers write their own."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: TeacherProfile, form: Any, change: bool) -> None:
        """Through the services, which hold the row, write the audit and tell the teacher."""
        said = form.cleaned_data
        facts: dict[str, Any] = {"profile": obj, "by": request.user, "now": timezone.now()}
        request.is_decided = True
        try:
            if said["verdict"] == Verdict.APPROVE:
                services.approve_page(version=said["version"], **facts)
            elif said["verdict"] == Verdict.DECLINE:
                services.decline_page(version=said["version"], reason=said["reason"], **facts)
            elif said["verdict"] == Verdict.SUSPEND:
                services.suspend_page(reason=said["reason"], **facts)
            else:
                services.lift_suspension(**facts)
        except (services.PageIsNotWaiting, NotGrownUp):
            request.is_decided = False

    def response_change(self, request: HttpRequest, obj: TeacherProfile) -> HttpResponse:
        if vars(request)["is_decided"]:
            return super().response_change(request, obj)
        messages.error(request, _("Nothing was decided: the page changed meanwhile, or it is your own."))
        return self.response_post_save_change(request, obj)


@admin.register(PublishedPage)
class PublishedPageAdmin(ReadOnlyAdmin):
    """What everybody reads at this moment. It is taken down on the page of its teacher's words."""

    list_display = ("display_name", "profile", "approved_at")
    list_select_related = ("profile",)
    list_per_page = 50
    search_fields = ("display_name", "=profile__id")
    ordering = ("-approved_at", "pk")


@admin.register(Application)
class ApplicationAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    """Who asked whom, without the words."""

    list_display = ("student", "teacher", "instrument", "state", "applied_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("student", "teacher")
    list_per_page = 50
    search_fields = ("student__name", "=student__id", "teacher__email")
    ordering = ("-applied_at", "pk")


@admin.register(ApplicationMessage)
class ApplicationMessageAdmin(GuardedReadAdmin, ReadOnlyAdmin):
    """What was said, taken back or not: a child's content, behind glass."""

    student_path = "application__student"
    list_display = ("created_at", "author", "author_role", "application_id", "deleted_at")
    list_select_related = ("application", "author")
    list_per_page = 50
    search_fields = ("=application__id",)
    ordering = ("-created_at", "pk")
    show_full_result_count = False

    def student_id_of(self, obj: Any) -> UUID | None:
        found: UUID = obj.application.student_id
        return found
