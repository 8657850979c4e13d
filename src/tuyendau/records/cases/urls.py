"""The line list, the pages of a case, and those of samples, which have a name of their own in the menu."""

from django.urls import path

from tuyendau.records.cases import views
from tuyendau.records.cases.views import editing, samples

app_name = "cases"
urlpatterns = [
    path("", views.line_list, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.enter, name="enter"),
    path("bulk/", views.bulk, name="bulk"),
    path("sites/", views.sites, name="sites"),
    path("person/<str:person_id>/", views.of_person, name="of_person"),
    path("new/<str:person_id>/", views.report, name="new"),
    path("diseases/<str:code>/", editing.disease_page, name="disease"),
    path("<str:public_id>/", views.detail, name="detail"),
    path("<str:public_id>/edit/", editing.edit, name="edit"),
    path("<str:public_id>/definition/", editing.definition, name="definition"),
    path("<str:public_id>/presence/", views.presence, name="presence"),
    path("<str:public_id>/classify/<str:status>/", views.classify, name="classify"),
]

of_samples = (
    [
        path("", samples.samples, name="list"),
        path("print/", samples.samples_print, name="print"),
        path("results/", samples.results_quick, name="quick"),
        path("person/<str:person_id>/", samples.samples_of_person, name="of_person"),
        path("new/<str:person_id>/", samples.sample_new, name="new"),
        path("<str:public_id>/", samples.sample, name="detail"),
        path("<str:public_id>/results/", samples.result_new, name="result"),
        path("<str:public_id>/results/<str:result_id>/correct/", samples.result_correct, name="correct"),
        path("<str:public_id>/results/<str:result_id>/decide/", samples.result_decide, name="decide"),
    ],
    "samples",
)
