from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "tuyendau.insight.reports"
    label = "reports"

    def ready(self) -> None:
        from tuyendau.core.audit.queries import name_kinds
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.insight.reports.actions.keeping import KEEPING
        from tuyendau.insight.reports.queries import live, words

        keep(KEEPING)
        name_kinds(words.KINDS)
        register(live.notices, *live.TOLD_OF_NOTIFICATIONS)
