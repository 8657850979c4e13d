from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tuyendau.records.orders"
    label = "orders"
