from django.urls import path

from . import views

app_name = "desk"
urlpatterns = [
    path("studio/rules/", views.rules, name="rules"),
    path("students/<uuid:student>/snooze/", views.snooze, name="snooze"),
    path("students/<uuid:student>/wake/", views.wake, name="wake"),
]
