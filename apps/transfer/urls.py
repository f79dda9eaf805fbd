from django.urls import path

from . import views

app_name = "transfer"
DIARY = "students/<uuid:student>/diary"
urlpatterns = [
    path(f"{DIARY}/export/", views.diary_export, name="diary-export"),
    path(f"{DIARY}/export/diary.csv", views.diary_file, {"kind": "csv"}, name="diary-csv"),
    path(f"{DIARY}/export/diary.xlsx", views.diary_file, {"kind": "xlsx"}, name="diary-xlsx"),
    path(f"{DIARY}/export/diary.json", views.diary_file, {"kind": "json"}, name="diary-json"),
    path(f"{DIARY}/import/", views.import_begin, name="import-begin"),
    path(f"{DIARY}/import/template.csv", views.import_template, {"kind": "csv"}, name="template-csv"),
    path(f"{DIARY}/import/template.xlsx", views.import_template, {"kind": "xlsx"}, name="template-xlsx"),
    path("imports/<uuid:batch>/", views.import_show, name="import-show"),
    path("imports/<uuid:batch>/columns/", views.import_columns, name="import-columns"),
    path("imports/<uuid:batch>/start/", views.import_start, name="import-start"),
    path("imports/<uuid:batch>/undo/", views.import_undo, name="import-undo"),
    path("imports/<uuid:batch>/drop/", views.import_drop, name="import-drop"),
]
