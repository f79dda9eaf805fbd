from django.urls import path

from . import views

app_name = "safeguarding"
urlpatterns = [
    path("look/leave/", views.look_leave, name="look-leave"),
    path("people/<uuid:person>/photo/report/", views.photo_report, name="photo-report"),
]
