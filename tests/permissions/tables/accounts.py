from tests.permissions.route import EVERYONE, Route
from tests.permissions.tables.map import SEE_MAP

# Signing in and out, and what leads there.
OPEN = {
    "account_login", "account_logout", "account_inactive", "set_language", "api:api-root", "mfa_authenticate",
    "mfa_login_webauthn",
}  # fmt: skip

ADMINISTER = frozenset({"province_administrator"})
DEVICES = frozenset({"province_administrator", "company_officer", "park_manager"})

ROUTES: dict[str, Route] = {
    "api:me": Route(EVERYONE),
    "api:openapi-json": Route(EVERYONE),
    "api:openapi-view": Route(EVERYONE),
    # One's own account. Nobody of this world has a second factor: what needs one is not there, or leads elsewhere.
    "account_reauthenticate": Route(EVERYONE),
    "account_change_password": Route(EVERYONE),
    "account_session": Route(EVERYONE),
    "account_end_sessions": Route(EVERYONE, post={}, answer=302),
    "mfa_index": Route(EVERYONE),
    "mfa_reauthenticate": Route(EVERYONE, answer=302),
    "mfa_reauthenticate_webauthn": Route(EVERYONE, answer=302),
    "mfa_activate_totp": Route(EVERYONE),
    "mfa_deactivate_totp": Route(EVERYONE, answer=404),
    "mfa_view_recovery_codes": Route(EVERYONE, answer=404),
    "mfa_generate_recovery_codes": Route(EVERYONE),
    "mfa_download_recovery_codes": Route(EVERYONE, answer=404),
    "mfa_list_webauthn": Route(EVERYONE),
    "mfa_add_webauthn": Route(EVERYONE),
    "mfa_remove_webauthn": Route(EVERYONE, then=("1",), answer=404),
    "mfa_edit_webauthn": Route(EVERYONE, then=("1",), answer=404),
    # Keys of one's own tools, for whoever sees the map.
    "toolkeys:list": Route(SEE_MAP),
    "toolkeys:new": Route(SEE_MAP, post={}, answer=422),
    "toolkeys:revoke": Route(EVERYONE, then=("none",), post={}, answer=302),
    # Users of the administrator's province.
    "accounts:users": Route(ADMINISTER),
    "accounts:new": Route(ADMINISTER),
    "accounts:places": Route(ADMINISTER),
    "accounts:user": Route(ADMINISTER, "user"),
    "accounts:give_role": Route(ADMINISTER, "user", post={}, answer=422),
    "accounts:change_role": Route(ADMINISTER, "user", ("1", "end"), post={}, answer=302),
    "accounts:change": Route(ADMINISTER, "user", ("sign-out",), post={}, answer=302),
    # Devices at the sites that one manages.
    "devices:list": Route(DEVICES),
    "devices:new": Route(DEVICES),
    "devices:device": Route(DEVICES, "device"),
    "devices:new_key": Route(DEVICES, "device", post={}),
    "devices:revoke_key": Route(DEVICES, "device", ("none",), post={}, answer=302),
    "devices:close": Route(DEVICES, "device", post={}, answer=302),
}
