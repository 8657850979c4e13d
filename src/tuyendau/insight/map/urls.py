from django.urls import path

from tuyendau.insight.map import views

app_name = "map"
urlpatterns = [
    path("", views.map_page, name="page"),
    path("communes.geojson", views.communes, name="communes"),
]
