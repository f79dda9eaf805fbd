from django.urls import path

from . import views

app_name = "repertoire"
urlpatterns = [
    path("students/<uuid:student>/pieces/", views.piece_list, name="piece-list"),
    path("students/<uuid:student>/pieces/add/", views.piece_add, name="piece-add"),
    path("pieces/<uuid:piece>/", views.piece_detail, name="piece-detail"),
    path("pieces/<uuid:piece>/edit/", views.piece_edit, name="piece-edit"),
    path("pieces/<uuid:piece>/status/", views.piece_status, name="piece-status"),
    path("pieces/<uuid:piece>/merge/", views.piece_merge, name="piece-merge"),
    path("pieces/<uuid:piece>/delete/", views.piece_delete, name="piece-delete"),
    path("pieces/<uuid:piece>/notes/", views.piece_note_add, name="piece-note-add"),
    path("pieces/<uuid:piece>/sections/add/", views.section_add, name="section-add"),
    path("sections/<uuid:section>/", views.section_edit, name="section-edit"),
    path("students/<uuid:student>/skills/", views.skill_list, name="skill-list"),
    path("students/<uuid:student>/skills/add/", views.skill_add, name="skill-add"),
    path("skills/<uuid:skill>/", views.skill_detail, name="skill-detail"),
    path("skills/<uuid:skill>/edit/", views.skill_edit, name="skill-edit"),
    path("skills/<uuid:skill>/notes/", views.skill_note_add, name="skill-note-add"),
    path("students/<uuid:student>/occasions/", views.occasion_list, name="occasion-list"),
    path("students/<uuid:student>/occasions/add/", views.occasion_add, name="occasion-add"),
    path("occasions/<uuid:occasion>/edit/", views.occasion_edit, name="occasion-edit"),
    path("occasions/<uuid:occasion>/report/", views.occasion_report, name="occasion-report"),
    path("notes/<uuid:note>/delete/", views.note_delete, name="note-delete"),
    path("notes/<uuid:note>/report/", views.note_report, name="note-report"),
]
