from django.urls import path

from . import offers, views

app_name = "private_teaching"
urlpatterns = [
    path("students/new/", views.student_create, name="student-create"),
    path("students/<uuid:student>/people/", views.student_people, name="student-people"),
    path("students/<uuid:student>/teachings/new/", views.teaching_create, name="teaching-create"),
    path("students/<uuid:student>/teachers/invite/", offers.teacher_invite, name="teacher-invite"),
    path("studio/pupils/invite/", offers.pupil_invite, name="pupil-invite"),
    path("studio/codes/", views.code_sheet, name="code-sheet"),
    path("teachings/<uuid:teaching>/end/", views.teaching_end, name="teaching-end"),
    path("teachings/<uuid:teaching>/pause/", views.teaching_pause, name="teaching-pause"),
    path("teachings/<uuid:teaching>/resume/", views.teaching_resume, name="teaching-resume"),
    path("hand-over/", views.hand_over, name="hand-over"),
]
