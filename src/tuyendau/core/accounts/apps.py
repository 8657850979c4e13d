from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tuyendau.core.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Note what people do with their own sessions, passwords and second factors."""
        from allauth.account.signals import password_changed
        from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
        from django.contrib.auth.signals import user_logged_in

        from tuyendau.core.accounts.actions import signins

        user_logged_in.connect(signins.begin, dispatch_uid="accounts.begin")
        password_changed.connect(signins.password_changed, dispatch_uid="accounts.password_changed")
        authenticator_added.connect(signins.factor_added, dispatch_uid="accounts.factor_added")
        authenticator_removed.connect(signins.factor_removed, dispatch_uid="accounts.factor_removed")
        authenticator_reset.connect(signins.codes_made, dispatch_uid="accounts.codes_made")
