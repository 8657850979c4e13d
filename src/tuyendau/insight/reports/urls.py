"""Reports: of the situation, kept and made every day; and those that the law asks for of each case."""

from django.urls import path

from tuyendau.insight.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("make/", views.make, name="make"),
    path("schedules/", views.schedule, name="schedule"),
    path("schedules/<str:public_id>/end/", views.schedule_end, name="schedule_end"),
    path("<str:public_id>/", views.report, name="report"),
    path("<str:public_id>/comparison/", views.report_comparison, name="report_comparison"),
    path("<str:public_id>/<str:format>/<str:language>/", views.report_file, name="report_file"),
]

of_cases = (
    [
        path("", views.notifications, name="list"),
        path("send/", views.notify_many, name="notify_many"),
        path("acknowledge/", views.answer_many, name="answer_many"),
        path("<str:case_id>/", views.notification, name="detail"),
        path("<str:case_id>/print/", views.notification_paper, name="paper"),
        path("<str:case_id>/send/", views.notify, name="notify"),
        path("<str:case_id>/answer/", views.answer, name="answer"),
        path("<str:case_id>/state/", views.of_case, name="of_case"),
    ],
    "notifications",
)
"""The reports of cases to the level above."""
