"""The staff's site: Django's admin behind the product's own login and a second factor."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from apps.core import audit

# The stubs know admins by their model; Django itself does not.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class AuditedWrites(ModelAdmin):
    """Each row that staff add, change or delete leaves an audit row: who, which, and the fields' names."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.note("staff.added", request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.note("staff.changed", request, obj, fields=fields_of(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: "QuerySet[Any]") -> Any:
        for obj in queryset:
            self.note("staff.deleted", request, obj)
        return super().log_deletions(request, queryset)

    def note(self, action: str, request: HttpRequest, obj: Model, **details: str) -> None:
        """Where a row's key is no UUID, whoever wrote stands in as the target; the details name the row."""
        student_id_of = getattr(self, "student_id_of", lambda obj: None)
        audit.record(
            action=action,
            actor=request.user,
            target=obj if isinstance(obj.pk, UUID) else request.user,  # type: ignore[arg-type]  # signed in
            now=timezone.now(),
            student_id=student_id_of(obj),
            model=obj._meta.label_lower,
            row=str(obj.pk),
            **details,
        )


def fields_of(message: Any) -> str:
    """The names in Django's own account of a change; it may hold no values, and none are taken."""
    parts = message if isinstance(message, list) else []
    return ", ".join(str(field) for part in parts for field in part.get("changed", {}).get("fields", []))


class WoodshedAdminSite(admin.AdminSite):
    site_header = _("Woodshed staff")
    site_title = _("Woodshed staff")
    index_title = _("Administration")

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Every model's admin writes into the audit log, a library's too."""
        base = admin_class or ModelAdmin
        audited = type(base.__name__, (AuditedWrites, base), {"__module__": base.__module__})
        super().register(model_or_iterable, audited, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff only, and only with a second factor set up (ADR 0005)."""
        user = request.user
        return bool(user.is_active and user.is_staff and is_mfa_enabled(user))

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send to the one login page there is; staff without a second factor set one up first."""
        if self.has_permission(request):
            return HttpResponseRedirect(self.wanted_page(request))
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("mfa_index" if request.user.is_staff else "home:index"))
        query = urlencode({"next": self.wanted_page(request)})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")

    def wanted_page(self, request: HttpRequest) -> str:
        """Where the person was going, if that is a page of ours."""
        target = request.GET.get("next", "")
        index = reverse("admin:index")
        is_ours = url_has_allowed_host_and_scheme(
            target, {request.get_host()}, require_https=request.is_secure()
        )
        return target if is_ours and target.startswith(index) else index

    def password_change(  # type: ignore[override]  # a redirect instead of a page
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """One page for passwords, the account's own, which asks for the second factor again."""
        return HttpResponseRedirect(reverse("account_change_password"))
