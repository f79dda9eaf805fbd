from django.urls import path

from .views import cards, devices, entering, guardians

app_name = "children"
urlpatterns = [
    path("child/", entering.sign_in, name="sign-in"),
    path("child/<uuid:device>/", entering.secret_enter, name="secret-enter"),
    path("child/card/<str:token>/", entering.card_enter, name="card-enter"),
    path("child/leave/", entering.leave, name="leave"),
    path("students/<uuid:student>/sign-in/", guardians.sign_in_show, name="sign-in-show"),
    path("students/<uuid:student>/sign-in/edit/", guardians.sign_in_edit, name="sign-in-edit"),
    path("students/<uuid:student>/sign-in/close/", guardians.sign_in_close, name="sign-in-close"),
    path("students/<uuid:student>/sign-in/card/", cards.card_show, name="card-show"),
    path("students/<uuid:student>/sign-in/card/new/", cards.card_make, name="card-make"),
    path("students/<uuid:student>/sign-in/card/revoke/", cards.card_revoke, name="card-revoke"),
    path("students/<uuid:student>/sign-in/trust/", devices.device_trust, name="device-trust"),
    path("students/<uuid:student>/sign-in/hand-over/", guardians.hand_over, name="hand-over"),
    path("devices/<uuid:device>/revoke/", devices.device_revoke, name="device-revoke"),
    path("devices/<uuid:device>/unlock/", devices.device_unlock, name="device-unlock"),
]
