"""Orders of isolation and quarantine: number, ground, signer, from, to."""

from django.urls import path

from tuyendau.records.orders import views

app_name = "orders"
urlpatterns = [
    path("", views.order_list, name="list"),
    path("sign/", views.sign, name="sign"),
    path("bulk/", views.bulk, name="bulk"),
    path("print/", views.papers, name="papers"),
    path("person/<str:person_id>/", views.of_person, name="of_person"),
    path("new/<str:person_id>/", views.new, name="new"),
    path("<str:public_id>/", views.detail, name="detail"),
    path("<str:public_id>/change/", views.change, name="change"),
    path("<str:public_id>/replace/", views.replace, name="replace"),
    path("<str:public_id>/extend/", views.extend, name="extend"),
    path("<str:public_id>/drop/", views.drop, name="drop"),
    path("<str:public_id>/lift/", views.lift, name="lift"),
    path("<str:public_id>/print/", views.paper, name="paper"),
    path("<str:public_id>/certificate/", views.certificate, name="certificate"),
    path("<str:public_id>/record/", views.record, name="record"),
]
