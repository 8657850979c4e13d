from django.urls import path

from tuyendau.insight.situation import views

app_name = "situation"
urlpatterns = [
    path("", views.map_page, name="map"),
    path("communes.geojson", views.communes, name="communes"),
]
