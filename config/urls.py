"""All addresses. Every one that names a person's thing carries a UUID, never a sequence number."""

from django.contrib import admin
from django.urls import include, path

from apps.accounts.views.people import set_language
from config.health import healthz

urlpatterns = [
    path("", include("apps.home.urls")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.notifications.urls")),
    path("", include("apps.consent.urls")),
    path("", include("apps.children.urls")),
    path("", include("apps.safeguarding.urls")),
    path("", include("apps.private_teaching.urls")),
    path("", include("apps.privacy.urls")),
    path("", include("apps.repertoire.urls")),
    path("", include("apps.gear.urls")),
    path("", include("apps.practice.urls")),
    path("", include("apps.evidence.urls")),
    path("", include("apps.scores.urls")),
    path("", include("apps.transfer.urls")),
    path("", include("apps.ensembles.urls")),
    path("", include("apps.lessons.urls")),
    path("", include("apps.assignments.urls")),
    path("", include("apps.desk.urls")),
    path("family/", include("apps.parent_portal.urls")),
    path("tools/", include("apps.tools.urls")),
    # allauth's, without its pages for accounts elsewhere: ours are apps.accounts.views.connections.
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("i18n/setlang/", set_language, name="set_language"),
    path("staff/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]

handler400 = "apps.home.views.errors.bad_request"
handler403 = "apps.home.views.errors.permission_denied"
handler404 = "apps.home.views.errors.not_found"
handler500 = "apps.home.views.errors.server_error"
