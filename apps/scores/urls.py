from django.urls import path

from . import views

app_name = "scores"
urlpatterns = [
    path("pieces/<uuid:piece>/scores/add/", views.score_add, name="score-add"),
    path("scores/<uuid:score>/", views.score_show, name="score-show"),
    path("scores/<uuid:score>/delete/", views.score_delete, name="score-delete"),
    path("scores/<uuid:score>/report/", views.score_report, name="score-report"),
    path("score-pages/<uuid:leaf>/", views.page_show, name="page-show"),
]
