from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tuyendau.core.accounts"
    label = "accounts"
