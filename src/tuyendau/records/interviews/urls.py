"""Interviews of cases, epidemiological milestones, and self-declaration forms."""

from django.urls import path

from tuyendau.records.interviews import views

app_name = "interviews"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("case/<str:case_id>/", views.of_case, name="of_case"),
    path("milestones/", views.milestones, name="milestones"),
    path("milestones/case/<str:case_id>/", views.milestones_of_case, name="milestones_of_case"),
    path("milestones/<str:public_id>/", views.milestone, name="milestone"),
    path("milestones/<str:public_id>/state/", views.milestone_state, name="milestone_state"),
    path("milestones/<str:public_id>/notice/", views.notice, name="notice"),
    path("forms/case/<str:case_id>/", views.forms_of_case, name="forms_of_case"),
    path("forms/case/<str:case_id>/print/", views.print_forms, name="print_forms"),
    path("forms/person/<str:person_id>/", views.declare, name="declare"),
    path("forms/person/<str:person_id>/print/", views.print_form, name="print_form"),
    path("forms/<str:public_id>/remove/", views.remove_declaration, name="remove_declaration"),
    path("<str:public_id>/save/", views.save, name="save"),
    path("<str:public_id>/choose/", views.choose, name="choose"),
    path("<str:public_id>/judge/", views.judge, name="judge"),
    path("<str:public_id>/confirm-day/", views.confirm_day, name="confirm_day"),
    path("<str:public_id>/stay/", views.add_stay, name="add_stay"),
    path("<str:public_id>/stay/<str:stay_id>/drop/", views.drop_stay, name="drop_stay"),
    path("<str:public_id>/found/", views.found_people, name="found_people"),
    path("<str:public_id>/name/", views.name_person, name="name_person"),
    path("<str:public_id>/named/<str:named_id>/drop/", views.unname, name="unname"),
    path("<str:public_id>/complete/", views.finish, name="finish"),
    path("<str:public_id>/take-up/", views.take_up, name="take_up"),
    path("<str:public_id>/sheet/", views.sheet, name="sheet"),
    path("<str:public_id>/<str:step>/", views.step, name="step"),
]
