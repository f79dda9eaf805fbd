from django.urls import path

from . import views

app_name = "desk"
urlpatterns = [
    path("studio/inbox/", views.inbox, name="inbox"),
    path("studio/inbox/reply/", views.reply, name="reply"),
    path("studio/snippets/", views.snippets, name="snippets"),
    path("studio/snippets/<uuid:snippet>/", views.snippet_edit, name="snippet-edit"),
    path("studio/rules/", views.rules, name="rules"),
    path("students/<uuid:student>/brief/", views.brief, name="brief"),
    path("students/<uuid:student>/timeline/", views.timeline, name="timeline"),
    path("students/<uuid:student>/snooze/", views.snooze, name="snooze"),
    path("students/<uuid:student>/wake/", views.wake, name="wake"),
]
