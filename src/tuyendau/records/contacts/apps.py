from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "tuyendau.records.contacts"
    label = "contacts"
