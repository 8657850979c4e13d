"""The contact list of a case, and a person's part in others' lists."""

from django.urls import path

from tuyendau.records.contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.across, name="list"),
    path("file/", views.export_across, name="export_list"),
    path("named/", views.link, name="link"),
    path("named/<str:public_id>/end/", views.unlink, name="unlink"),
    path("decided/<str:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("one/<str:public_id>/", views.contact, name="contact"),
    path("one/<str:public_id>/decide/", views.judge, name="judge"),
    path("case/<str:public_id>/", views.list_of_case, name="list_of_case"),
    path("case/<str:public_id>/summary/", views.summary_of_case, name="summary_of_case"),
    path("case/<str:public_id>/changes/", views.changes, name="changes"),
    path("case/<str:public_id>/seen/", views.seen, name="seen"),
    path("case/<str:public_id>/f<int:degree>/", views.further_of_case, name="further_of_case"),
    path("case/<str:public_id>/trace/", views.trace_again, name="trace_again"),
    path("case/<str:public_id>/export.xlsx", views.export, name="export"),
    path("person/<str:person_id>/", views.of_person, name="of_person"),
]
