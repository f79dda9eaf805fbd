from django.urls import path

from . import offers
from .views import applications, pages, students, threads

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
    path(
        "students/<uuid:student>/teachings/<uuid:teaching>/ask-to-sign/",
        students.sign_off_ask,
        name="sign-off-ask",
    ),
    path("hand-over/", students.hand_over, name="hand-over"),
    path("teachers/", pages.teacher_list, name="teacher-list"),
    path("teachers/<uuid:profile>/", pages.teacher_show, name="teacher-show"),
    path("teachers/<uuid:profile>/report/", pages.teacher_report, name="teacher-report"),
    path("teachers/<uuid:profile>/ask/", applications.application_create, name="application-create"),
    path("studio/page/", pages.page_show, name="page-show"),
    path("studio/page/edit/", pages.page_edit, name="page-edit"),
    path("studio/page/send-in/", pages.page_submit, name="page-submit"),
    path("studio/page/take-down/", pages.page_close, name="page-close"),
    path("studio/requests/", applications.application_list, name="application-list"),
    path("requests/<uuid:application>/", applications.application_show, name="application-show"),
    path("requests/<uuid:application>/accept/", applications.application_accept, name="application-accept"),
    path("requests/<uuid:application>/wait/", applications.application_wait, name="application-wait"),
    path(
        "requests/<uuid:application>/decline/", applications.application_decline, name="application-decline"
    ),
    path("requests/<uuid:application>/agree/", applications.application_agree, name="application-agree"),
    path(
        "requests/<uuid:application>/withdraw/",
        applications.application_withdraw,
        name="application-withdraw",
    ),
    path("requests/<uuid:application>/messages/", threads.message_add, name="message-add"),
    path("messages/<uuid:message>/delete/", threads.message_delete, name="message-delete"),
    path("messages/<uuid:message>/report/", threads.message_report, name="message-report"),
]
