from django.urls import path

from tuyendau.core.places import views

app_name = "places"
urlpatterns = [
    path("", views.site_list, name="sites"),
    path("pick/", views.pick, name="pick"),
    path("<str:public_id>/", views.site, name="site"),
]
