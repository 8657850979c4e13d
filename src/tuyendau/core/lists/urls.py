"""Lists as everybody works with them: columns to choose, views that a user or a team keeps, files of all rows."""

from django.urls import URLPattern

app_name = "lists"
urlpatterns: list[URLPattern] = []
