"""Follow-up of contacts and cases: schedules by the regime in force, each day's worklist, what was found."""

from django.urls import path

from tuyendau.records.followup import views

app_name = "followup"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("sheet/", views.sheet, name="sheet"),
    path("hand-out/", views.hand_out, name="hand_out"),
    path("person/<str:person_id>/", views.of_person, name="of_person"),
    path("new/<str:person_id>/", views.open_one, name="open"),
    path("check/<str:public_id>/undo/", views.undo, name="undo"),
    path("check/<str:public_id>/correct/", views.correct, name="correct"),
    path("<str:public_id>/", views.detail, name="detail"),
    path("<str:public_id>/check/", views.check, name="check"),
    path("<str:public_id>/tap/<str:result>/", views.well, name="tap"),
    path("<str:public_id>/alarm/", views.alarm, name="alarm"),
    path("<str:public_id>/end/", views.end, name="end"),
    path("<str:public_id>/regime/", views.regime, name="regime"),
    path("<str:public_id>/take/", views.take, name="take"),
]
