"""Bringing files in, and sharing numbers without names."""

from django.urls import path

from tuyendau.insight.exchange.views import deciding, imports, numbers, staged

app_name = "exchange"
urlpatterns = [
    path("", imports.imports, name="imports"),
    path("template/<str:kind>.xlsx", imports.template, name="template"),
    path("<str:public_id>/", staged.detail, name="staged"),
    path("<str:public_id>/columns/", deciding.columns, name="columns"),
    path("<str:public_id>/values/", deciding.values, name="values"),
    path("<str:public_id>/people/", deciding.people, name="alike"),
    path("<str:public_id>/changes/", deciding.changes, name="changes"),
    path("<str:public_id>/errors.xlsx", staged.errors, name="errors"),
    path("<str:public_id>/apply/", staged.apply, name="apply"),
    path("<str:public_id>/undo/", staged.undo, name="undo"),
    path("<str:public_id>/drop/", staged.drop, name="drop"),
]
without_names = [
    path("", numbers.start, name="start"),
    path("parks/", numbers.parks, name="parks"),
    path("parks/export.<str:form>", numbers.park_export, name="park_export"),
    path("<str:what>/", numbers.people, name="people"),
    path("<str:what>/export.<str:form>", numbers.export, name="export"),
]
