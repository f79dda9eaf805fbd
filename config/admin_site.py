"""The staff's site: Django's admin behind the product's own login and a second factor."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _


class WoodshedAdminSite(admin.AdminSite):
    site_header = _("Woodshed staff")
    site_title = _("Woodshed staff")
    index_title = _("Administration")

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
