from django.urls import path

from tuyendau.response.care import views

app_name = "care"
urlpatterns = [
    path("", views.patient_list, name="list"),
    path("export/", views.export, name="export"),
    path("facilities/", views.facility_list, name="facilities"),
    path("find/", views.find, name="find"),
    path("person/<str:person_id>/", views.of_person, name="of_person"),
    path("admit/<str:person_id>/", views.admit, name="admit"),
    path("transfers/", views.transfer_list, name="transfers"),
    path("transfers/<str:public_id>/", views.transfer, name="transfer"),
    path("transfers/<str:public_id>/accept/", views.accept, name="accept"),
    path("transfers/<str:public_id>/refuse/", views.refuse, name="refuse"),
    path("transfers/<str:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("transfers/<str:public_id>/arrive/", views.arrive, name="arrive"),
    path("assessments/<str:public_id>/correct/", views.correct, name="correct"),
    path("<str:public_id>/", views.detail, name="detail"),
    path("<str:public_id>/assess/<str:level>/", views.assess, name="assess"),
    path("<str:public_id>/change/", views.change, name="change"),
    path("<str:public_id>/end/", views.end, name="end"),
    path("<str:public_id>/cancel/", views.cancel, name="cancel"),
    path("<str:public_id>/reopen/", views.reopen, name="reopen"),
    path("<str:public_id>/transfer/", views.propose, name="propose"),
    path("<str:public_id>/history/", views.history, name="history"),
]
