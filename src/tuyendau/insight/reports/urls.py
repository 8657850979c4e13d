"""Reports: those that the law asks for of each case."""

from django.urls import path

from tuyendau.insight.reports import views

app_name = "reports"
urlpatterns = [
    path("cases/", views.notifications, name="notifications"),
    path("cases/send/", views.notify_many, name="notify_many"),
    path("cases/acknowledge/", views.answer_many, name="answer_many"),
    path("cases/<str:case_id>/", views.notification, name="notification"),
    path("cases/<str:case_id>/print/", views.notification_paper, name="notification_paper"),
    path("cases/<str:case_id>/send/", views.notify, name="notify"),
    path("cases/<str:case_id>/answer/", views.answer, name="answer"),
    path("cases/<str:case_id>/state/", views.of_case, name="of_case"),
]
