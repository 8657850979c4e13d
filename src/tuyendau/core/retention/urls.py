"""Periods of retention."""

from django.urls import path

from tuyendau.core.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("propose/", views.propose, name="propose"),
    path("approve/<int:version>/", views.approve, name="approve"),
    path("hold/", views.hold, name="hold"),
    path("release/<slug:subject>/", views.release, name="release"),
]
