from django.urls import path

from .views import links, pages

app_name = "consent"
urlpatterns = [
    path("students/<uuid:student>/consents/", pages.student_consents, name="student-consents"),
    path("students/<uuid:student>/consents/give/", pages.consent_give, name="consent-give"),
    path("students/<uuid:student>/consents/withdraw/", pages.consent_withdraw, name="consent-withdraw"),
    path("students/<uuid:student>/consents/country/", pages.country_change, name="country-change"),
    path("consents/<str:token>/", links.confirmation_show, name="confirmation-show"),
    path("consents/<str:token>/revoke/", links.confirmation_revoke, name="confirmation-revoke"),
]
