from django.urls import URLPattern

app_name = "private_teaching"
urlpatterns: list[URLPattern] = []
