from django.urls import path

from .views import look, public

app_name = "home"
urlpatterns = [
    path("", public.landing, name="landing"),
    path("home/", public.index, name="index"),
    path("theme/", look.theme_set, name="theme-set"),
    path("styleguide/", look.styleguide, name="styleguide"),
]
