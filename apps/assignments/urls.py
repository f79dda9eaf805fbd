from django.urls import path

from . import views

app_name = "assignments"
urlpatterns = [
    path("studio/library/", views.library, name="library"),
    path("studio/library/add/", views.template_add, name="template-add"),
    path("studio/library/give/", views.library_give, name="library-give"),
    path("studio/library/<uuid:template>/", views.template_edit, name="template-edit"),
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
