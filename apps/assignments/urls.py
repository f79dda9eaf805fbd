from django.urls import path

from . import views

app_name = "assignments"
urlpatterns = [
    path("studio/library/", views.library, name="library"),
    path("studio/library/add/", views.template_add, name="template-add"),
    path("studio/library/give/", views.library_give, name="library-give"),
    path("studio/library/<uuid:template>/", views.template_edit, name="template-edit"),
    path("studio/challenges/", views.challenge_list, name="challenge-list"),
    path("studio/challenges/add/", views.challenge_add, name="challenge-add"),
    path("studio/challenges/<uuid:challenge>/", views.challenge_detail, name="challenge-detail"),
    path("studio/challenges/<uuid:challenge>/end/", views.challenge_end, name="challenge-end"),
    path("participations/<uuid:participation>/", views.participation_answer, name="participation-answer"),
    path(
        "participations/<uuid:participation>/remove/", views.participation_remove, name="participation-remove"
    ),
    path(
        "participations/<uuid:participation>/report/", views.participation_report, name="participation-report"
    ),
    path("students/<uuid:student>/challenges/", views.student_challenges, name="student-challenges"),
    path("assignments/<uuid:assignment>/keep/", views.assignment_keep, name="assignment-keep"),
    path("assignments/add/", views.assignment_add, name="assignment-add"),
    path("assignments/<uuid:assignment>/", views.assignment_detail, name="assignment-detail"),
    path("assignments/<uuid:assignment>/edit/", views.assignment_edit, name="assignment-edit"),
    path("assignments/<uuid:assignment>/carry/", views.assignment_carry, name="assignment-carry"),
    path("assignments/<uuid:assignment>/report/", views.assignment_report, name="assignment-report"),
    path("assignments/<uuid:assignment>/steps/<uuid:step>/", views.step_work, name="step-work"),
    path("completions/<uuid:completion>/remove/", views.completion_remove, name="completion-remove"),
    path("students/<uuid:student>/assignments/", views.student_assignments, name="student-assignments"),
]
