from django.urls import URLPattern

app_name = "parent_portal"
urlpatterns: list[URLPattern] = []
