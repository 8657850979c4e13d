from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tuyendau.records.orders"
    label = "orders"

    def ready(self) -> None:
        from tuyendau.core.audit.actions import subscribe
        from tuyendau.core.audit.queries import name_kinds
        from tuyendau.core.live.queries import register
        from tuyendau.core.retention.queries import register as keep
        from tuyendau.records.cases.queries import beside as line_list
        from tuyendau.records.cases.queries.columns import add_columns
        from tuyendau.records.orders.actions import keeping, merging
        from tuyendau.records.orders.queries import beside, live, words

        subscribe("person.merged", merging.on_merged)
        subscribe("person.unmerged", merging.on_unmerged)
        keep(keeping.KEEPING)
        name_kinds(words.KINDS)
        line_list.add(beside.LOADERS, {})
        add_columns(*beside.COLUMNS)
        register(live.notices, *live.TOLD_OF_ORDERS)
