from django.urls import path

from . import views

app_name = "gear"
urlpatterns = [
    path("students/<uuid:student>/gear/", views.gear_list, name="gear-list"),
    path("students/<uuid:student>/gear/add/", views.gear_add, name="gear-add"),
    path("gear/<uuid:gear>/", views.gear_detail, name="gear-detail"),
    path("gear/<uuid:gear>/edit/", views.gear_edit, name="gear-edit"),
    path("gear/<uuid:gear>/hush/", views.gear_hush, name="gear-hush"),
    path("gear/<uuid:gear>/report/", views.gear_report, name="gear-report"),
    path("gear/<uuid:gear>/care/", views.care_add, name="care-add"),
    path("care/<uuid:care>/", views.care_edit, name="care-edit"),
]
