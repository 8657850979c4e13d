from django.urls import path

from tuyendau.records.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("new/", views.new, name="new"),
    path("duplicates/", views.pairs, name="pairs"),
    path("duplicates/all/", views.batch, name="batch"),
    path("duplicates/all/run/", views.run_batch, name="run_batch"),
    path("duplicates/<str:public_id>/", views.pair, name="pair"),
    path("duplicates/<str:public_id>/merge/", views.merge, name="merge"),
    path("duplicates/<str:public_id>/apart/", views.apart, name="apart"),
    path("merges/", views.merges, name="merges"),
    path("merges/<str:public_id>/undo/", views.undo, name="undo"),
    path("merges/batch/<str:public_id>/undo/", views.undo_batch, name="undo_batch"),
    path("<str:public_id>/", views.person, name="detail"),
    path("<str:public_id>/edit/", views.edit, name="edit"),
    path("<str:public_id>/assign/", views.assign, name="assign"),
    path("<str:public_id>/end/", views.end, name="end"),
]
