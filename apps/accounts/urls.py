from django.urls import path

from .views import avatars, codes, connections, family, grants, invitations, join, links, people, sessions

app_name = "accounts"
urlpatterns = [
    path("settings/", people.settings_edit, name="settings"),
    path("settings/sessions/", sessions.session_list, name="session-list"),
    path("settings/sessions/end-others/", sessions.session_end_others, name="session-end-others"),
    path("settings/sessions/<uuid:session>/end/", sessions.session_end, name="session-end"),
    path("settings/connections/", connections.connection_list, name="connection-list"),
    path("settings/connections/<slug:provider>/add/", connections.connection_add, name="connection-add"),
    path("settings/connections/<slug:provider>/end/", connections.connection_end, name="connection-end"),
    path("sign-in/<slug:provider>/", connections.connection_enter, name="connection-enter"),
    path("sign-in/<slug:provider>/back/", connections.connection_back, name="connection-back"),
    path("sign-in/<slug:provider>/unknown/", connections.connection_unknown, name="connection-unknown"),
    path("settings/photo/remove/", avatars.avatar_remove, name="avatar-remove"),
    path("people/<uuid:person>/photo/<uuid:picture>/", avatars.avatar_show, name="avatar-show"),
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
    path("students/<uuid:student>/links/new/", links.link_create, name="link-create"),
    path("links/<uuid:link>/end/", links.link_end, name="link-end"),
    path("guardianships/<uuid:guardianship>/leave/", family.guardianship_leave, name="guardianship-leave"),
    path("guardianships/<uuid:guardianship>/object/", family.guardianship_object, name="guardianship-object"),
]
