from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChainsConfig(AppConfig):
    name = "tuyendau.records.chains"
    label = "chains"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries import name_kinds
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.records.chains.actions import events, keeping
        from tuyendau.records.chains.queries import live

        for kind in events.OF_A_CASE:
            subscribe(kind, events.on_case)
        subscribe("cases.imported", events.on_imported)
        subscribe("contacts.reported", events.on_named)
        subscribe("chains.published", events.on_published)
        subscribe("person.merged", events.on_person)
        subscribe("person.unmerged", events.on_person)
        register(live.notices, *live.TOLD_OF_CHAINS)
        keep(keeping.KEEPING)
        name_kinds(KINDS)


KINDS = {
    "case.chains_read": _("Looked at who infected the case"),
    "chain.decided": _("Decided who infected the case"),
    "chain.rejected": _("Decided who did not infect the case"),
    "chain.withdrawn": _("Took back who infected the case"),
    "chains.computed": _("Computed who infected whom"),
    "chains.exported": _("Took the chains away"),
    "chains.published": _("Took over the links of a published list"),
    "chains.read": _("Looked at the chains"),
}
