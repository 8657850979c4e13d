from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "tuyendau.records.contacts"
    label = "contacts"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries.words import name_kinds
        from tuyendau.core.lists.queries import register as register_list
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.records.cases.queries import beside as line_list
        from tuyendau.records.cases.queries.columns import add_columns
        from tuyendau.records.contacts.actions import events, keeping, late, merging
        from tuyendau.records.contacts.queries import beside, live, words
        from tuyendau.records.contacts.queries.columns import CONTACTS
        from tuyendau.records.visits.actions import publishing

        name_kinds(words.KINDS)
        register_list(CONTACTS)
        subscribe("case.confirmed", events.on_confirmed)
        subscribe("case.dates_corrected", events.on_dates_corrected)
        subscribe("case.discarded", events.on_discarded)
        for kind in ("visit.told", "visit.corrected", "visit.removed"):
            subscribe(kind, late.on_visit)
        publishing.call_before_forgetting(late.keep_late)
        for each in keeping.KEEPINGS:
            keep(each)
        line_list.add(beside.LOADERS, beside.FILTERS)
        add_columns(*beside.COLUMNS)
        register(live.notices, *live.TOLD_OF_CONTACTS)
        subscribe("person.merged", merging.on_merged)
        subscribe("person.unmerged", merging.on_unmerged)
