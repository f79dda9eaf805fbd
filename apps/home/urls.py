from django.urls import path

from .views import desks, look, public, start

app_name = "home"
urlpatterns = [
    path("", public.landing, name="landing"),
    path("home/", public.index, name="index"),
    path("practice/", desks.student, name="student"),
    path("practice/readers/", desks.readers, name="readers"),
    path("studio/", desks.roster, name="roster"),
    path("start/", start.start, name="start"),
    path("start/child/", start.child_create, name="child-create"),
    path("steps/hide/", public.checklist_hide, name="checklist-hide"),
    path("theme/", look.theme_set, name="theme-set"),
    path("styleguide/", look.styleguide, name="styleguide"),
]
