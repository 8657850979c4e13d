from django.urls import path

from tuyendau.records.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("<str:public_id>/", views.person, name="detail"),
]
