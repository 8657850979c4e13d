from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "tuyendau.records.contacts"
    label = "contacts"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries.words import name_kinds
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.records.cases.queries import beside as line_list
        from tuyendau.records.cases.queries.columns import add_columns
        from tuyendau.records.contacts.actions import events, keeping, merging
        from tuyendau.records.contacts.queries import beside, live, words

        name_kinds(words.KINDS)
        subscribe("case.confirmed", events.on_confirmed)
        subscribe("case.dates_corrected", events.on_dates_corrected)
        subscribe("case.discarded", events.on_discarded)
        for each in keeping.KEEPINGS:
            keep(each)
        line_list.add(beside.LOADERS, beside.FILTERS)
        add_columns(*beside.COLUMNS)
        register(live.notices, *live.TOLD_OF_CONTACTS)
        subscribe("person.merged", merging.on_merged)
        subscribe("person.unmerged", merging.on_unmerged)
