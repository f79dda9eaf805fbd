"""What the staff decide about a family: objections, and locks by order of a court."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.admin import AuditedReadAdmin, ReadOnlyAdmin

from . import services
from .http import UserRequest
from .models import FamilyLock, Objection
from .models.family import Verdict


@admin.register(Objection)
class ObjectionAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    """Read who says what of whom, then decide with an action of the list."""

    list_display = ("guardianship", "raised_by", "raised_at", "verdict", "decided_at")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), "verdict")
    list_select_related = ("guardianship__student", "guardianship__guardian", "raised_by")
    list_per_page = 50
    search_fields = ("guardianship__student__name", "guardianship__guardian__email", "raised_by__email")
    ordering = ("-raised_at", "pk")
    fields = ("guardianship", "raised_by", "raised_at", "reason", "verdict", "decided_at")
    actions = ("uphold", "dismiss")

    def student_id_of(self, obj: Any) -> Any:
        return obj.guardianship.student_id

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_objection"))

    @admin.action(
        description=gettext_lazy("Agree: the new guardian leaves the family"), permissions=["decide"]
    )
    def uphold(self, request: UserRequest, queryset: QuerySet[Objection]) -> None:
        self.decide(request, queryset, Verdict.UPHELD)

    @admin.action(
        description=gettext_lazy("Do not agree: the new guardian sees the diary again"),
        permissions=["decide"],
    )
    def dismiss(self, request: UserRequest, queryset: QuerySet[Objection]) -> None:
        self.decide(request, queryset, Verdict.DISMISSED)

    def decide(self, request: UserRequest, queryset: QuerySet[Objection], verdict: Verdict) -> None:
        decided = 0
        for objection in queryset:
            try:
                services.decide_objection(
                    objection=objection, verdict=verdict, by=request.user, now=timezone.now()
                )
            except services.ObjectionIsDecided:
                messages.warning(request, _("%s was decided already.") % objection)
            else:
                decided += 1
        words = ngettext("%d objection decided.", "%d objections decided.", decided) % decided
        messages.success(request, words)


@admin.register(FamilyLock)
class FamilyLockAdmin(AuditedReadAdmin):
    """While a lock is in force nobody joins or leaves. It is never changed: it is lifted, and made anew."""

    list_display = ("student", "locked_by", "locked_at", "lifted_at")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("student", "locked_by")
    list_per_page = 50
    search_fields = ("student__name", "=student__id")
    ordering = ("-locked_at", "pk")
    fields = ("student", "reason", "locked_by", "locked_at", "lifted_at")
    readonly_fields = ("locked_by", "locked_at", "lifted_at")
    raw_id_fields = ("student",)
    actions = ("lift",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A second lock is refused beside the field."""
        form = super().get_form(request, obj, change=change, **kwargs)

        class OneLockForm(form):  # type: ignore[misc, valid-type]
            def clean_student(self) -> Any:
                student = self.cleaned_data["student"]
                if FamilyLock.objects.in_force().filter(student=student).exists():
                    self.add_error("student", _("This family is locked already."))
                return student

        return OneLockForm

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Two of the staff at once: the second reads that it is done."""
        try:
            return super().add_view(request, form_url, extra_context)
        except services.FamilyIsLocked:
            messages.warning(request, _("This family is locked already."))
            return redirect("admin:accounts_familylock_changelist")

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Through the service, which holds the student's row and writes the audit."""
        made = services.lock_family(
            student=obj.student, reason=obj.reason, by=request.user, now=timezone.now()
        )
        obj.pk = made.pk

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_familylock"))

    @admin.action(description=gettext_lazy("Lift the chosen locks"), permissions=["lift"])
    def lift(self, request: UserRequest, queryset: QuerySet[FamilyLock]) -> None:
        chosen = list(queryset)
        for lock in chosen:
            services.unlock_family(lock=lock, by=request.user, now=timezone.now())
        words = ngettext("%d lock lifted.", "%d locks lifted.", len(chosen)) % len(chosen)
        messages.success(request, words)
