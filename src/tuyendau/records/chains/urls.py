"""Who infected whom: likely infectors with their weights, and the tree over time."""

from django.urls import URLPattern

app_name = "chains"
urlpatterns: list[URLPattern] = []
