from django.urls import path

from . import views

app_name = "tools"
urlpatterns = [
    path("", views.index, name="index"),
    path("log/", views.log, name="log"),
    path("offline/", views.offline, name="offline"),
    path("worker.js", views.worker, name="worker"),
]
