from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("news/", views.news_list, name="news-list"),
    path("news/read/", views.news_read_all, name="news-read-all"),
    path("news/<uuid:notification>/open/", views.news_open, name="news-open"),
    path("dev/mail/", views.mail_list, name="mail-list"),
    path("dev/mail/<uuid:key>/", views.mail_detail, name="mail-detail"),
]
