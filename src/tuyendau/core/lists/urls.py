"""Views that are kept of lists, and acts on many of their rows."""

from django.urls import path

from tuyendau.core.lists import views

app_name = "lists"
urlpatterns = [
    path("views/", views.save, name="save"),
    path("views/<str:public_id>/", views.open_view, name="open"),
    path("views/<str:public_id>/change/", views.change, name="change"),
    path("views/<str:public_id>/delete/", views.delete, name="delete"),
    path("views/<str:public_id>/first/", views.first, name="first"),
    path("batches/<str:public_id>/", views.batch, name="batch"),
]
