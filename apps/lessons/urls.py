from django.urls import path

from . import views

app_name = "lessons"
urlpatterns = [
    path("lessons/", views.week, name="week"),
    path("lessons/add/", views.lesson_add, name="lesson-add"),
    path("lessons/<uuid:lesson>/", views.lesson_detail, name="lesson-detail"),
    path("lessons/<uuid:lesson>/edit/", views.lesson_edit, name="lesson-edit"),
    path("lessons/<uuid:lesson>/cancel/", views.lesson_cancel, name="lesson-cancel"),
    path("lessons/<uuid:lesson>/notes/", views.lesson_notes, name="lesson-notes"),
    path("lessons/<uuid:lesson>/attendance/", views.lesson_attendance, name="lesson-attendance"),
    path("lessons/<uuid:lesson>/report/", views.lesson_report, name="lesson-report"),
    path("students/<uuid:student>/lessons/", views.student_lessons, name="student-lessons"),
]
