"""The auditor's pages."""

from django.urls import path

from tuyendau.core.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.events, name="events"),
    path("export/", views.export, name="export"),
    path("of/<slug:subject>/", views.of_subject, name="of_subject"),
]
