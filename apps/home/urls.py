from django.urls import path

from .views import public

app_name = "home"
urlpatterns = [
    path("", public.landing, name="landing"),
    path("home/", public.index, name="index"),
]
