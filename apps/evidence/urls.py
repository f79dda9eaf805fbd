from django.urls import path

from . import views

app_name = "evidence"
urlpatterns = [
    path("entries/<uuid:entry>/evidence/", views.entry_add, name="entry-add"),
    path("lessons/<uuid:lesson>/evidence/", views.lesson_add, name="lesson-add"),
    path("skills/<uuid:skill>/evidence/add/", views.skill_add, name="skill-add"),
    path("skills/<uuid:skill>/evidence/", views.skill_list, name="skill-list"),
    path("evidence/<uuid:evidence>/picture/", views.picture_show, name="picture-show"),
    path("evidence/<uuid:evidence>/delete/", views.evidence_delete, name="evidence-delete"),
    path("evidence/<uuid:evidence>/report/", views.evidence_report, name="evidence-report"),
]
