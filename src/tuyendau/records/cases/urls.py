"""The line list and the pages of a case."""

from django.urls import path

from tuyendau.records.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.line_list, name="list"),
    path("export/", views.export, name="export"),
    path("bulk/", views.bulk, name="bulk"),
    path("sites/", views.sites, name="sites"),
    path("person/<str:person_id>/", views.of_person, name="of_person"),
    path("new/<str:person_id>/", views.report, name="new"),
    path("<str:public_id>/", views.detail, name="detail"),
    path("<str:public_id>/presence/", views.presence, name="presence"),
    path("<str:public_id>/classify/<str:status>/", views.classify, name="classify"),
    path("<str:public_id>/dates/", views.dates, name="dates"),
]
