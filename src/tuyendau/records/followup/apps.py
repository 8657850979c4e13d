from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    name = "tuyendau.records.followup"
    label = "followup"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries import name_kinds
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.records.followup.actions import events, keeping, merging, samples
        from tuyendau.records.followup.queries import live, words

        for kind in events.OF_A_CASE:
            subscribe(kind, events.on_list_changed)
        subscribe("case.discarded", events.on_discarded)
        subscribe("sample.taken", samples.on_sample)
        subscribe("result.recorded", samples.on_result)
        subscribe("person.merged", merging.on_merged)
        subscribe("person.unmerged", merging.on_unmerged)
        keep(keeping.KEEPING)
        name_kinds(words.KINDS)
        register(live.notices, *live.TOLD_OF_FOLLOW_UP)
