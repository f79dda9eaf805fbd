from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("dev/mail/", views.mail_list, name="mail-list"),
    path("dev/mail/<uuid:key>/", views.mail_detail, name="mail-detail"),
]
