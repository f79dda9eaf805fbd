from django.urls import path

from .views import erasing, exporting

app_name = "privacy"
urlpatterns = [
    path("settings/data/", exporting.person_data, name="person-data"),
    path("settings/data/export/", exporting.person_export, name="person-export"),
    path("settings/data/erase/", erasing.person_erase, name="person-erase"),
    path("students/<uuid:student>/data/", exporting.student_data, name="student-data"),
    path("students/<uuid:student>/data/export/", exporting.student_export, name="student-export"),
    path("students/<uuid:student>/data/erase/", erasing.student_erase, name="student-erase"),
    path("exports/<uuid:export>/file/", exporting.export_download, name="export-download"),
    path("erasures/<uuid:erasure>/stop/", erasing.erasure_stop, name="erasure-stop"),
]
