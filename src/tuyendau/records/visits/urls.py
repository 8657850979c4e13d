"""Recording a scan; presence as a part of a person's page."""

from django.urls import path

from tuyendau.records.visits import views

app_name = "visits"
urlpatterns = [
    path("scan/", views.scan, name="scan"),
    path("person/<str:person_id>/", views.of_person, name="of_person"),
    path("person/<str:person_id>/told/", views.told, name="told"),
    path("person/<str:person_id>/<str:site_id>/<str:span>/", views.correct, name="correct"),
    path("site/<str:site_id>/roster/", views.roster, name="roster"),
    path("site/<str:site_id>/", views.of_site, name="of_site"),
]
