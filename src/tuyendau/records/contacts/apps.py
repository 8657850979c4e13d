from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "tuyendau.records.contacts"
    label = "contacts"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.records.contacts.actions import events

        subscribe("case.confirmed", events.on_confirmed)
        subscribe("case.dates_corrected", events.on_dates_corrected)
        subscribe("case.discarded", events.on_discarded)
