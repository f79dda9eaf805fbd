from django.urls import path

from .views import family, reading

app_name = "parent_portal"
urlpatterns = [
    path("", family.overview, name="overview"),
    path("read/", reading.reading_show, name="reading-show"),
    path("read/close/", reading.reading_close, name="reading-close"),
    path("read/<str:token>/", reading.link_show, name="link-show"),
    path("read/<str:token>/open/", reading.link_open, name="link-open"),
]
