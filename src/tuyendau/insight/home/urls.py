"""The start page: what is due now, what changed, one search for everything."""

from django.urls import URLPattern

app_name = "home"
urlpatterns: list[URLPattern] = []
