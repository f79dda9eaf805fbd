from django.urls import path

from . import offers
from .views import students

app_name = "private_teaching"
urlpatterns = [
    path("students/new/", students.student_create, name="student-create"),
    path("students/<uuid:student>/people/", students.student_people, name="student-people"),
    path("students/<uuid:student>/teachings/new/", students.teaching_create, name="teaching-create"),
    path("students/<uuid:student>/teachers/invite/", offers.teacher_invite, name="teacher-invite"),
    path("studio/pupils/invite/", offers.pupil_invite, name="pupil-invite"),
    path("studio/codes/", students.code_sheet, name="code-sheet"),
    path("teachings/<uuid:teaching>/end/", students.teaching_end, name="teaching-end"),
    path("teachings/<uuid:teaching>/pause/", students.teaching_pause, name="teaching-pause"),
    path("teachings/<uuid:teaching>/resume/", students.teaching_resume, name="teaching-resume"),
    path("hand-over/", students.hand_over, name="hand-over"),
]
