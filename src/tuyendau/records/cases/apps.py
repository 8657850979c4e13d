from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tuyendau.records.cases"
    label = "cases"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.lists.queries import register as register_list
        from tuyendau.core.lists.queries import register_act
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.records.cases import actions, queries
        from tuyendau.records.cases.actions import many
        from tuyendau.records.cases.actions.keeping import KEEPING
        from tuyendau.records.cases.queries.columns import line_columns
        from tuyendau.records.cases.queries.isolated import isolated_since
        from tuyendau.records.cases.queries.live import TOLD_OF_SAMPLES, sample_notices
        from tuyendau.records.visits.queries import apart

        apart.register(isolated_since)
        keep(KEEPING)
        register(sample_notices, *TOLD_OF_SAMPLES)
        register_list(line_columns())
        for act in many.ACTS:
            register_act("cases", act)
        register(queries.notices, *queries.TOLD_OF_CASES)
        subscribe("person.merged", actions.on_merged)
        subscribe("person.unmerged", actions.on_unmerged)
