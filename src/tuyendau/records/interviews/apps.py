from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "tuyendau.records.interviews"
    label = "interviews"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries.words import name_kinds
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.records.interviews.actions import keeping, merging, turning
        from tuyendau.records.interviews.queries import live, words

        name_kinds(words.KINDS)
        register(live.notices, *live.TOLD_OF)
        keep(keeping.KEEPING)
        subscribe("case.confirmed", turning.on_confirmed)
        subscribe("person.merged", merging.on_merged)
        subscribe("person.unmerged", merging.on_unmerged)
