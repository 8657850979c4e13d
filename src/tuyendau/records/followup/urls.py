"""Follow-up of contacts and cases: schedules by the regime in force, each day's worklist, what was found."""

from django.urls import URLPattern

app_name = "followup"
urlpatterns: list[URLPattern] = []
