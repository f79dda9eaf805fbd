from django.contrib.auth.views import LoginView
from django.urls import path

from . import views

urlpatterns = [
    path("entries/", views.entries),
    path("log/", views.log),
    path("dashboard/", views.dashboard),
    path("month/", views.month),
    path("login/", LoginView.as_view(template_name="bare_log.html")),
]
