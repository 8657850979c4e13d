"""Reports: of the situation, kept and made every day; and those that the law asks for of each case."""

from django.urls import path

from tuyendau.insight.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("make/", views.make, name="make"),
    path("schedules/", views.schedule, name="schedule"),
    path("schedules/<str:public_id>/end/", views.schedule_end, name="schedule_end"),
    path("cases/", views.notifications, name="notifications"),
    path("cases/send/", views.notify_many, name="notify_many"),
    path("cases/acknowledge/", views.answer_many, name="answer_many"),
    path("cases/<str:case_id>/", views.notification, name="notification"),
    path("cases/<str:case_id>/print/", views.notification_paper, name="notification_paper"),
    path("cases/<str:case_id>/send/", views.notify, name="notify"),
    path("cases/<str:case_id>/answer/", views.answer, name="answer"),
    path("cases/<str:case_id>/state/", views.of_case, name="of_case"),
    path("<str:public_id>/", views.report, name="report"),
    path("<str:public_id>/comparison/", views.report_comparison, name="report_comparison"),
    path("<str:public_id>/<str:format>/<str:language>/", views.report_file, name="report_file"),
]
