"""What a case tells the tracer: where it was, with whom, and the epidemiological milestones."""

from django.urls import URLPattern

app_name = "interviews"
urlpatterns: list[URLPattern] = []
