from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "tuyendau.response.care"
    label = "care"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries import name_kinds
        from tuyendau.core.lists.queries import register as register_list
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.response.care.actions import events, keeping
        from tuyendau.response.care.queries import live, words
        from tuyendau.response.care.queries.columns import patient_columns

        for kind in ("case.reported", "case.confirmed", "case.suspected"):
            subscribe(kind, events.on_case)
        subscribe("person.merged", events.on_merged)
        subscribe("person.unmerged", events.on_unmerged)
        keep(keeping.KEEPING)
        name_kinds(words.KINDS)
        register_list(patient_columns())
        register(live.stay_notices, *live.TOLD_OF_STAYS)
        register(live.transfer_notices, *live.TOLD_OF_TRANSFERS)
