from django.urls import path

from tuyendau.insight.public import views

app_name = "public"
urlpatterns = [
    path("", views.vietnamese, name="vietnamese"),
    path("en/", views.english, name="english"),
]
