"""Bringing files in."""

from django.urls import path

from tuyendau.insight.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("template/<str:kind>.xlsx", views.template, name="template"),
]
