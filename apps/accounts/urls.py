from django.urls import path

from .views import codes, family, grants, invitations, join, people

app_name = "accounts"
urlpatterns = [
    path("settings/", people.settings_edit, name="settings"),
    path("students/<uuid:student>/edit/", people.student_edit, name="student-edit"),
    path("students/<uuid:student>/limit/", people.student_limit, name="student-limit"),
    path("students/<uuid:student>/invitations/new/", invitations.invitation_create, name="invitation-create"),
    path("invitations/<uuid:invitation>/resend/", invitations.invitation_resend, name="invitation-resend"),
    path("invitations/<uuid:invitation>/cancel/", invitations.invitation_cancel, name="invitation-cancel"),
    path("students/<uuid:student>/invitations/code/", codes.code_create, name="code-create"),
    path("invitations/<uuid:invitation>/code/", codes.code_show, name="code-show"),
    path("join/", codes.code_enter, name="code-enter"),
    path("join/<str:token>/", join.invitation_show, name="invitation-show"),
    path("join/<str:token>/accept/", join.invitation_accept, name="invitation-accept"),
    path("join/<str:token>/decline/", join.invitation_decline, name="invitation-decline"),
    path("students/<uuid:student>/access/", grants.grant_list, name="grant-list"),
    path("students/<uuid:student>/access/new/", grants.grant_create, name="grant-create"),
    path("students/<uuid:student>/access/<uuid:user>/revoke/", grants.grant_revoke, name="grant-revoke"),
    path("guardianships/<uuid:guardianship>/leave/", family.guardianship_leave, name="guardianship-leave"),
    path("guardianships/<uuid:guardianship>/object/", family.guardianship_object, name="guardianship-object"),
]
