"""The staff's site: Django's admin behind the product's own login and a second factor."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
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
        user = request.user
        if user.is_authenticated and user.is_staff:
            return HttpResponseRedirect(reverse("mfa_index"))
        if user.is_authenticated:
            return HttpResponseRedirect(reverse("home:index"))
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
