from django.urls import path

from . import views

app_name = "ensembles"
urlpatterns = [
    path("studio/ensembles/", views.ensemble_list, name="ensemble-list"),
    path("studio/ensembles/new/", views.ensemble_create, name="ensemble-create"),
    path("ensembles/<uuid:ensemble>/", views.ensemble_detail, name="ensemble-detail"),
    path("ensembles/<uuid:ensemble>/end/", views.ensemble_end, name="ensemble-end"),
    path("students/<uuid:student>/ensembles/", views.student_ensembles, name="student-ensembles"),
    path("players/<uuid:membership>/agree/", views.membership_agree, name="membership-agree"),
    path("players/<uuid:membership>/end/", views.membership_end, name="membership-end"),
    path("players/<uuid:membership>/report/", views.membership_report, name="membership-report"),
    path("entries/<uuid:entry>/together/", views.entry_together, name="entry-together"),
    path("together/<uuid:part>/", views.part_answer, name="part-answer"),
]
