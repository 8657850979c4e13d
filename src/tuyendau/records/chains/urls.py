"""Who infected whom: the drawing, the list behind it, and what is decided of it."""

from django.urls import path

from tuyendau.records.chains import views

app_name = "chains"
urlpatterns = [
    path("", views.page, name="page"),
    path("chart.json", views.chart, name="chart"),
    path("links/", views.links, name="links"),
    path("export.csv", views.csv_file, name="csv"),
    path("export.graphml", views.graphml_file, name="graphml"),
    path("picture/", views.picture, name="picture"),
    path("case/<str:public_id>/", views.of_case, name="of_case"),
    path("case/<str:public_id>/decide/", views.decide, name="decide"),
    path("decision/<str:public_id>/withdraw/", views.withdraw, name="withdraw"),
]
