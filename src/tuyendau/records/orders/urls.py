"""Orders of isolation and quarantine: number, ground, signer, from, to."""

from django.urls import URLPattern

app_name = "orders"
urlpatterns: list[URLPattern] = []
