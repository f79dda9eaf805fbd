from django.urls import path

from . import views

app_name = "practice"
urlpatterns = [
    path("students/<uuid:student>/diary/", views.entry_list, name="entry-list"),
    path("students/<uuid:student>/diary/print/", views.entry_print, name="entry-print"),
    path("students/<uuid:student>/diary/calendar/", views.entry_calendar, name="entry-calendar"),
    path("students/<uuid:student>/diary/resume/", views.entry_resume, name="entry-resume"),
    path("students/<uuid:student>/diary/filters/", views.filter_add, name="filter-add"),
    path("students/<uuid:student>/diary/areas/", views.area_list, name="area-list"),
    path("focus-areas/<uuid:area>/", views.area_edit, name="area-edit"),
    path("saved-filters/<uuid:saved>/", views.filter_edit, name="filter-edit"),
    path("students/<uuid:student>/diary/signed/", views.sign_off_list, name="sign-off-list"),
    path("students/<uuid:student>/diary/log/", views.entry_log, name="entry-log"),
    path("students/<uuid:student>/diary/quick/", views.entry_quick_log, name="entry-quick-log"),
    path("occasions/<uuid:occasion>/", views.occasion_detail, name="occasion-detail"),
    path("teachings/<uuid:teaching>/week/", views.week_sign, name="week-sign"),
    path("entries/seen/", views.entry_mark_seen, name="entry-mark-seen"),
    path("entries/<uuid:entry>/", views.entry_detail, name="entry-detail"),
    path("entries/<uuid:entry>/edit/", views.entry_edit, name="entry-edit"),
    path("entries/<uuid:entry>/delete/", views.entry_delete, name="entry-delete"),
    path("entries/<uuid:entry>/history/", views.entry_revisions, name="entry-revisions"),
    path("entries/<uuid:entry>/comments/", views.comment_add, name="comment-add"),
    path("entries/<uuid:entry>/report/", views.entry_report, name="entry-report"),
    path("entries/<uuid:entry>/seen/", views.talk_seen, name="talk-seen"),
    path("comments/<uuid:comment>/edit/", views.comment_edit, name="comment-edit"),
    path("comments/<uuid:comment>/versions/", views.comment_versions, name="comment-versions"),
    path("comments/<uuid:comment>/thank/", views.comment_thank, name="comment-thank"),
    path("thanks/<uuid:thanks>/remove/", views.thanks_remove, name="thanks-remove"),
    path("comments/<uuid:comment>/report/", views.comment_report, name="comment-report"),
    path("signed-weeks/<uuid:sign_off>/report/", views.sign_off_report, name="sign-off-report"),
    path("comments/<uuid:comment>/delete/", views.comment_delete, name="comment-delete"),
]
