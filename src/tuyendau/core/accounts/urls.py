"""Sign-in and out, the user's own settings."""

from allauth.account import views as allauth_views
from django.urls import path

from tuyendau.core.accounts import views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("language/", views.set_language, name="set_language"),
]
