"""Sign-in and out, one's own account; users; devices."""

from allauth.account import views as allauth_views
from django.urls import include, path

from tuyendau.core.accounts.views import devices, own, toolkeys, users

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("language/", own.set_language, name="set_language"),
    path("session/", own.session_left, name="account_session"),
    path("sessions/end/", own.end_sessions, name="account_end_sessions"),
    path("2fa/", own.own_account, name="mfa_index"),
    path("2fa/", include("allauth.mfa.urls")),
]

user_urls = (
    [
        path("", users.users, name="users"),
        path("new/", users.new_user, name="new"),
        path("places/", users.places, name="places"),
        path("<str:public_id>/", users.user, name="user"),
        path("<str:public_id>/roles/", users.give_role, name="give_role"),
        path("<str:public_id>/roles/<int:number>/<str:act>/", users.change_role, name="change_role"),
        path("<str:public_id>/<str:act>/", users.change, name="change"),
    ],
    "accounts",
)

device_urls = (
    [
        path("", devices.devices, name="list"),
        path("new/", devices.new_device, name="new"),
        path("<str:public_id>/", devices.device, name="device"),
        path("<str:public_id>/keys/", devices.new_key, name="new_key"),
        path("<str:public_id>/keys/<str:key_id>/revoke/", devices.revoke_key, name="revoke_key"),
        path("<str:public_id>/close/", devices.close, name="close"),
    ],
    "devices",
)

tool_key_urls = (
    [
        path("", toolkeys.tool_keys, name="list"),
        path("new/", toolkeys.new_tool_key, name="new"),
        path("<str:key_id>/revoke/", toolkeys.revoke_tool_key, name="revoke"),
    ],
    "toolkeys",
)
