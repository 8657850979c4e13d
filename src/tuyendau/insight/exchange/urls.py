"""Bringing files in, and sharing numbers without names."""

from django.urls import path

from tuyendau.insight.exchange.views import imports, numbers

app_name = "exchange"
urlpatterns = [
    path("", imports.imports, name="imports"),
    path("template/<str:kind>.xlsx", imports.template, name="template"),
]
without_names = [
    path("", numbers.start, name="start"),
    path("parks/", numbers.parks, name="parks"),
    path("parks/export.<str:form>", numbers.park_export, name="park_export"),
    path("<str:what>/", numbers.people, name="people"),
    path("<str:what>/export.<str:form>", numbers.export, name="export"),
]
