"""The start page's parts: what changed, and the search for everything."""

from django.urls import path

from tuyendau.insight.home import views

app_name = "home"
urlpatterns = [
    path("changes/", views.changes, name="changes"),
    path("search/", views.search, name="search"),
]
